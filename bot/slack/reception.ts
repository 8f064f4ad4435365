import { assertNever } from '../../domain/assert-never.ts';
import type { InboundDependencies } from '../interaction.ts';
import type { Arrival, createKeeper, Served } from '../keeper.ts';
import { newReference } from '../reference.ts';
import { inAllLanguages, localeOfStrangers } from '../strangers.ts';
import { passDoor, type DoorDecision, type Payload } from './door.ts';
import { acknowledgeWithinMs } from './limits.ts';
import { eventKey, judge } from './payloads.ts';
import { renderTextView } from './render.ts';
import type { SlackEnvelope } from './socket.ts';
import { readVisit, type Whereabouts } from './visit.ts';

/** What is being worked on, handed through Bolt from the reception to the listener. */
export interface Ongoing {
  /** Undefined where nothing is kept, and nothing can be done again. */
  readonly actId: string | undefined;
  outcome: Served;
  /** The time for an acknowledgement was over before there was an answer. */
  isLate: boolean;
}

/** What is said before it is known who this is. */
export type LineToStrangers = 'working' | 'notTaken';

export interface ReceptionDependencies extends Pick<InboundDependencies, 'now' | 'refuseAtDoor'> {
  /** Verifies requests over HTTP; null where every request is refused. */
  readonly signingSecret: string | null;
  readonly keeper: Pick<ReturnType<typeof createKeeper>, 'accept'>;
  /** Does what came; may acknowledge once, and is acknowledged for where it does not. */
  readonly attend: (
    payload: Payload,
    ongoing: Ongoing,
    acknowledge: (response?: unknown) => Promise<void>,
  ) => Promise<void>;
  readonly say: (whereabouts: Whereabouts, line: LineToStrangers) => Promise<void>;
  readonly onError: (error: unknown, reference: string) => void;
}

export interface Reception {
  /** What came over HTTP. Never rejects. */
  handle(request: Request): Promise<Response>;
  /** What came over the socket; what is not acknowledged, Slack sends again. */
  takeEnvelope(envelope: SlackEnvelope): void;
  /** What is under way now; empty where nothing is. */
  readonly underWay: ReadonlySet<Promise<unknown>>;
}

/** What goes back to Slack, once. */
type Answer =
  | { readonly kind: 'acknowledged'; readonly response?: unknown }
  | { readonly kind: 'refused'; readonly status: 401 | 500 };

/**
 * Takes in what Slack sends, each event once: through the strict door, recorded before it is done, and acknowledged
 * within three seconds whatever happens behind it.
 */
