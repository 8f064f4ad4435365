import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventDispatcher } from '@larksuiteoapi/node-sdk';
import { locales } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import type { InboundDependencies, Interaction, Reply } from '../interaction.ts';
import { textsFor } from '../texts/texts.ts';
import { createFeishuClient, silentLogger, type FeishuClientOptions } from './client.ts';
import { isOldCard, passDoor, type FeishuKeys, type Payload } from './door.ts';
import { acknowledgeWithinMs, toastColumnsMax } from './limits.ts';
import {
  clickSchema,
  eventKey,
  isMalformed,
  menuSchema,
  messageSchema,
  oldClickSchema,
  wordsOf,
  type Click,
} from './payloads.ts';
import type { FeishuCard } from './card-json.ts';
import { decodeClick } from './click.ts';
import { renderLine } from './frame.ts';
import { renderReply } from './render.ts';
import { createFeishuSocket } from './socket.ts';

export interface FeishuInboundOptions extends FeishuClientOptions, FeishuKeys {
  /** `websocket`: `start` opens the long connection; requests over HTTP are still checked by the keys. */
  readonly mode: 'webhook' | 'websocket';
  /** How long a click waits for its answer before "working on it" is shown. @default 2000 */
  readonly patienceMs?: number | undefined;
  /** What went wrong with one event; `reference` is what the person was told, if they could be. */
  onError(error: unknown, reference: string): void;
}

export interface FeishuInbound {
  /** Answers POST /feishu/events. Never rejects. */
  handleEvents(request: Request): Promise<Response>;
  /** Answers POST /feishu/cards. Never rejects. */
  handleCards(request: Request): Promise<Response>;
  /** Opens the long connection where that is the mode; rejects where Feishu refuses the app. */
  start(): Promise<void>;
  /** Resolves when no event is being worked on. */
  settled(): Promise<void>;
  /** Closes the long connection and waits up to ten seconds for what is under way. */
  stop(): Promise<void>;
}

const patienceMsDefault = 2_000;
/** After "working on it" went out as a callback's answer, so that the change that follows is not overtaken by it. */
const settleMs = 500;
const stopWithinMs = 10_000;

/** What a callback is answered with: a line that passes, the card in whose place the click stood, or nothing. */
interface CallbackAnswer {
  readonly toast?: { readonly type: 'success' | 'warning' | 'info'; readonly content: string };
  readonly card?: { readonly type: 'raw'; readonly data: FeishuCard };
}

/** What came, and what tells it from what came before. */
interface Arrival {
  readonly payload: Payload;
  readonly eventKey: string;
  /** Of the signed request that brought it; null where none did. */
  readonly signatureKey: string | null;
}

type Receipt =
  | { readonly kind: 'answered'; readonly answer: CallbackAnswer }
  /** The very same signed request came before: a copy, which is refused. */
  | { readonly kind: 'replayed' };

/** Who clicked what, and what they are to hear. */
interface Outcome {
  readonly reply: Reply;
  /** The click stood on a form: the answer takes its place. */
  readonly replaces: boolean;
}

/**
 * The way in from Feishu, over HTTP and the long connection: a strict door, each event once, an answer to every
 * callback within three seconds whatever happens behind it, and replies that only the person sees.
 */
