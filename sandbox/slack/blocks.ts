// Block Kit's limits. A message that Slack would refuse must be refused here as well, with the place of the fault.
// https://docs.slack.dev/reference/block-kit/blocks and the limits stated in @slack/types
import { z } from 'zod';

const upTo = (max: number) =>
  z
    .string()
    .min(1, 'must be more than 0 characters')
    .max(max, `must be less than ${max + 1} characters`);
const text = (max: number) => z.object({ type: z.enum(['plain_text', 'mrkdwn']), text: upTo(max) });
const plain = (max: number) => z.object({ type: z.literal('plain_text'), text: upTo(max) });
const few = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item).min(1).max(max, `no more than ${max} items allowed`);

const Button = z.object({
  type: z.literal('button'),
  text: plain(75),
  action_id: upTo(255).optional(),
  value: upTo(2000).optional(),
  url: upTo(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: upTo(75).optional(),
  confirm: z.object({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) }).optional(),
});
const base = z.object({ block_id: upTo(255).optional() });
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
  error.issues.map(
    ({ path, message }) =>
      `${message} [json-pointer:/blocks${path.map((part) => `/${String(part)}`).join('')}]`,
  );
