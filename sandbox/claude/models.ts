// What the Models API tells of the models that the stand-in knows. It must never promise what the stand-in refuses for another
// reason than that nobody here needs it. https://platform.claude.com/docs/en/api/models
import type { CapabilitySupport, ModelInfo } from '@anthropic-ai/sdk/resources/models';

/** Ids the stand-in knows; the real list is in the SDK's types. */
export const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-opus-5', 'claude-sonnet-5'];
export const MOST_INPUT = 1_000_000;
export const MOST_OUTPUT = 128_000;

const can: CapabilitySupport = { supported: true };
const cannot: CapabilitySupport = { supported: false };
/** Thinking of these cannot be switched off. */
const alwaysThinks = new Set(['claude-opus-5-5']);

export const infoOf = (id: string): ModelInfo => ({
  ...{ type: 'model', id, display_name: id, line: id.includes('opus') ? 'opus' : 'sonnet' },
  ...{ created_at: '2026-10-07T00:00:00Z', lifecycle: 'active', deprecated_at: null, retires_at: null },
  ...{ max_input_tokens: MOST_INPUT, max_tokens: MOST_OUTPUT },
  capabilities: {
    ...{ batch: can, citations: can, code_execution: can, image_input: can, pdf_input: can },
    ...{ structured_outputs: can, server_tools: { supported: true, code_execution: can, web_search: can } },
    context_management: {
      ...{ supported: true, clear_thinking_20251015: can, clear_tool_uses_20250919: can },
      compact_20260112: can,
    },
    effort: { supported: true, low: can, medium: can, high: can, xhigh: can, max: can },
    thinking: {
      supported: true,
      types: {
        ...{ adaptive: can, between_tools: cannot, enabled: cannot },
        disabled: alwaysThinks.has(id) ? cannot : can,
      },
    },
  },
});
