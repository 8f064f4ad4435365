import { z } from 'zod';
import type { Interaction } from '../interaction.ts';
import type { Visit } from '../keeper.ts';
import { decodeFields, decodeFormAction, formCallbackId } from './form.ts';
import {
  clickedValue,
  clickSchema,
  commandSchema,
  messageSchema,
  plainWords,
  submissionSchema,
  type Click,
  type Message,
  type Submission,
} from './payloads.ts';
import type { Payload } from './door.ts';
import { actionIdPrefix, decodeAction } from './render.ts';

/** Where somebody acted, which is where they are answered. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('modal'), viewId: z.string() }),
  z.object({ kind: z.literal('response-url'), url: z.string() }),
  z.object({ kind: z.literal('ephemeral'), channel: z.string() }),
  z.object({ kind: z.literal('direct') }),
  z.object({ kind: z.literal('home') }),
]);
export type Place = z.infer<typeof placeSchema>;

/** Who acted and where. */
export interface Whereabouts {
  readonly slackUserId: string;
  readonly place: Place;
}

export function whereClicked(click: Click): Whereabouts {
  return { slackUserId: click.user.id, place: placeOfClick(click) };
}

/** A click inside a modal is answered in that modal. */
function placeOfClick({ view, response_url: url }: Click): Place {
  if (view?.type === 'modal') return { kind: 'modal', viewId: view.id };
  return url === undefined ? { kind: 'direct' } : { kind: 'response-url', url };
}

export function clickOf(click: Click): Interaction | null {
  const action = decodeAction(clickedValue(click));
  return action === null ? null : { kind: 'button', action };
}

export function formOf({ view }: Submission): Interaction | null {
  const action = decodeFormAction(view.private_metadata);
  return action === null ? null : { kind: 'form', action, fields: decodeFields(view.state.values) };
}

export function wordsOf({ text }: { readonly text: string }): Interaction {
  return { kind: 'words', text: plainWords(text) };
}

export function whereSaid({ user, channel, channel_type: type }: Message): Whereabouts {
  const place: Place = type === 'im' ? { kind: 'direct' } : { kind: 'ephemeral', channel };
  return { slackUserId: user, place };
}

/** Clicks that lead to a form or something to read: their modal is opened at once, before it is known what it says. */
export function opensModal(interaction: Interaction | null): boolean {
  return (
    interaction?.kind === 'button' &&
    (interaction.action.kind.startsWith('open-') || interaction.action.kind.startsWith('show-'))
  );
}

/** Who acted, where, and what is kept of it until it is done; null for what nobody is told about. */
export interface Read {
  readonly whereabouts: Whereabouts;
  /** Null for what only opens something: the id that opens it is good for three seconds. */
  readonly visit: Visit | null;
}

/** Reads what Slack sent as far as it has to be known before it is acknowledged. */
export function readVisit(payload: Payload): Read | null {
  if (typeof payload['command'] === 'string') {
    const command = commandSchema.safeParse(payload);
    if (!command.success) return null;
    const { user_id: slackUserId, response_url: url } = command.data;
    return read({ slackUserId, place: { kind: 'response-url', url } }, wordsOf(command.data));
  }
  switch (payload['type']) {
    case 'block_actions':
      return readClick(payload);
    case 'view_submission':
      return readSubmission(payload);
    case 'event_callback':
      return readMessage(payload['event']);
    default:
      return null;
  }
}

const ourActionSchema = z.object({
  actions: z.array(z.object({ action_id: z.string().startsWith(actionIdPrefix) })).min(1),
});

function readClick(payload: Payload): Read | null {
  const click = clickSchema.safeParse(payload);
  if (!click.success || !ourActionSchema.safeParse(payload).success) return null;
  return read(whereClicked(click.data), clickOf(click.data));
}

const ourViewSchema = z.object({ view: z.object({ callback_id: z.literal(formCallbackId) }) });

function readSubmission(payload: Payload): Read | null {
  const submission = submissionSchema.safeParse(payload);
  if (!submission.success || !ourViewSchema.safeParse(payload).success) return null;
  const { user, view } = submission.data;
  const place = { kind: 'modal', viewId: view.id } as const;
  return read({ slackUserId: user.id, place }, formOf(submission.data));
}

function readMessage(event: unknown): Read | null {
  const message = z
    .union([
      messageSchema.extend({ type: z.literal('message'), channel_type: z.literal('im') }),
      messageSchema.extend({ type: z.literal('app_mention') }),
    ])
    .safeParse(event);
  return message.success ? read(whereSaid(message.data), wordsOf(message.data)) : null;
}

function read(whereabouts: Whereabouts, interaction: Interaction | null): Read {
  const { slackUserId: platformUserId, place } = whereabouts;
  const isKept = interaction !== null && !opensModal(interaction);
  return { whereabouts, visit: isKept ? { platformUserId, interaction, place } : null };
}
