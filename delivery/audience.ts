import { ownersConcerned } from '../domain/committee.ts';
import { hiddenFrom, maySeeProposal } from '../domain/hidden.ts';
import type { TagRequest } from '../domain/request.ts';
import { standInCode } from '../domain/rights.ts';
import type { Channel, DeliveryPurpose, DeliverySubject } from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import type { Queryable } from '../db/stores/audit.ts';
import { readCurrentKnowledge, type CurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { policyInForce } from '../db/stores/dictionary.ts';
import {
  ensureDeliveries,
  listDeliveries,
  type Addressee,
  type Delivery,
} from '../db/stores/deliveries.ts';
import { findReportReader } from '../db/stores/assessment-reports.ts';
import { findPoints } from '../db/stores/assessment.ts';
import { findFlood, type Flood } from '../db/stores/floods.ts';
import { findDigestReader } from '../db/stores/digests.ts';
import { loadGroupChoices } from '../db/stores/preferences.ts';
import { loadReview } from '../db/stores/tag-reviews.ts';
import type { TagReview } from '../domain/tag-review.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { decidersFor } from '../domain/assessment.ts';
import { assertNever } from '../domain/assert-never.ts';
import { chatOfGroup, conversationOf, groupCodeOf, recipientCodeOf } from '../domain/chat-group.ts';
import { isAbsent, type ChannelName, type Person } from '../domain/person.ts';
import type { Policy } from '../domain/policy.ts';
import { isAboutSensitiveTags } from '../domain/rule-tags.ts';
import { severities, type Severity } from '../domain/severity.ts';
import type { Warning } from '../domain/warning.ts';
import { findEscalationGroups } from './escalation-groups.ts';

export interface Reader {
  readonly purpose: DeliveryPurpose;
  readonly code: string;
}

export interface AudienceDependencies {
  readonly database: Database;
  /** The channels that are set up; the inbox always is. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface StandingFlood extends Flood {
  /** While more of its warnings stand, whoever hears of them anew gets one card too. */
  readonly cardsMax: number;
  readonly urgent: boolean;
}

interface Readers {
  readonly readers: readonly Reader[];
  /** Whose turn comes first in the queue: 0 before 1 before 2. */
  readonly rank: number;
  /** Quiet hours do not hold it. */
  readonly urgent: boolean;
  readonly flood: StandingFlood | null;
}

export interface Audience extends Omit<Readers, 'readers'> {
  readonly addressees: readonly Addressee[];
  /** Who is told of the whole flood in one card, and has none of its warnings but in the inbox. */
  readonly together: readonly Addressee[];
}

/** Who should have a card of a subject now, and where; those who have one already are among them. */
export async function findAudience(
  dependencies: AudienceDependencies,
  subject: DeliverySubject,
): Promise<Audience> {
  const { database, channels, now } = dependencies;
  const knowledge = await readCurrentKnowledge(database);
  if (subject.kind === 'warning') {
    const warning = await loadWarning(database.query, subject.id);
    return warning === null
      ? { ...nobody, addressees: [], together: [] }
      : findWarningAudience(dependencies, warning, knowledge);
  }
  if (subject.kind === 'digest') {
    const places = await findReportPlaces(dependencies, subject.id, knowledge);
    if (places !== null) {
      return { ...nobody, rank: rankOf('low'), addressees: places, together: [] };
    }
  }
  const { people } = knowledge;
  const found = await findReaders(database, { subject, knowledge, nowMs: now() });
  return { ...found, ...addressReaders(channels, found.readers, { people, found }) };
}

async function findWarningAudience(
  dependencies: AudienceDependencies,
  warning: Warning,
  knowledge: CurrentKnowledge,
): Promise<Audience> {
  const { database, channels, now } = dependencies;
  const { people } = knowledge;
  const found = await findWarningReaders(database, warning, { knowledge, nowMs: now() });
  const escalation = await findEscalationGroups(dependencies, warning, knowledge);
  const all = [...found.readers, ...escalation.instead];
  const ways = addressReaders(channels, all, { people, found });
  const isTogether = (place: Addressee) =>
    isToldTogether(found.flood, { purpose: place.purpose, code: place.recipientCode });
  const alone = all.filter((reader) => !isToldTogether(found.flood, reader));
  const groups = await findGroupReaders(dependencies, { warning, readers: alone, knowledge });
  const addressees = ways.addressees.map((addressee) => {
    const group = groups.get(keyOf(addressee.purpose, addressee.recipientCode));
    return group === undefined || addressee.channel === 'inbox' ? addressee : group;
  });
  const { places } = escalation;
  return {
    ...found,
    addressees: withoutDoubles([...addressees, ...places.filter((place) => !isTogether(place))]),
    together: withoutDoubles([...ways.together, ...places.filter(isTogether)]),
  };
}

/** Where a digest for a group stands: in each of its chats; null where it is for a person. */
async function findReportPlaces(
  { database, channels }: AudienceDependencies,
  digestId: number,
  { policy }: CurrentKnowledge,
): Promise<readonly Addressee[] | null> {
  const recipientCode = (await findDigestReader(database.query, digestId)) ?? '';
  const groupCode = groupCodeOf(recipientCode);
  if (groupCode === null) return null;
  const { groups } = policyInForce(policy);
  const group = groups.find(({ code }) => code === groupCode);
  if (group === undefined) return [];
  return (['slack', 'feishu'] as const)
    .filter((name) => conversationOf(group, name) !== null && channels.get(name)?.groups)
    .map((channel) => ({ purpose: 'digest', channel, recipientCode }));
}

/** Private cards for these people, about a subject that others may have a card of as well. */
export async function findPrivateAudience(
  { database, channels, now }: AudienceDependencies,
  subject: DeliverySubject,
  readers: readonly Reader[],
): Promise<Audience> {
  const knowledge = await readCurrentKnowledge(database);
  const { people } = knowledge;
  const found = await findReaders(database, { subject, knowledge, nowMs: now() });
  return { ...found, ...addressReaders(channels, readers, { people, found }) };
}

/** A row for each card that is not there yet. */
export async function queueAudience(
  transaction: Queryable,
  input: {
    readonly subject: DeliverySubject;
    readonly audience: Audience;
    readonly nowMs: number;
  },
): Promise<void> {
  const { subject, audience, nowMs } = input;
  const { addressees, together, rank, urgent, flood } = audience;
  await ensureDeliveries(transaction, { subject, addressees, rank, urgent, nowMs });
  if (flood === null) return;
  await ensureDeliveries(transaction, {
    subject: { kind: 'flood', id: flood.id },
    // That one of many has more customers is seen where they are listed.
    addressees: together.filter(({ purpose }) => !purpose.startsWith('reminder-news-')),
    rank: rankOf(flood.severity),
    urgent: flood.urgent,
    nowMs,
  });
}

/** Who of a warning's readers chose the group and wants to be mentioned there. */
export async function findMentionable(
  { database, now }: Pick<AudienceDependencies, 'database' | 'now'>,
  { warning, groupCode }: { readonly warning: Warning; readonly groupCode: string },
): Promise<readonly Person[]> {
  const { people } = await readCurrentKnowledge(database);
  const choices = await loadGroupChoices(database.query);
  const codes = new Set(warningReaders(warning, { people, nowMs: now() }).map(({ code }) => code));
  return [...codes].flatMap((code) => {
    const choice = choices.get(code);
    const person = people.get(code);
    const isWanted = choice?.group === groupCode && choice.mention && person?.status === 'active';
    return isWanted ? [person] : [];
  });
}

/** The readers whose card stands in a group, with that card; none of a warning that not everybody may read. */
async function findGroupReaders(
  { database, channels }: AudienceDependencies,
  about: {
    readonly warning: Warning;
    readonly readers: readonly Reader[];
    readonly knowledge: CurrentKnowledge;
  },
): Promise<ReadonlyMap<string, Addressee>> {
  const { warning, readers, knowledge } = about;
  const { people, dictionary } = knowledge;
  const found = new Map<string, Addressee>();
  const choices = await loadGroupChoices(database.query);
  if (!readers.some(({ code }) => choices.has(code))) return found;
  const { groups } = policyInForce(knowledge.policy);
  const rule = dictionary.rules.find(({ code }) => code === warning.ruleCode);
  if (rule === undefined || isAboutSensitiveTags(rule, dictionary)) return found;
  const deliveries = await listDeliveries(database.query, { kind: 'warning', id: warning.id });
  for (const reader of readers) {
    const group = groups.find(({ code }) => code === choices.get(reader.code)?.group);
    const person = people.get(reader.code);
    if (group === undefined || person === undefined || hasOwnCard(reader, deliveries)) continue;
    const channel = chatOfGroup(group, person);
    const recipientCode = recipientCodeOf(group);
    const isRefused = deliveries.some(
      (delivery) =>
        delivery.recipientCode === recipientCode &&
        delivery.channel === channel &&
        delivery.state === 'failed',
    );
    if (channel === null || isRefused || (channels.get(channel)?.groups ?? null) === null) continue;
    found.set(keyOf(reader.purpose, reader.code), { purpose: 'group', channel, recipientCode });
  }
  return found;
}

/** Whoever had a private card before they chose a group keeps it. */
function hasOwnCard({ purpose, code }: Reader, deliveries: readonly Delivery[]): boolean {
  return deliveries.some(
    (delivery) =>
      delivery.recipientCode === code &&
      delivery.purpose === purpose &&
      delivery.channel !== 'inbox' &&
      delivery.state !== 'failed',
  );
}

function keyOf(purpose: DeliveryPurpose, code: string): string {
  return `${purpose}/${code}`;
}

function withoutDoubles(addressees: readonly Addressee[]): readonly Addressee[] {
  const byPlace = addressees.map(
    (addressee) =>
      [
        `${addressee.channel} ${keyOf(addressee.purpose, addressee.recipientCode)}`,
        addressee,
      ] as const,
  );
  return [...new Map(byPlace).values()];
}

function rankOf(severity: Severity): number {
  return severities.indexOf(severity);
}

const nobody: Readers = { readers: [], rank: rankOf('medium'), urgent: false, flood: null };

/** Whoever was told of all of it in one card goes on so; others are too while more stand than anybody wants cards of. */
function isToldTogether(flood: StandingFlood | null, { purpose, code }: Reader): boolean {
  if (flood === null) return false;
  return flood.standing > flood.cardsMax || flood.told.has(keyOf(purpose, code));
}

function addressReaders(
  channels: ReadonlyMap<ChannelName, Channel>,
  readers: readonly Reader[],
  { people, found }: { readonly people: ReadonlyMap<string, Person>; readonly found: Readers },
): Pick<Audience, 'addressees' | 'together'> {
  const { rank, flood } = found;
  const addressees: Addressee[] = [];
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
      (isTogether && channel !== 'inbox' ? together : addressees).push(addressee);
    }
  }
  return { addressees, together };
}

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

