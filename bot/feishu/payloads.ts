import { z } from 'zod';
import { isOldCard, type Payload } from './door.ts';

/** Feishu's payloads as the SDK's dispatcher hands them over, as far as we use them. */
const idSchema = z.string().min(1).max(255);

/** https://open.feishu.cn/document/feishu-cards/card-callback-communication */
const clickSchema = z.object({
  operator: z.object({ open_id: idSchema }),
  context: z.object({ open_message_id: idSchema }),
  action: z.object({
    value: z.unknown().optional(),
    option: z.string().optional(),
    form_value: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type Click = z.infer<typeof clickSchema>;

/** https://open.feishu.cn/document/ukTMukTMukTM/uYzM3QjL2MzN04iNzcDN/configuring-card-callbacks/card-callback-structure */
const oldClickSchema = z
  .object({
    open_id: idSchema,
    open_message_id: idSchema,
    action: clickSchema.shape.action,
  })
  .transform(
    ({ open_id, open_message_id, action }): Click => ({
      operator: { open_id },
      context: { open_message_id },
      action,
    }),
  );

/** https://open.feishu.cn/document/server-docs/im-v1/message/events/receive; what bots write does not match. */
const messageSchema = z.object({
  sender: z.object({ sender_type: z.literal('user'), sender_id: z.object({ open_id: idSchema }) }),
  message: z.object({
    chat_type: z.string(),
    message_type: z.literal('text'),
    content: z.string(),
    mentions: z
      .array(
        z.object({
          key: z.string().min(1),
          name: z.string().default(''),
          mentioned_type: z.string().optional(),
          id: z.object({ user_id: z.string().nullish() }).optional(),
        }),
      )
      .default([]),
  }),
});
type Message = z.infer<typeof messageSchema>;

/** https://open.feishu.cn/document/server-docs/application-v6/bot/menu */
const menuSchema = z.object({
  operator: z.object({ operator_id: z.object({ open_id: idSchema }) }),
  event_key: z.string(),
});

/** https://open.feishu.cn/document/server-docs/im-v1/chat/events/bot_p2p_chat_entered; no last message: for the first time. */
const enteredSchema = z.object({
  operator_id: z.object({ open_id: idSchema }),
  last_message_id: z.string().nullish(),
});

/** Whether a callback of a card is not what Feishu says it sends; events of other kinds are none of ours. */
export function isMalformed(payload: Payload): boolean {
  if (isOldCard(payload)) return !oldClickSchema.safeParse(payload).success;
  return (
    eventTypeOf(payload) === 'card.action.trigger' &&
    !clickSchema.safeParse(payload['event']).success
  );
}

const contentSchema = z.object({ text: z.string() });

/** Words to the bot as the person typed them; null where a group's message is not for it. */
function wordsOf({ message }: Message): string | null {
  const content = contentSchema.safeParse(parseJson(message.content));
  if (!content.success) return null;
  let text = content.data.text.trim();
  const first = message.mentions.find(({ key }) => startsWithKey(text, key));
  if (first !== undefined && isBot(first)) {
    text = text.slice(first.key.length).trim();
  } else if (message.chat_type !== 'p2p') {
    return null;
  }
  // Longest first, so that @_user_1 is not found in @_user_10.
  const mentions = message.mentions.toSorted((a, b) => b.key.length - a.key.length);
  for (const { key, name } of mentions) text = text.replaceAll(key, `@${name}`);
  return text;
}

function startsWithKey(text: string, key: string): boolean {
  return text.startsWith(key) && !/^\d/.test(text.slice(key.length));
}

/** Only people have a user id. */
function isBot({ mentioned_type: type, id }: Message['message']['mentions'][number]): boolean {
  return type === undefined ? (id?.user_id ?? '') === '' : type === 'bot';
}

/** What somebody did. */
export type Came =
  | { readonly kind: 'click'; readonly click: Click; readonly isOld: boolean }
  | { readonly kind: 'words'; readonly openId: string; readonly text: string };

/** Reads what is listened to; null for everything else. */
export function readEvent(payload: Payload): Came | null {
  if (isOldCard(payload)) {
    const old = oldClickSchema.safeParse(payload);
    return old.success ? { kind: 'click', click: old.data, isOld: true } : null;
  }
  const { event } = payload;
  switch (eventTypeOf(payload)) {
    case 'card.action.trigger': {
      const click = clickSchema.safeParse(event);
      return click.success ? { kind: 'click', click: click.data, isOld: false } : null;
    }
    case 'im.message.receive_v1': {
      const message = messageSchema.safeParse(event);
      const text = message.success ? wordsOf(message.data) : null;
      if (!message.success || text === null) return null;
      return { kind: 'words', openId: message.data.sender.sender_id.open_id, text };
    }
    case 'application.bot.menu_v6': {
      const chosen = menuSchema.safeParse(event);
      if (!chosen.success) return null;
      const { operator, event_key: text } = chosen.data;
      return { kind: 'words', openId: operator.operator_id.open_id, text };
    }
    case 'im.chat.access_event.bot_p2p_chat_entered_v1': {
      const entered = enteredSchema.safeParse(event);
      if (!entered.success || (entered.data.last_message_id ?? '') !== '') return null;
      // Nothing said is answered with what can be said, or with how to be known.
      return { kind: 'words', openId: entered.data.operator_id.open_id, text: '' };
    }
    default:
      return null;
  }
}

function eventTypeOf({ header }: Payload): string {
  const parsed = z.object({ event_type: z.string() }).safeParse(header);
  return parsed.success ? parsed.data.event_type : '';
}

/** What tells a repetition from something new; `otherwise` where Feishu gives it no id. */
export function eventKey(payload: Payload, otherwise: string): string {
  const { header, uuid } = payload;
  const parsed = z.object({ event_id: idSchema }).safeParse(header);
  if (parsed.success) return `event:${parsed.data.event_id}`;
  const old = idSchema.safeParse(uuid);
  return old.success ? `event:${old.data}` : otherwise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