export function createReception(dependencies: ReceptionDependencies): Reception {
  const { signingSecret, keeper, now, refuseAtDoor, attend, say, onError } = dependencies;
  const underWay = new Set<Promise<unknown>>();

  async function track(work: Promise<unknown>): Promise<void> {
    underWay.add(work);
    try {
      await work;
    } catch (error) {
      onError(error, newReference());
    } finally {
      underWay.delete(work);
    }
  }

  /** Calls `respond` once and in time; the work goes on behind it. */
  function receive(
    payload: Payload,
    keys: Pick<Arrival, 'eventKey' | 'signatureKey'>,
    respond: (answer: Answer) => void,
  ): void {
    const found = readVisit(payload);
    const isKept = found !== null && found.visit !== null;
    const ongoing: Ongoing = {
      actId: isKept ? keys.eventKey : undefined,
      outcome: 'done',
      isLate: false,
    };
    let isAnswered = false;
    const answer = (given: Answer): boolean => {
      if (isAnswered) return false;
      isAnswered = true;
      respond(given);
      return true;
    };
    const timer = setTimeout(() => {
      ongoing.isLate = true;
      const isFirst = answer({ kind: 'acknowledged', response: workingAnswer(payload) });
      if (isFirst && found !== null) void track(say(found.whereabouts, 'working'));
    }, acknowledgeWithinMs);

    async function process(): Promise<void> {
      const turn = await keeper.accept({ ...keys, visit: found?.visit ?? null });
      switch (turn.kind) {
        case 'now':
          return turn.attend(async () => {
            await attend(payload, ongoing, async (response) => {
              answer({ kind: 'acknowledged', response });
            });
            return ongoing.outcome;
          });
        case 'waits':
          answer({ kind: 'acknowledged', response: workingAnswer(payload) });
          return;
        case 'repeated':
          answer({ kind: 'acknowledged' });
          return;
        case 'copied':
          await refuseAtDoor('slack', 'a request that was replayed');
          answer({ kind: 'refused', status: 401 });
          return;
        default:
          return assertNever(turn);
      }
    }

    /** Nothing was recorded. Slack sends events again that are not acknowledged, but nothing else. */
    async function sayNotTaken(error: unknown): Promise<void> {
      onError(error, newReference());
      const isEvent = payload['type'] === 'event_callback';
      if (isEvent && answer({ kind: 'refused', status: 500 })) return;
      answer({ kind: 'acknowledged', response: viewAnswer(payload, 'notTaken') });
      if (found !== null) await say(found.whereabouts, 'notTaken');
    }

    const work = process()
      .catch(sayNotTaken)
      .finally(() => {
        clearTimeout(timer);
        answer({ kind: 'acknowledged' });
      });
    void track(work);
  }

  async function handle(request: Request): Promise<Response> {
    try {
      const decision: DoorDecision =
        signingSecret === null
          ? { kind: 'refused', status: 401, reason: 'no signing secret is set' }
          : await passDoor(request, signingSecret, now());
      if (decision.kind === 'refused') {
        await refuseAtDoor('slack', decision.reason);
        return new Response(null, { status: decision.status });
      }
      const { payload, signatureKey } = decision;
      if (payload['type'] === 'url_verification') return challengeResponse(payload);
      switch (judge(payload)) {
        case 'unknown':
          return toResponse({ kind: 'acknowledged' });
        case 'malformed':
          await refuseAtDoor('slack', 'signed, but not what Slack sends');
          return new Response(null, { status: 400 });
        case 'ours':
          break;
      }
      const key = eventKey(payload, `request:${signatureKey}`);
      return await new Promise((resolve) => {
        receive(payload, { eventKey: key, signatureKey }, (answer) => resolve(toResponse(answer)));
      });
    } catch (error) {
      onError(error, newReference());
      return new Response(null, { status: 500 });
    }
  }

  function takeEnvelope({ envelopeId, body, acknowledge }: SlackEnvelope): void {
    const keys = { eventKey: eventKey(body, `envelope:${envelopeId}`), signatureKey: null };
    receive(body, keys, (answer) => {
      if (answer.kind === 'acknowledged') void track(acknowledge(answer.response));
    });
  }

  return { handle, takeEnvelope, underWay };
}

/** A line as what stands in a modal. */
export function lineView(line: LineToStrangers): ReturnType<typeof renderTextView> {
  return renderTextView(
    inAllLanguages((texts) => texts[line]),
    localeOfStrangers,
  );
}

/** What an acknowledgement says while the work goes on: a form that gets none closes, a search waits. */
function workingAnswer(payload: Payload): unknown {
  return payload['type'] === 'block_suggestion' ? { options: [] } : viewAnswer(payload, 'working');
}

/** A line in place of a submitted form; undefined where none was. */
function viewAnswer(payload: Payload, line: LineToStrangers): unknown {
  return payload['type'] === 'view_submission'
    ? { response_action: 'update', view: lineView(line) }
    : undefined;
}

function challengeResponse({ challenge }: Payload): Response {
  return typeof challenge === 'string'
    ? Response.json({ challenge })
    : new Response(null, { status: 400 });
}

/** An answer as HTTP: nothing, a text, or an object. */
function toResponse(answer: Answer): Response {
  if (answer.kind === 'refused') return new Response(null, { status: answer.status });
  const { response } = answer;
  if (response === undefined || response === null || response === '') {
    return new Response(null, { status: 200 });
  }
  return typeof response === 'string' ? new Response(response) : Response.json(response);
}
