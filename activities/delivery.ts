import { ApplicationFailure } from '@temporalio/activity';
import type { Channel, DeliveryPurpose, DeliverySubject } from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import type { Queryable } from '../db/stores/audit.ts';
import {
  announceQueue,
  ensureDeliveries,
  listQueued,
  queueUpdates,
  type Addressee,
} from '../db/stores/deliveries.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { findFlood, type Flood } from '../db/stores/floods.ts';
import { findDigestReader } from '../db/stores/digests.ts';
import { loadPeople } from '../db/stores/people.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { createSender, type SenderDependencies } from '../delivery/sender.ts';
import { assertNever } from '../domain/assert-never.ts';
import { isAbsent, type ChannelName, type Person } from '../domain/person.ts';
import type { Policy } from '../domain/policy.ts';
import { severities, type Severity } from '../domain/severity.ts';
import type { Warning } from '../domain/warning.ts';

export interface DeliveryDependencies extends Pick<SenderDependencies, 'database' | 'drawCard'> {
  /** The channels that are set up; the inbox always is. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/**
 * Settles who should have a card and puts that into the queue, from which the dispatcher brings it (delivery/). What
 * needs no queue, which is the inbox, is brought here and now.
 */
export function createDeliveryActivities(dependencies: DeliveryDependencies) {
  const { database, channels, now } = dependencies;
  const sender = createSender(dependencies);

  /** A card for whoever should have one and has none; every card of the subject is brought up to date. */
  async function deliver(input: {
    readonly subject: DeliverySubject;
    /** Whoever asked for it waits for it, also in quiet hours. @default false */
    readonly isAskedFor?: boolean;
  }): Promise<void> {
    const { subject, isAskedFor = false } = input;
    const people = await loadPeople(database.query);
    const audience = await findReaders(database, { subject, people, nowMs: now() });
    const { readers, rank } = audience;
    const urgent = audience.urgent || isAskedFor;
    const { own, together } = addressReaders(readers, { people, audience });
    await database.query.transaction(async (transaction) => {
      const nowMs = now();
      await queueUpdates(transaction, { subject, rank, nowMs });
      await ensureDeliveries(transaction, { subject, addressees: own, rank, urgent, nowMs });
      await tellTogether(transaction, { audience, addressees: together, nowMs });
      await announceQueue(transaction);
    });
    await bringAtOnce(subject);
  }

  /** One private reminder to each of these people; once per purpose and person, never updated. */
  async function remind(input: {
    readonly subject: DeliverySubject;
    readonly purpose: DeliveryPurpose;
    readonly personCodes: readonly string[];
  }): Promise<void> {
    const { subject, purpose } = input;
    const people = await loadPeople(database.query);
    const audience = await findReaders(database, { subject, people, nowMs: now() });
    const { rank, urgent } = audience;
    const readers = input.personCodes.map((code) => ({ purpose, code }));
    const { own, together } = addressReaders(readers, { people, audience });
    await database.query.transaction(async (transaction) => {
      const nowMs = now();
      await ensureDeliveries(transaction, { subject, addressees: own, rank, urgent, nowMs });
      await tellTogether(transaction, { audience, addressees: together, nowMs });
      await announceQueue(transaction);
    });
    await bringAtOnce(subject);
  }

  /** The card of a flood, of whose warnings the reader has no card of its own but in the inbox. */
  async function tellTogether(
    transaction: Queryable,
    input: {
      readonly audience: Audience;
      readonly addressees: readonly Addressee[];
      readonly nowMs: number;
    },
  ): Promise<void> {
    const { audience, addressees, nowMs } = input;
    const { flood } = audience;
    if (flood === null) return;
    const { urgent } = flood;
    const subject = { kind: 'flood', id: flood.id } as const;
    const rank = rankOf(flood.severity);
    await ensureDeliveries(transaction, { subject, addressees, rank, urgent, nowMs });
  }

  function addressReaders(
    readers: readonly Reader[],
    {
      people,
      audience,
    }: { readonly people: ReadonlyMap<string, Person>; readonly audience: Audience },
  ): { readonly own: readonly Addressee[]; readonly together: readonly Addressee[] } {
    const { rank, flood } = audience;
    const own: Addressee[] = [];
    const together: Addressee[] = [];
    for (const { purpose, code } of readers) {
      const isTogether = flood !== null && isToldTogether(flood, { purpose, code });
      const ways = channelsFor(
        channels,
        people.get(code),
        isTogether ? rankOf(flood.severity) : rank,
      );
      for (const channel of ways) {
        const addressee = { purpose, channel, recipientCode: code };
        (isTogether && channel !== 'inbox' ? together : own).push(addressee);
      }
    }
    return { own, together };
  }

  async function bringAtOnce(subject: DeliverySubject): Promise<void> {
    let problem: string | null = null;
    for (const channel of channels.values()) {
      if (channel.capabilities.queued) continue;
      for (const delivery of await listQueued(database.query, subject, channel.name)) {
        const outcome = await sender.bring(delivery);
        if (outcome.kind === 'later') problem ??= outcome.message;
      }
    }
    if (problem !== null) {
      throw ApplicationFailure.create({ message: problem, type: 'DeliveryPostponed' });
    }
  }

  return { deliver, remind };
}

interface Reader {
  readonly purpose: DeliveryPurpose;
  readonly code: string;
}

interface StandingFlood extends Flood {
  /** While more of its warnings stand, whoever hears of them anew gets one card too. */
  readonly cardsMax: number;
  readonly urgent: boolean;
}

interface Audience {
  readonly readers: readonly Reader[];
  /** Whose turn comes first in the queue: 0 before 1 before 2. */
  readonly rank: number;
  /** Quiet hours do not hold it. */
  readonly urgent: boolean;
  readonly flood: StandingFlood | null;
}

/** Whoever was told of all of it in one card goes on so; others are too while more stand than anybody wants cards of. */
function isToldTogether(flood: StandingFlood, { purpose, code }: Reader): boolean {
  return flood.standing > flood.cardsMax || flood.told.has(`${purpose}/${code}`);
}

function rankOf(severity: Severity): number {
  return severities.indexOf(severity);
}

const nobody: Audience = { readers: [], rank: rankOf('medium'), urgent: false, flood: null };

/**
 * The inbox, and the first channel of the person's choice that reaches them. None for those who left. What is not mild
 * passes over channels to read only, such as email, where one to act on comes after.
 */
function channelsFor(
  channels: ReadonlyMap<ChannelName, Channel>,
  person: Person | undefined,
  rank: number,
): readonly ChannelName[] {
  if (person === undefined || person.status === 'left') return [];
  const reaching = person.channels.flatMap((name) => {
    const channel = channels.get(name);
    return name !== 'inbox' && channel?.reaches(person) === true ? [channel] : [];
  });
  const acting = reaching.find((channel) => channel.capabilities.interactive);
  const first = rank === rankOf('low') ? reaching[0] : (acting ?? reaching[0]);
  return first === undefined ? ['inbox'] : ['inbox', first.name];
}

async function findReaders(
  database: Database,
  input: {
    readonly subject: DeliverySubject;
    readonly people: ReadonlyMap<string, Person>;
    readonly nowMs: number;
  },
): Promise<Audience> {
  const { subject } = input;
  switch (subject.kind) {
    case 'warning': {
      const warning = await loadWarning(database.query, subject.id);
      if (warning === null) return nobody;
      const rank = rankOf(warning.severity);
      // What is over before it was first delivered reaches nobody new.
      const readers = warning.state.kind === 'closed' ? [] : warningReaders(warning, input);
      const policy = await loadPolicy(database.query);
      const flood = await standingFlood(database, warning, policy);
      return {
        readers,
        rank,
        urgent: policy.quietHours.breakThrough.includes(warning.severity),
        flood,
      };
    }
    case 'request': {
      const request = await loadRequest(database.query, subject.id);
      if (request === null) return nobody;
      const readers = [
        { purpose: 'requester' as const, code: request.requesterCode },
        ...request.memberCodes.map((code) => ({ purpose: 'vote' as const, code })),
      ];
      return { ...nobody, readers };
    }
    case 'digest': {
      const code = await findDigestReader(database.query, subject.id);
      return code === null
        ? nobody
        : { ...nobody, readers: [{ purpose: 'digest', code }], rank: rankOf('low') };
    }
    // It goes to whom its warnings go.
    case 'flood':
      return nobody;
    default:
      return assertNever(subject);
  }
}

/** Null where the warning came by itself, or somebody gave this one of them to another person. */
async function standingFlood(
  database: Database,
  { id, ownerCode, dutyCode }: Warning,
  { grouping, quietHours }: Policy,
): Promise<StandingFlood | null> {
  const flood = await findFlood(database.sql, id);
  if (flood === null || (dutyCode === null && ownerCode !== flood.ownerCode)) return null;
  const urgent = quietHours.breakThrough.includes(flood.severity);
  return { ...flood, cardsMax: grouping.flood.cardsMax, urgent };
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
  if (warning.secondLineCode !== null && !hasOwner) {
    readers.push({ purpose: 'second-line', code: warning.secondLineCode });
  }
  for (const { to, personCodes } of warning.escalations) {
    const purpose = to.kind === 'second-line' || to.kind === 'manager' ? to.kind : 'escalation';
    readers.push(...personCodes.map((code) => ({ purpose, code }) as const));
  }
  return readers;
}