export function createFeishuInbound(
  dependencies: InboundDependencies,
  options: FeishuInboundOptions,
): FeishuInbound {
  const client = createFeishuClient(options);
  const patienceMs = options.patienceMs ?? patienceMsDefault;
  const underWay = new Set<Promise<unknown>>();
  const clicksUnderWay = new Set<string>();
  const dispatcher = new EventDispatcher({ logger: silentLogger }).register({
    'im.message.receive_v1': async (event: unknown) => {
      const message = messageSchema.safeParse(event);
      if (!message.success) return;
      const text = wordsOf(message.data);
      if (text !== null) serveWords(message.data.sender.sender_id.open_id, text);
    },
    'application.bot.menu_v6': async (event: unknown) => {
      const chosen = menuSchema.safeParse(event);
      if (!chosen.success) return;
      serveWords(chosen.data.operator.operator_id.open_id, chosen.data.event_key);
    },
    'card.action.trigger': async (event: unknown) => serveClick(clickSchema.parse(event)),
  });
  const socket =
    options.mode === 'webhook'
      ? null
      : createFeishuSocket({
          ...options,
          onPayload: async (payload) => {
            try {
              const key = eventKey(payload, `socket:${randomUUID()}`);
              const receipt = await answerOnce({ payload, eventKey: key, signatureKey: null });
              return receipt.kind === 'answered' ? receipt.answer : {};
            } catch (error) {
              options.onError(error, newReference());
              throw error;
            }
          },
          onError: (error) => options.onError(error, newReference()),
        });

  function track(work: Promise<unknown>): Promise<unknown> {
    const tracked = work
      .catch((error: unknown) => options.onError(error, newReference()))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  }

  /**
   * What goes back to Feishu in time. Rejects where the event should be sent again; a callback never is, so it is
   * always answered, and what takes longer is told afterwards.
   */
  async function answerOnce(arrival: Arrival): Promise<Receipt> {
    const place = placeOfClick(arrival.payload);
    if (place === null) return inTime(receive(arrival));
    const work = receive(arrival).catch((error: unknown) => answered(excuse(error)));
    const receipt = await orAfter(patienceMs, work);
    if (receipt !== null) return receipt;
    void track(work.then((late) => answerLate(place, late)));
    const working = inAllLanguages((texts) => texts.working);
    // A form in work gives way, so that it is not submitted twice.
    return answered({
      ...toast('info', working),
      ...(place.replaces ? replacement(renderLine(working)) : {}),
    });
  }

  async function inTime(work: Promise<Receipt>): Promise<Receipt> {
    const receipt = await orAfter(acknowledgeWithinMs, work);
    if (receipt !== null) return receipt;
    void track(work);
    throw new Error('An event was not recorded in time; Feishu will send it again.');
  }

  /** A line for whoever clicked, in place of what went wrong. */
  function excuse(error: unknown): CallbackAnswer {
    const reference = newReference();
    options.onError(error, reference);
    return toast(
      'warning',
      inAllLanguages((texts) => texts.failed(reference)),
    );
  }

  /** What Feishu itself sends again is signed anew: it is acknowledged, and nothing is done. */
  async function receive({ payload, eventKey: key, signatureKey }: Arrival): Promise<Receipt> {
    if (await isReplayed(signatureKey)) return { kind: 'replayed' };
    if (!(await dependencies.acceptOnce('feishu', key))) return answered({});
    if (isOldCard(payload)) {
      await answerOldClick(oldClickSchema.parse(payload));
      return answered({});
    }
    const answer: unknown = await dispatcher.invoke(payload, { needCheck: false });
    // For events that nobody listens to, the SDK answers with a sentence.
    return answered(typeof answer === 'object' && answer !== null ? answer : {});
  }

  async function isReplayed(signatureKey: string | null): Promise<boolean> {
    if (signatureKey === null) return false;
    if (await dependencies.acceptOnce('feishu', `signature:${signatureKey}`)) return false;
    await dependencies.refuseAtDoor('feishu', 'a request that was replayed');
    return true;
  }

  /** Old callbacks are answered with a card of another kind: the reply goes into the conversation. */
  async function answerOldClick(click: Click): Promise<void> {
    const outcome = await workOnClick(click);
    if (outcome !== null) await tell(click.operator.open_id, renderReply(outcome.reply));
  }

  async function handle(request: Request): Promise<Response> {
    try {
      const decision = await passDoor(request, options, dependencies.now());
      switch (decision.kind) {
        case 'refused':
          await dependencies.refuseAtDoor('feishu', decision.reason);
          return new Response(null, { status: decision.status });
        case 'challenge':
          return Response.json({ challenge: decision.challenge });
        case 'passed': {
          const { payload, requestKey, isSigned } = decision;
          if (isMalformed(payload)) {
            await dependencies.refuseAtDoor('feishu', 'a callback that is not what Feishu sends');
            return new Response(null, { status: 400 });
          }
          const receipt = await answerOnce({
            payload,
            eventKey: eventKey(payload, `request:${requestKey}`),
            signatureKey: isSigned ? requestKey : null,
          });
          if (receipt.kind === 'replayed') return new Response(null, { status: 401 });
          return Response.json(receipt.answer);
        }
      }
    } catch (error) {
      options.onError(error, newReference());
      return new Response(null, { status: 500 });
    }
  }

  /** Asks what the person may and wants to know; a fault becomes one sentence with a reference. */
  async function ask(person: Person, interaction: Interaction): Promise<Reply> {
    try {
      return await dependencies.interact(person, 'feishu', interaction);
    } catch (error) {
      const reference = newReference();
      options.onError(error, reference);
      return { kind: 'refused', text: textsFor(person.locale).channel.failed(reference) };
    }
  }

  /** The reply to whoever has this open id; never rejects. */
  async function replyTo(
    openId: string,
    interactionFor: (person: Person) => Interaction | null,
  ): Promise<Reply> {
    try {
      const person = await dependencies.findPerson('feishu', openId);
      if (person?.status !== 'active') {
        return { kind: 'refused', text: inAllLanguages((texts) => texts.notLinked(openId)) };
      }
      const interaction = interactionFor(person);
      if (interaction !== null) return await ask(person, interaction);
      return { kind: 'refused', text: textsFor(person.locale).channel.outdated };
    } catch (error) {
      const reference = newReference();
      options.onError(error, reference);
      return { kind: 'refused', text: inAllLanguages((texts) => texts.failed(reference)) };
    }
  }

  async function tell(openId: string, card: FeishuCard): Promise<void> {
    await client.send(openId, card, null);
  }

  function serveWords(openId: string, text: string): void {
    const work = replyTo(openId, () => ({ kind: 'words', text }));
    void track(work.then((reply) => tell(openId, renderReply(reply))));
  }

  /** Null: the same click is being worked on already. */
  async function workOnClick(click: Click): Promise<Outcome | null> {
    const openId = click.operator.open_id;
    const decoded = decodeClick(click.action);
    const same = JSON.stringify([openId, click.context.open_message_id, decoded]);
    if (clicksUnderWay.has(same)) return null;
    clicksUnderWay.add(same);
    try {
      switch (decoded.kind) {
        case 'cancel': {
          const text = textsFor(decoded.locale).channel.cancelled;
          return { reply: { kind: 'refused', text }, replaces: true };
        }
        case 'outdated':
          return { reply: await replyTo(openId, () => null), replaces: false };
        case 'button':
          return { reply: await replyTo(openId, () => decoded), replaces: false };
        case 'form':
          return { reply: await replyTo(openId, () => decoded), replaces: true };
      }
    } finally {
      clicksUnderWay.delete(same);
    }
  }

  async function serveClick(click: Click): Promise<CallbackAnswer> {
    const outcome = await workOnClick(click);
    if (outcome === null)
      return toast(
        'info',
        inAllLanguages((texts) => texts.working),
      );
    const { reply, replaces } = outcome;
    if (replaces) return replacement(renderReply(reply));
    if (isToastable(reply)) return toast(reply.kind === 'done' ? 'success' : 'warning', reply.text);
    try {
      await tell(click.operator.open_id, renderReply(reply));
      return {};
    } catch (error) {
      return excuse(error);
    }
  }

  /** After "working on it": strictly after that answer, or Feishu would drop the change of a card. */
  async function answerLate(place: ClickPlace, receipt: Receipt): Promise<void> {
    const card = receipt.kind === 'answered' ? cardOf(receipt.answer) : null;
    if (card === null) return;
    if (!place.replaces) return tell(place.openId, card);
    await sleep(settleMs);
    try {
      await client.patch(place.messageId, card);
    } catch (error) {
      options.onError(error, newReference());
      await tell(place.openId, card);
    }
  }

  return {
    handleEvents: handle,
    handleCards: handle,
    start: async () => {
      await socket?.start();
    },
    settled,
    stop: async () => {
      await socket?.stop();
      await orAfter(stopWithinMs, settled());
    },
  };
}