interface Moment {
  readonly knowledge: CurrentKnowledge;
  readonly nowMs: number;
}

async function findWarningReaders(
  database: Database,
  warning: Warning,
  { knowledge, nowMs }: Moment,
): Promise<Readers> {
  const { people } = knowledge;
  const policy = policyInForce(knowledge.policy);
  return {
    // What is over before it was first delivered reaches nobody new.
    readers: warning.state.kind === 'closed' ? [] : warningReaders(warning, { people, nowMs }),
    rank: rankOf(warning.severity),
    urgent: policy.quietHours.breakThrough.includes(warning.severity),
    flood: await standingFlood(database, warning, policy),
  };
}

async function findReaders(
  database: Database,
  { subject, ...moment }: Moment & { readonly subject: DeliverySubject },
): Promise<Readers> {
  const { knowledge, nowMs } = moment;
  const input = { people: knowledge.people, nowMs };
  switch (subject.kind) {
    case 'warning': {
      const warning = await loadWarning(database.query, subject.id);
      return warning === null ? nobody : findWarningReaders(database, warning, moment);
    }
    case 'request': {
      const request = await loadRequest(database.query, subject.id);
      if (request === null) return nobody;
      const readers = [
        { purpose: 'requester' as const, code: request.requesterCode },
        ...[...request.memberCodes, ...votersBeside(request, input)].map((code) => ({
          purpose: 'vote' as const,
          code,
        })),
        ...ownersBeside(request, knowledge).map((code) => ({
          purpose: 'concerned' as const,
          code,
        })),
      ];
      return { ...nobody, readers };
    }
    case 'digest': {
      const code = await findDigestReader(database.query, subject.id);
      return code === null
        ? nobody
        : { ...nobody, readers: [{ purpose: 'digest', code }], rank: rankOf('low') };
    }
    case 'assessment': {
      const code = await findReportReader(database.query, subject.id);
      return code === null
        ? nobody
        : { ...nobody, readers: [{ purpose: 'assessment', code }], rank: rankOf('low') };
    }
    case 'points': {
      const points = await findPoints(database.query, subject.id);
      if (points === null) return nobody;
      const { personCode, state } = points;
      const readers =
        state.kind === 'contested'
          ? decidersFor(personCode, input.people).map(
              (code) => ({ purpose: 'decide', code }) as const,
            )
          : [{ purpose: 'contester' as const, code: personCode }];
      return { ...nobody, readers };
    }
    case 'review': {
      const review = await loadReview(database.query, subject.id);
      if (review === null) return nobody;
      return { ...nobody, readers: reviewReaders(review, input), rank: rankOf('low') };
    }
    // It goes to whom its warnings go.
    case 'flood':
      return nobody;
    default:
      return assertNever(subject);
  }
}

