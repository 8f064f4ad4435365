import type { LocalizedText, Locale } from './locale.ts';
import type { LinkedChannelName, Person } from './person.ts';
import type { Severity } from './severity.ts';

/** A conversation of several people in which whoever wants to has their warnings instead of a direct message. */
export interface ChatGroup {
  readonly code: string;
  readonly name: LocalizedText;
  /** Such as C012AB3CD; null: it is not in Slack. */
  readonly slackChannelId: string | null;
  /** Such as oc_1a2b…; null: it is not in Feishu. */
  readonly feishuChatId: string | null;
  /** Warnings of these severities may mention whoever they are for. */
  readonly mention: readonly Severity[];
  /** Of what the group reads. */
  readonly locale: Locale;
}

/** Severities that may mention people where nothing else is said. */
export const usualMention: readonly Severity[] = ['high'];

/** Where a group stands in a chat; null where it does not. */
export function conversationOf(group: ChatGroup, channel: LinkedChannelName): string | null {
  return channel === 'slack' ? group.slackChannelId : group.feishuChatId;
}

/** The chat in which a group has a person's warnings: the one they like most of those where both are; null for none. */
export function chatOfGroup(
  group: ChatGroup,
  person: Pick<Person, 'channels' | 'slackUserId' | 'feishuOpenId'>,
): LinkedChannelName | null {
  const accounts = { slack: person.slackUserId, feishu: person.feishuOpenId };
  return (
    person.channels.find(
      (name): name is LinkedChannelName =>
        (name === 'slack' || name === 'feishu') &&
        accounts[name] !== null &&
        conversationOf(group, name) !== null,
    ) ?? null
  );
}

/** Somebody who reads what stands in a group: in its language, with the rights of nobody. */
export function groupReader(group: ChatGroup, timeZone: string): Person {
  return {
    code: recipientCodeOf(group),
    name: group.name,
    email: null,
    departmentCode: '',
    departmentsAbove: [],
    roles: [],
    departmentGrants: [],
    managerCode: null,
    secondLineCode: null,
    deputyCode: null,
    locale: group.locale,
    timeZone,
    calendarCode: '',
    slackUserId: null,
    feishuOpenId: null,
    oidcSubject: null,
    channels: [],
    absences: [],
    status: 'active',
  };
}

const recipientPrefix = 'group:';

/** What stands for a group where a delivery says whom it is for; no person's code holds a colon. */
export function recipientCodeOf(group: Pick<ChatGroup, 'code'>): string {
  return `${recipientPrefix}${group.code}`;
}

/** The group that a delivery is for; null where it is a person. */
export function groupCodeOf(recipientCode: string): string | null {
  return recipientCode.startsWith(recipientPrefix)
    ? recipientCode.slice(recipientPrefix.length)
    : null;
}