/** Where a callback's click stood, and who clicked. */
interface ClickPlace {
  readonly openId: string;
  readonly messageId: string;
  /** On a form: the answer takes its place. */
  readonly replaces: boolean;
}

/** Null for events, and for callbacks that make no sense. */
function placeOfClick(payload: Payload): ClickPlace | null {
  const click = isOldCard(payload)
    ? oldClickSchema.safeParse(payload)
    : clickSchema.safeParse(payload['event']);
  if (!click.success) return null;
  const { operator, context, action } = click.data;
  return {
    openId: operator.open_id,
    messageId: context.open_message_id,
    replaces: decodeClick(action).kind === 'form',
  };
}

/** An answer that came too late to be one, as a message. */
function cardOf({ toast: line, card }: CallbackAnswer): FeishuCard | null {
  if (card !== undefined) return card.data;
  if (line === undefined || line.type === 'info') return null;
  return renderLine(line.type === 'success' ? `✅ ${line.content}` : line.content);
}

function answered(answer: CallbackAnswer): Receipt {
  return { kind: 'answered', answer };
}

function toast(type: 'success' | 'warning' | 'info', content: string): CallbackAnswer {
  return { toast: { type, content } };
}

function replacement(data: FeishuCard): CallbackAnswer {
  return { card: { type: 'raw', data } };
}

/** A toast passes in three seconds: only what is read in them goes there. */
function isToastable(reply: Reply): reply is Extract<Reply, { kind: 'done' | 'refused' }> {
  if (reply.kind !== 'done' && reply.kind !== 'refused') return false;
  return columnsOf(reply.text) <= toastColumnsMax && !reply.text.includes('\n');
}

/** Chinese characters and their signs are twice as wide. */
function columnsOf(text: string): number {
  let columns = 0;
  for (let index = 0; index < text.length; index += 1) {
    columns += text.charCodeAt(index) > 0x2000 ? 2 : 1;
  }
  return columns;
}

/** For people whose language is not known yet. */
function inAllLanguages(text: (texts: ReturnType<typeof textsFor>['channel']) => string): string {
  return locales.map((locale) => text(textsFor(locale).channel)).join('\n');
}

function newReference(): string {
  return randomBytes(4).toString('hex').toUpperCase();
}

/** What a promise resolves with, or null after `ms`. */
async function orAfter<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const timer = new AbortController();
  const timeUp = sleep(ms, null, { signal: timer.signal, ref: false }).catch(() => null);
  return Promise.race([promise, timeUp]).finally(() => timer.abort());
}
