import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { assertNever } from '../../domain/assert-never.ts';
import type { Person } from '../../domain/person.ts';
import {
  isPassing,
  type InboundDependencies,
  type Interaction,
  type Reply,
} from '../interaction.ts';
import { createKeeper, type Arrival, type Served, type Visit } from '../keeper.ts';
import { newReference } from '../reference.ts';
import { inAllLanguages, strangerReason } from '../strangers.ts';
import { createFormat } from '../texts/format.ts';
import { textsFor } from '../texts/texts.ts';
import { createFeishuClient, type FeishuClientOptions } from './client.ts';
import { passDoor, type FeishuKeys, type Payload } from './door.ts';
import { acknowledgeWithinMs, toastColumnsMax } from './limits.ts';
import { eventKey, isMalformed, readEvent, type Came, type Click } from './payloads.ts';
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
interface Received extends Pick<Arrival, 'eventKey' | 'signatureKey'> {
  readonly payload: Payload;
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
  readonly served: Served;
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
  /** The event of each click that is being worked on. */
  const clicksUnderWay = new Map<string, string>();
  const keeper = createKeeper({
    channel: 'feishu',
    events: dependencies.events,
    secret: options.appSecret,
    now: () => dependencies.now(),
    onError: (error) => options.onError(error, newReference()),
    resume,
    giveUp,
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
    do {
      await Promise.allSettled(underWay);
      await keeper.settled();
    } while (underWay.size > 0);
  }

  /**
   * What goes back to Feishu in time. Rejects where the event should be sent again; a callback never is, so it is
   * always answered, and what takes longer is told afterwards.
   */
  async function answerOnce(arrival: Received): Promise<Receipt> {
    const place = placeOfClick(arrival.payload);
    if (place === null) return inTime(receive(arrival));
    const work = receive(arrival).catch((error: unknown) => answered(notTaken(error)));
    const receipt = await orAfter(patienceMs, work);
    if (receipt !== null) return receipt;
    void track(work.then((late) => answerLate(place, late)));
    // A form in work gives way, so that it is not submitted twice.
    const line = inAllLanguages((texts) => texts.working);
    return answered({ ...working(), ...(place.replaces ? replacement(renderLine(line)) : {}) });
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

  /** Nothing was recorded, and Feishu sends no callback again. */
  function notTaken(error: unknown): CallbackAnswer {
    options.onError(error, newReference());
    return toast(
      'warning',
      inAllLanguages((texts) => texts.notTaken),
    );
  }

  function working(): CallbackAnswer {
    return toast(
      'info',
      inAllLanguages((texts) => texts.working),
    );
  }

  /** What Feishu itself sends again is signed anew: it is acknowledged, and nothing is done. */
  async function receive({ payload, ...keys }: Received): Promise<Receipt> {
    const came = readEvent(payload);
    const sameClick = came?.kind === 'click' ? sameAs(came.click) : null;
    const underWayAs = sameClick === null ? undefined : clicksUnderWay.get(sameClick);
    // The same click in haste: the first one is being worked on. A copy of one event is for the keeper to tell.
    const isDouble = underWayAs !== undefined && underWayAs !== keys.eventKey;
    const visit = came === null || isDouble ? null : visitOf(came);
    const isFirst = sameClick !== null && underWayAs === undefined;
    if (isFirst) clicksUnderWay.set(sameClick, keys.eventKey);
    try {
      const turn = await keeper.accept({ ...keys, visit });
      switch (turn.kind) {
        case 'copied':
          await dependencies.refuseAtDoor('feishu', 'a request that was replayed');
          return { kind: 'replayed' };
        case 'repeated':
          return answered({});
        case 'waits':
          return answered(working());
        case 'now': {
          if (came === null) return answered({});
          if (isDouble) return answered(working());
          const actId = visit === null ? undefined : keys.eventKey;
          if (came.kind === 'words') {
            void track(turn.attend(() => serveWords(came.openId, came.text, actId)));
            return answered({});
          }
          let answer: CallbackAnswer = {};
          await turn.attend(async () => {
            const outcome = await workOnClick(came.click, actId);
            answer = await answerTo(came, outcome);
            return outcome.served;
          });
          return answered(answer);
        }
        default:
          return assertNever(turn);
      }
    } finally {
      if (isFirst) clicksUnderWay.delete(sameClick);
    }
  }

  /** Does what was not done when it came. */
  async function resume(visit: Visit, actId: string): Promise<Served> {
    const { platformUserId: openId, interaction } = visit;
    const reply = await replyTo(openId, interaction, actId);
    if (isPassing(reply)) return 'passing';
    const place = placeSchema.safeParse(visit.place);
    const card = renderReply(reply);
    if (place.success && place.data.replaces) await takePlace({ openId, ...place.data }, card);
    else await tell(openId, card);
    return 'done';
  }

  async function giveUp(openId: string, receivedAtMs: number): Promise<void> {
    const person = await dependencies.findPerson('feishu', openId);
    if (person?.status !== 'active') return;
    const when = createFormat(person, dependencies.now()).dateTime(receivedAtMs);
    await tell(openId, renderLine(textsFor(person.locale).channel.givenUp(when)));
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

  /** The reply to whoever has this open id; a fault becomes one sentence with a reference. Never rejects. */
  async function replyTo(
    openId: string,
    interaction: Interaction | null,
    actId?: string,
  ): Promise<Reply> {
    let person: Person | null;
    try {
      person = await dependencies.findPerson('feishu', openId);
    } catch (error) {
      const { text } = failed(error);
      const line = actId === undefined ? text : inAllLanguages((texts) => texts.kept);
      return { kind: 'refused', text: line, isPassing: true };
    }
    if (person === null) await dependencies.meet('feishu', openId, () => client.readEmail(openId));
    if (person?.status !== 'active') {
      await dependencies.refuseAtDoor('feishu', strangerReason(person));
      return { kind: 'refused', text: inAllLanguages((texts) => texts.notLinked(openId)) };
    }
    const texts = textsFor(person.locale).channel;
    if (interaction === null) return { kind: 'refused', text: texts.outdated };
    try {
      const reply = await dependencies.interact(person, 'feishu', interaction, actId);
      // What cannot be done now and is kept is done later, and so it is said.
      return isPassing(reply) && actId !== undefined ? { ...reply, text: texts.kept } : reply;
    } catch (error) {
      return failed(error, texts);
    }
  }

  function failed(error: unknown, texts?: ChannelTexts): Extract<Reply, { kind: 'refused' }> {
    const reference = newReference();
    options.onError(error, reference);
    const text = texts?.failed(reference) ?? inAllLanguages((all) => all.failed(reference));
    return { kind: 'refused', text };
  }

  async function tell(openId: string, card: FeishuCard): Promise<void> {
    await client.send(openId, card, null);
  }

  async function serveWords(openId: string, text: string, actId?: string): Promise<Served> {
    const reply = await replyTo(openId, { kind: 'words', text }, actId);
    await tell(openId, renderReply(reply));
    return isPassing(reply) ? 'passing' : 'done';
  }

  async function workOnClick({ operator, action }: Click, actId?: string): Promise<Outcome> {
    const decoded = decodeClick(action);
    if (decoded.kind === 'cancel') {
      const text = textsFor(decoded.locale).channel.cancelled;
      return { reply: { kind: 'refused', text }, replaces: true, served: 'done' };
    }
    const interaction = decoded.kind === 'outdated' ? null : decoded;
    const reply = await replyTo(operator.open_id, interaction, actId);
    const served = isPassing(reply) && actId !== undefined ? 'passing' : 'done';
    return { reply, replaces: decoded.kind === 'form', served };
  }

  async function answerTo(
    { click, isOld }: Extract<Came, { kind: 'click' }>,
    { reply, replaces }: Outcome,
  ): Promise<CallbackAnswer> {
    const openId = click.operator.open_id;
    // Old callbacks are answered with a card of another kind: the reply goes into the conversation.
    if (isOld) {
      await tell(openId, renderReply(reply));
      return {};
    }
    if (replaces) return replacement(renderReply(reply));
    if (isToastable(reply)) return toast(reply.kind === 'done' ? 'success' : 'warning', reply.text);
    try {
      await tell(openId, renderReply(reply));
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
    await takePlace(place, card);
  }

  async function takePlace(place: ClickPlace, card: FeishuCard): Promise<void> {
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
      keeper.start();
      await socket?.start();
    },
    settled,
    stop: async () => {
      await socket?.stop();
      keeper.stop();
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
  const came = readEvent(payload);
  if (came?.kind !== 'click') return null;
  const { operator, context, action } = came.click;
  return {
    openId: operator.open_id,
    messageId: context.open_message_id,
    replaces: decodeClick(action).kind === 'form',
  };
}

const placeSchema = z.object({ messageId: z.string(), replaces: z.boolean() });

/** What is kept of it until it is done; null for what only opens something, leaves a form or is out of date. */
function visitOf(came: Came): Visit | null {
  if (came.kind === 'words') {
    const { openId: platformUserId, text } = came;
    return { platformUserId, interaction: { kind: 'words', text }, place: null };
  }
  const { operator, context, action } = came.click;
  const decoded = decodeClick(action);
  if (decoded.kind === 'cancel' || decoded.kind === 'outdated') return null;
  if (decoded.kind === 'button' && /^(?:open|show)-/.test(decoded.action.kind)) return null;
  return {
    platformUserId: operator.open_id,
    interaction: decoded,
    place: { messageId: context.open_message_id, replaces: decoded.kind === 'form' },
  };
}

function sameAs({ operator, context, action }: Click): string {
  return JSON.stringify([operator.open_id, context.open_message_id, decodeClick(action)]);
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

type ChannelTexts = ReturnType<typeof textsFor>['channel'];

/** What a promise resolves with, or null after `ms`. */
async function orAfter<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const timer = new AbortController();
  const timeUp = sleep(ms, null, { signal: timer.signal, ref: false }).catch(() => null);
  return Promise.race([promise, timeUp]).finally(() => timer.abort());
}
