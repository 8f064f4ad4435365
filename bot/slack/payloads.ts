import { z } from 'zod';
import type { Payload } from './door.ts';

/** Slack's payloads as far as we use them; everything else in them is ignored. */
/** Longer than any name that could be found by it. */
const searchedCharsMax = 500;

const idSchema = z.string().min(1).max(255);

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const clickSchema = z.object({
  user: z.object({ id: idSchema }),
  trigger_id: idSchema.optional(),
  response_url: z.string().optional(),
  view: z.object({ id: idSchema, type: z.string() }).optional(),
  actions: z
    .array(
      z.object({
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});
export type Click = z.infer<typeof clickSchema>;

/** The value behind a clicked button or a chosen menu item. */
export function clickedValue(click: Click): string | undefined {
  const clicked = click.actions[0];
  return clicked?.value ?? clicked?.selected_option?.value;
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const submissionSchema = z.object({
  user: z.object({ id: idSchema }),
  view: z.object({
    id: idSchema,
    private_metadata: z.string(),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
            selected_date: z.string().nullish(),
          }),
        ),
      ),
    }),
  }),
});
export type Submission = z.infer<typeof submissionSchema>;

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export const commandSchema = z.object({
  user_id: idSchema,
  text: z.string().default(''),
  trigger_id: idSchema,
  response_url: z.string(),
});

/** A person's message, to the bot or naming it; edits, deletions and what bots write do not match. */
export const messageSchema = z.object({
  user: idSchema,
  text: z.string(),
  channel: idSchema,
  channel_type: z.string().optional(),
  subtype: z.undefined().optional(),
  bot_id: z.undefined().optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload */
export const suggestionSchema = z.object({
  user: z.object({ id: idSchema }),
  action_id: z.string(),
  value: z.string().max(searchedCharsMax),
});

/** Whom everything comes with, as far as Bolt looks at it before it calls anybody. */
const frameSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  team_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.union([z.boolean(), z.string()]).optional(),
  authorizations: z.array(z.object({ user_id: z.string() })).optional(),
});

const framedSchemas = {
  event_callback: frameSchema.extend({
    event: z.object({
      type: idSchema,
      user: z.union([idSchema, z.object({ id: idSchema })]).optional(),
      channel: z.union([z.string(), z.object({ id: z.string() })]).optional(),
    }),
  }),
  block_actions: frameSchema.extend({
    ...clickSchema.shape,
    actions: z.array(z.object({ action_id: z.string(), type: z.string() })).min(1),
  }),
  view_submission: frameSchema.extend({
    ...submissionSchema.shape,
    view: submissionSchema.shape.view.extend({ callback_id: z.string() }),
  }),
  block_suggestion: frameSchema.extend({ ...suggestionSchema.shape, block_id: z.string() }),
  command: frameSchema.extend({ ...commandSchema.shape, command: z.string() }),
};

/** `unknown`: nothing that is listened to. `malformed`: not what Slack says it sends. */
export function judge(payload: Payload): 'ours' | 'unknown' | 'malformed' {
  const kind = typeof payload['command'] === 'string' ? 'command' : payload['type'];
  const found = Object.entries(framedSchemas).find(([name]) => name === kind);
  if (found === undefined) return 'unknown';
  return found[1].safeParse(payload).success ? 'ours' : 'malformed';
}

/** What tells a repetition from something new; `otherwise` where Slack gives it no id. */
export function eventKey(payload: Payload, otherwise: string): string {
  const { event_id: eventId, trigger_id: triggerId } = payload;
  if (isId(eventId)) return `event:${eventId}`;
  if (isId(triggerId)) return `trigger:${triggerId}`;
  return otherwise;
}

function isId(value: unknown): value is string {
  return idSchema.safeParse(value).success;
}

/** Words as the person typed them: without the mention in front, and without Slack's escapes. */
export function plainWords(text: string): string {
  return text
    .replace(/^\s*<@[A-Z0-9]+(?:\|[^>]*)?>\s*/, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
