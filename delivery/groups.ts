import type { Channel, MessageRef } from '../bot/channel.ts';
import type { HistoryEntry } from '../bot/views.ts';
import { announceQueue, listDeliveries, type Delivery } from '../db/stores/deliveries.ts';
import { readCurrentKnowledge, readCurrentPolicy } from '../db/stores/current-knowledge.ts';
import { policyInForce } from '../db/stores/dictionary.ts';
import { findFloodOwner } from '../db/stores/floods.ts';
import { findLastActor, findLogEntry, listQuietPeople } from '../db/stores/group-log.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { conversationOf, groupCodeOf, groupReader, type ChatGroup } from '../domain/chat-group.ts';
import type { Locale } from '../domain/locale.ts';
import type { LinkedChannelName, Person } from '../domain/person.ts';
import type { Warning } from '../domain/warning.ts';
import { findAudience, findMentionable, queueAudience } from './audience.ts';
import type { Destination } from './destination.ts';
import { standingCard, type PeopleDependencies } from './people.ts';

export interface GroupDependencies extends PeopleDependencies {
  /** What happened, in one line of the group's language. */
  readonly drawLogLine: (
    entry: HistoryEntry,
    names: { readonly people: ReadonlyMap<string, Person>; readonly groups: readonly ChatGroup[] },
    reader: Person,
  ) => string;
}

/** A group on one of the chats it is in. */
interface Place {
  readonly group: ChatGroup;
  readonly channel: Channel;
  readonly groups: NonNullable<Channel['groups']>;
  readonly conversation: string;
}

