import { ApplicationFailure, heartbeat } from '@temporalio/activity';
import type { Card } from '../bot/card.ts';
import type {
  Channel,
  ChannelErrorKind,
  DeliveryPurpose,
  DeliverySubject,
} from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import {
  ensureDeliveries,
  listDeliveries,
  recordNotPosted,
  recordPosted,
  replaceMessage,
  takeForPosting,
  type Addressee,
  type Delivery,
} from '../db/stores/deliveries.ts';
import { findDigestReader } from '../db/stores/digests.ts';
import { loadPeople } from '../db/stores/people.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { assertNever } from '../domain/assert-never.ts';
import { isAbsent, type ChannelName, type Person } from '../domain/person.ts';
import type { Warning } from '../domain/warning.ts';

export interface DeliveryDependencies {
  readonly database: Database;
  /** The channels that are set up; the inbox always is. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Draws a subject for one reader, with the version of the subject that it shows; null: there is nothing to draw. */
  readonly drawCard: (
    subject: DeliverySubject,
    purpose: DeliveryPurpose,
    reader: Person,
  ) => Promise<{ readonly card: Card; readonly version: number } | null>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** After this long without a word, whoever was posting is taken to have died. Longer than any channel's time-out. */
const postingMaxMs = 60_000;

/**
 * Brings cards to people and keeps those that stand up to date. A failure of one channel never keeps the others
 * from being served: everything is tried, then the first passing failure is thrown so that Temporal tries again.
 */
export function createDeliveryActivities(dependencies: DeliveryDependencies) {
  const { database, channels, now } = dependencies;

  /** Posts to whoever should have a card and has none; updates every card of the subject that shows an older state. */
  async function deliver(input: { readonly subject: DeliverySubject }): Promise<void> {
    const people = await loadPeople(database.query);
    const readers = await findReaders(database, { ...input, people, nowMs: now() });
    await ensure(input.subject, readers, people);
    const known = await listDeliveries(database.query, input.subject);
    await bringAll(
      known.filter((delivery) => !isReminder(delivery.purpose)),
      people,
    );
  }

  /** Posts one private reminder to each of these people; once per purpose and person, never updated. */
  async function remind(input: {
    readonly subject: DeliverySubject;
    readonly purpose: DeliveryPurpose;
    readonly personCodes: readonly string[];
  }): Promise<void> {
    const people = await loadPeople(database.query);
    const readers = input.personCodes.map((code) => ({ purpose: input.purpose, code }));
    await ensure(input.subject, readers, people);
    const known = await listDeliveries(database.query, input.subject);
    await bringAll(
      known.filter((delivery) => delivery.purpose === input.purpose && delivery.state !== 'posted'),
      people,
    );
  }

  async function ensure(
    subject: DeliverySubject,
    readers: readonly Reader[],
    people: ReadonlyMap<string, Person>,
  ): Promise<void> {
    const addressees: readonly Addressee[] = readers.flatMap(({ purpose, code }) =>
      channelsFor(channels, people.get(code)).map((channel) => ({
        purpose,
        channel,
        recipientCode: code,
      })),
    );
    await ensureDeliveries(database.query, { subject, addressees, nowMs: now() });
  }

  async function bringAll(
    list: readonly Delivery[],
    people: ReadonlyMap<string, Person>,
  ): Promise<void> {
    let postponed: Passing | null = null;
    for (const delivery of list) {
      heartbeat({ deliveryId: delivery.id });
      const recipient = people.get(delivery.recipientCode);
      const channel = channels.get(delivery.channel);
      if (recipient === undefined || channel === undefined) continue;
      const problem = await bring(delivery, { channel, recipient });
      if (problem?.kind === 'passing') postponed ??= problem;
      if (problem?.kind === 'lasting') postponed ??= await fallBack(delivery, recipient);
    }
    if (postponed !== null) throw tryAgain(postponed);
  }

  async function bring(delivery: Delivery, to: Destination): Promise<Problem | null> {
    if (delivery.state === 'failed') return null;
    const drawn = await dependencies.drawCard(subjectOf(delivery), delivery.purpose, to.recipient);
    if (drawn === null) return null;
    return delivery.state === 'posted'
      ? refresh(delivery, to.channel, drawn)
      : post(delivery, to, drawn);
  }

  async function post(
    delivery: Delivery,
    { channel, recipient }: Destination,
    { card, version }: Drawn,
  ): Promise<Problem | null> {
    const isMine = await takeForPosting(database.query, {
      delivery,
      diedBeforeMs: now() - postingMaxMs,
      nowMs: now(),
    });
    if (!isMine) {
      return { kind: 'passing', retryAfterMs: postingMaxMs, message: 'It is being posted.' };
    }
    try {
      const mayHaveArrived = delivery.state === 'posting';
      const { idempotentPost, find } = channel.capabilities;
      const arrived =
        mayHaveArrived && !idempotentPost && find
          ? await channel.find(delivery.id, recipient)
          : null;
      const message = arrived ?? (await channel.post({ deliveryId: delivery.id, recipient, card }));
      await recordPosted(database.query, {
        id: delivery.id,
        message,
        // A card that arrived earlier may show an older state; the next delivery brings it up to date.
        shownVersion: arrived === null ? version : 0,
        nowMs: now(),
      });
      return null;
    } catch (error) {
      const problem = classify(error);
      await recordNotPosted(database.query, {
        id: delivery.id,
        state: stateAfter(problem),
        error: problem.message,
        nowMs: now(),
      });
      return problem;
    }
  }

  async function refresh(
    delivery: Delivery,
    channel: Channel,
    { card, version }: Drawn,
  ): Promise<Problem | null> {
    if (delivery.message === null || !channel.capabilities.update) return null;
    if ((delivery.shownVersion ?? 0) >= version) return null;
    try {
      await channel.update(delivery.message, card);
      await recordPosted(database.query, {
        id: delivery.id,
        message: delivery.message,
        shownVersion: version,
        nowMs: now(),
      });
      return null;
    } catch (error) {
      const problem = classify(error);
      if (problem.kind === 'passing') return problem;
      if (problem.errorKind !== 'too-old') return null;
      await replaceMessage(database.query, { id: delivery.id, nowMs: now() });
      return { kind: 'passing', retryAfterMs: 0, message: problem.message };
    }
  }

  /** A card that one channel will never take goes out on the person's next one. */
  async function fallBack(delivery: Delivery, recipient: Person): Promise<Passing | null> {
    const tried = (await listDeliveries(database.query, subjectOf(delivery)))
      .filter(
        (other) => other.recipientCode === recipient.code && other.purpose === delivery.purpose,
      )
      .map((other) => other.channel);
    const next = recipient.channels.find(
      (name) => channels.get(name)?.reaches(recipient) === true && !tried.includes(name),
    );
    if (next === undefined) return null;
    await ensureDeliveries(database.query, {
      subject: subjectOf(delivery),
      addressees: [{ purpose: delivery.purpose, channel: next, recipientCode: recipient.code }],
      nowMs: now(),
    });
    return { kind: 'passing', retryAfterMs: 0, message: 'It goes out on another channel.' };
  }

  return { deliver, remind };
}

interface Destination {
  readonly channel: Channel;
  readonly recipient: Person;
}

interface Drawn {
  readonly card: Card;
  readonly version: number;
}

interface Reader {
  readonly purpose: DeliveryPurpose;
  readonly code: string;
}

interface Passing {
  readonly kind: 'passing';
  /** 0: as the activity's retry policy says. */
  readonly retryAfterMs: number;
  readonly message: string;
  /** The call failed, and yet the message may have arrived. */
  readonly mayHaveArrived?: boolean;
}

type Problem =
  | Passing
  | { readonly kind: 'lasting'; readonly errorKind: ChannelErrorKind; readonly message: string };

/** Channels reject with a ChannelError only; anything else is a fault of ours and is thrown on. */
function classify(error: unknown): Problem {
  if (!isChannelError(error)) throw error;
  const { kind, message } = error;
  switch (kind) {
    case 'rate-limited':
      return { kind: 'passing', retryAfterMs: error.retryAfterMs, message };
    case 'server':
      return { kind: 'passing', retryAfterMs: 0, message, mayHaveArrived: true };
    case 'auth':
    case 'unreachable':
    case 'invalid':
    case 'too-old':
      return { kind: 'lasting', errorKind: kind, message };
    default:
      return assertNever(kind);
  }
}

/** By name: the class itself lives behind the port, of which activities know only types. */
function isChannelError(
  error: unknown,
): error is Error & { readonly kind: ChannelErrorKind; readonly retryAfterMs: number } {
  return error instanceof Error && error.name === 'ChannelError' && 'kind' in error;
}

function stateAfter(problem: Problem): 'pending' | 'posting' | 'failed' {
  if (problem.kind === 'lasting') return 'failed';
  return problem.mayHaveArrived === true ? 'posting' : 'pending';
}

function tryAgain(passing: Passing): ApplicationFailure {
  return ApplicationFailure.create({
    message: passing.message,
    type: 'DeliveryPostponed',
    ...(passing.retryAfterMs > 0 ? { nextRetryDelay: passing.retryAfterMs } : {}),
  });
}

function isReminder(purpose: DeliveryPurpose): boolean {
  return purpose.startsWith('reminder-');
}

function subjectOf(delivery: Delivery): DeliverySubject {
  return { kind: delivery.subjectKind, id: delivery.subjectId };
}

/** The inbox, and the first channel of the person's choice that reaches them. None for those who left. */
function channelsFor(
  channels: ReadonlyMap<ChannelName, Channel>,
  person: Person | undefined,
): readonly ChannelName[] {
  if (person === undefined || person.status === 'left') return [];
  const chat = person.channels.find(
    (name) => name !== 'inbox' && channels.get(name)?.reaches(person) === true,
  );
  return chat === undefined ? ['inbox'] : ['inbox', chat];
}

async function findReaders(
  database: Database,
  input: {
    readonly subject: DeliverySubject;
    readonly people: ReadonlyMap<string, Person>;
    readonly nowMs: number;
  },
): Promise<readonly Reader[]> {
  const { subject } = input;
  switch (subject.kind) {
    case 'warning': {
      const warning = await loadWarning(database.query, subject.id);
      // What is over before it was first delivered reaches nobody new.
      return warning === null || warning.state.kind === 'closed'
        ? []
        : warningReaders(warning, input);
    }
    case 'request': {
      const request = await loadRequest(database.query, subject.id);
      if (request === null) return [];
      return [
        { purpose: 'requester', code: request.requesterCode },
        ...request.memberCodes.map((code) => ({ purpose: 'vote' as const, code })),
      ];
    }
    case 'digest': {
      const code = await findDigestReader(database.query, subject.id);
      return code === null ? [] : [{ purpose: 'digest', code }];
    }
    default:
      return assertNever(subject);
  }
}

/** The owner, whoever stands in for them, and everyone it was escalated to. */
function warningReaders(
  warning: Warning,
  context: { readonly people: ReadonlyMap<string, Person>; readonly nowMs: number },
): readonly Reader[] {
  const owner = context.people.get(warning.ownerCode);
  const readers: Reader[] = [{ purpose: 'owner', code: warning.ownerCode }];
  if (owner !== undefined && isAbsent(owner, context.nowMs) && owner.deputyCode !== null) {
    readers.push({ purpose: 'owner', code: owner.deputyCode });
  }
  const hasOwner = owner !== undefined && owner.status === 'active';
  if (warning.secondLineCode !== null && (warning.level >= 1 || !hasOwner)) {
    readers.push({ purpose: 'second-line', code: warning.secondLineCode });
  }
  if (warning.managerCode !== null && warning.level >= 2) {
    readers.push({ purpose: 'manager', code: warning.managerCode });
  }
  return readers;
}
