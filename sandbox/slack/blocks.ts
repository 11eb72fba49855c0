// Block Kit's limits. A message that Slack would refuse must be refused here as well, with the place of the fault.
// https://docs.slack.dev/reference/block-kit/blocks and the limits stated in @slack/types
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const upTo = (max: number) =>
  z
    .string()
    .min(1, 'must be more than 0 characters')
    .max(max, `must be less than ${max + 1} characters`);
const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: upTo(max), emoji: z.boolean().optional() });
const marked = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: upTo(max), verbatim: z.boolean().optional() });
const text = (max: number) => z.discriminatedUnion('type', [plain(max), marked(max)]);
const few = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item).min(1).max(max, `no more than ${max} items allowed`);

const Button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: upTo(255).optional(),
  value: upTo(2000).optional(),
  url: upTo(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: upTo(75).optional(),
  confirm: z
    .strictObject({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) })
    .optional(),
});
const base = z.strictObject({ block_id: upTo(255).optional() });
const Section = base
  .extend({
    type: z.literal('section'),
    text: text(3000).optional(),
    fields: few(text(2000), 10).optional(),
    accessory: Button.optional(),
  })
  .refine((section) => section.text ?? section.fields, 'missing required field: text or fields');
const Block = z.discriminatedUnion('type', [
  Section,
  base.extend({ type: z.literal('header'), text: plain(150) }),
  base.extend({ type: z.literal('context'), elements: few(text(3000), 10) }),
  base.extend({ type: z.literal('actions'), elements: few(Button, 25) }),
  base.extend({ type: z.literal('divider') }),
]);
/** The block types this stand-in knows; Slack has more, which are refused here as invalid. */
export const Blocks = z.array(Block).max(50, 'no more than 50 items allowed');
export type Blocks = z.infer<typeof Blocks>;
export type Button = z.infer<typeof Button>;

/** Slack's wording of where a block is wrong. */
export const faults = (error: z.ZodError) =>
  error.issues.map((issue) => {
    const told =
      issue.code === 'unrecognized_keys' ? `invalid additional property: ${issue.keys[0]}` : issue.message;
    return `${told} [json-pointer:/blocks${issue.path.map((part) => `/${String(part)}`).join('')}]`;
  });

/** Blocks as Slack gives them back: with ids, and texts that say how they are to be read. */
export const filled = (blocks: Blocks): Blocks =>
  blocks.map((block) =>
    spelled({ ...block, block_id: block.block_id ?? randomBytes(3).toString('base64url') }),
  );

function spelled<T>(part: T): T {
  if (Array.isArray(part)) return part.map(spelled) as T;
  if (typeof part !== 'object' || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, spelled(value)]));
  const { type } = part as { type?: string };
  if (type === 'plain_text') return { emoji: true, ...inner } as T;
  return (type === 'mrkdwn' ? { verbatim: false, ...inner } : inner) as T;
}