/** Finds the group that a card or a line below it is for; null where the group or what is to be told is gone. */
export function createGroupLocator(dependencies: GroupDependencies) {
  const { database, channels, now } = dependencies;

  async function locate(delivery: Delivery): Promise<Destination | null> {
    const place = await findPlace(delivery);
    if (delivery.subjectKind === 'flood') {
      return place === null ? null : locateFlood(delivery, place);
    }
    if (delivery.subjectKind === 'digest') {
      return place === null ? null : locateDigest(delivery, place);
    }
    const warning = await loadWarning(database.query, delivery.subjectId);
    if (warning === null || place === null) return null;
    const auditId = logEntryOf(delivery);
    return auditId === null
      ? locateCard(delivery, warning, place)
      : locateLine(delivery, { warning, auditId }, place);
  }

  async function findPlace({ recipientCode, channel: name }: Delivery): Promise<Place | null> {
    const { groups } = await readCurrentPolicy(database);
    const group = groups.find(({ code }) => code === groupCodeOf(recipientCode));
    const channel = [...channels.values()].find((one) => one.name === name);
    if (group === undefined || channel === undefined || channel.groups === null) return null;
    const conversation = conversationOf(group, channel.name as LinkedChannelName);
    return conversation === null ? null : { group, channel, groups: channel.groups, conversation };
  }

  /** Many warnings that were escalated to the group in one card, which mentions nobody. */
  async function locateFlood(
    { id: deliveryId, subjectId: id, olderStands }: Delivery,
    { group, channel, groups, conversation }: Place,
  ): Promise<Destination | null> {
    const ownerCode = await findFloodOwner(database.query, id);
    const { people } = await readCurrentKnowledge(database);
    const owner = people.get(ownerCode ?? '');
    if (owner === undefined) return null;
    const reader = { ...owner, locale: group.locale };
    const drawn = await dependencies.drawCard({ kind: 'flood', id }, 'group', reader, olderStands);
    if (drawn === null) return null;
    const { card } = drawn;
    return {
      ...standingCard(channel, drawn),
      post: () => groups.post({ deliveryId, conversation, card, mentions: [] }),
      find: () => groups.find(deliveryId, { conversation, under: null }),
      retire: (message) => channel.retire(message, group.locale),
      fallBack: () => Promise.resolve(),
    };
  }

  /** A report on everybody's warnings, which mentions nobody. */
  async function locateDigest(
    { id: deliveryId, subjectId: id, olderStands }: Delivery,
    { group, channel, groups, conversation }: Place,
  ): Promise<Destination | null> {
    const { scans } = await readCurrentPolicy(database);
    const reader = groupReader(group, scans.timeZone);
    const drawn = await dependencies.drawCard(
      { kind: 'digest', id },
      'digest',
      reader,
      olderStands,
    );
    if (drawn === null) return null;
    const { card } = drawn;
    return {
      ...standingCard(channel, drawn),
      post: () => groups.post({ deliveryId, conversation, card, mentions: [] }),
      find: () => groups.find(deliveryId, { conversation, under: null }),
      retire: (message) => channel.retire(message, group.locale),
      fallBack: () => Promise.resolve(),
    };
  }

  async function locateCard(
    delivery: Delivery,
    warning: Warning,
    { group, channel, groups, conversation }: Place,
  ): Promise<Destination | null> {
    const { id: deliveryId, olderStands } = delivery;
    const subject = { kind: 'warning', id: warning.id } as const;
    const reader = await findReader(warning, group.locale);
    if (reader === null) return null;
    const drawn = await dependencies.drawCard(subject, 'group', reader, olderStands);
    if (drawn === null) return null;
    const { card } = drawn;
    return {
      ...standingCard(channel, drawn),
      post: async () => {
        const actor = await findLastActor(database.query, warning.id);
        const readers = await findMentionable(dependencies, { warning, groupCode: group.code });
        const mentions = await mentioned(readers, { group, warning, actor });
        return groups.post({ deliveryId, conversation, card, mentions });
      },
      find: () => groups.find(deliveryId, { conversation, under: null }),
      retire: (message) => channel.retire(message, group.locale),
      fallBack: async () => {
        const audience = await findAudience(dependencies, subject);
        await queueAudience(database.query, { subject, audience, nowMs: now() });
        await announceQueue(database.query);
      },
    };
  }

  /** Without a card above it there is nothing to tell: what happened before it stood is on it. */
  async function locateLine(
    delivery: Delivery,
    { warning, auditId }: { readonly warning: Warning; readonly auditId: number },
    { group, channel, groups, conversation }: Place,
  ): Promise<Destination | null> {
    const { id: deliveryId } = delivery;
    const under = await findCard(delivery);
    const entry = await findLogEntry(database.query, auditId);
    const reader = await findReader(warning, group.locale);
    if (under === null || entry === null || reader === null) return null;
    const { people, policy } = await readCurrentKnowledge(database);
    const names = { people, groups: policyInForce(policy).groups };
    const text = dependencies.drawLogLine(entry, names, reader);
    return {
      name: channel.name,
      capabilities: channel.capabilities,
      version: 1,
      isMoving: false,
      isOver: false,
      post: async () => {
        const concerned = codesConcerned(entry);
        const readers = await findMentionable(dependencies, { warning, groupCode: group.code });
        const mentions = await mentioned(
          readers.filter(({ code }) => concerned.includes(code)),
          { group, warning, actor: entry.actorCode },
        );
        return groups.reply({ deliveryId, under, text, mentions });
      },
      update: () => Promise.resolve(),
      find: () => groups.find(deliveryId, { conversation, under }),
      retire: () => Promise.resolve('stays'),
      fallBack: () => Promise.resolve(),
    };
  }

  async function findCard({
    subjectId,
    channel,
    recipientCode,
  }: Delivery): Promise<MessageRef | null> {
    const all = await listDeliveries(database.query, { kind: 'warning', id: subjectId });
    const card = all.find(
      (one) =>
        one.purpose === 'group' && one.channel === channel && one.recipientCode === recipientCode,
    );
    return card?.state === 'posted' ? card.message : null;
  }

  /** Whose buttons the group's card has: whoever is at it, or the owner. Others who press them are refused in private. */
  async function findReader({ state, ownerCode }: Warning, locale: Locale): Promise<Person | null> {
    const { people } = await readCurrentKnowledge(database);
    const code = 'by' in state && state.by !== null ? state.by : ownerCode;
    const person = people.get(code) ?? people.get(ownerCode);
    return person === undefined ? null : { ...person, locale };
  }

  /** Never whoever did it, nobody in their quiet hours but for what is urgent, and only where the policy has it. */
  async function mentioned(
    readers: readonly Person[],
    about: {
      readonly group: ChatGroup;
      readonly warning: Warning;
      readonly actor: string | null;
    },
  ): Promise<readonly Person[]> {
    const { group, warning, actor } = about;
    if (!group.mention.includes(warning.severity)) return [];
    const { quietHours } = await readCurrentPolicy(database);
    const quiet = quietHours.breakThrough.includes(warning.severity)
      ? new Set<string>()
      : await listQuietPeople(database.query, now());
    return readers.filter(({ code }) => code !== actor && !quiet.has(code));
  }

  return locate;
}

function logEntryOf({ purpose }: Delivery): number | null {
  const id = /^log-(?<id>\d{1,15})$/u.exec(purpose)?.groups?.['id'];
  return id === undefined ? null : Number(id);
}

/** Whom an entry of the audit trail hands the warning to. */
function codesConcerned({ after }: HistoryEntry): readonly string[] {
  if (typeof after !== 'object' || after === null) return [];
  const { escalatedTo, ownerCode } = after as Readonly<Record<string, unknown>>;
  return [escalatedTo, ownerCode].flatMap((codes) =>
    typeof codes === 'string' ? codes.split(' ') : [],
  );
}