/** Owners, who stands in for those who are away, and data admins, who see how far it has come. */
function reviewReaders(
  review: TagReview,
  { people, nowMs }: { readonly people: ReadonlyMap<string, Person>; readonly nowMs: number },
): readonly Reader[] {
  const owners = new Set(review.items.map(({ ownerCode }) => ownerCode));
  const asked = [...owners].flatMap((code) => {
    const standIn = standInCode(people.get(code) ?? null, nowMs);
    return standIn === null ? [code] : [code, standIn];
  });
  const admins = [...people.values()].filter(
    ({ roles, status }) => status === 'active' && roles.includes('data-admin'),
  );
  return [
    ...[...new Set(asked)].map((code) => ({ purpose: 'review' as const, code })),
    ...admins.map(({ code }) => ({ purpose: 'review-progress' as const, code })),
  ];
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

/** Deputies of members who are away, and the chair once it is to decide. */
function votersBeside(
  request: TagRequest,
  now: { readonly people: ReadonlyMap<string, Person>; readonly nowMs: number },
): readonly string[] {
  const { state, terms, memberCodes, requesterCode } = request;
  if (state.kind !== 'voting') return [];
  const deputies = memberCodes.map((code) => standInCode(now.people.get(code) ?? null, now.nowMs));
  const chair = state.chair === undefined ? null : (terms?.chair?.code ?? null);
  return [...new Set([...deputies, chair])]
    .filter((code) => code !== null)
    .filter((code) => code !== requesterCode && !memberCodes.includes(code));
}

/** Owners of what an applied request changed, who were not told of it as its requester or as voters. */
function ownersBeside(
  request: TagRequest,
  { dictionary, people, duties }: CurrentKnowledge,
): readonly string[] {
  const { state, proposal, requesterCode, memberCodes, votes } = request;
  if (state.kind !== 'applied') return [];
  const told = new Set([requesterCode, ...memberCodes, ...votes.map(({ by }) => by)]);
  return ownersConcerned(proposal, { ...dictionary, duties }).filter((code) => {
    const owner = people.get(code);
    if (owner === undefined || told.has(code)) return false;
    const hidden = hiddenFrom(owner, dictionary, people);
    return maySeeProposal(owner, proposal, { hidden, dictionary, people });
  });
}
