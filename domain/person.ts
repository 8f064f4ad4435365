import type { Locale, LocalizedText } from './locale.ts';

export const roles = [
  'tagger',
  'owner',
  'second-line',
  'committee',
  'manager',
  'data-admin',
  'auditor',
] as const;
export type Role = (typeof roles)[number];

/** Channels a person can be reached on. The inbox is always there. */
export const channelNames = ['inbox', 'slack', 'feishu', 'email'] as const;
export type ChannelName = (typeof channelNames)[number];
/** Those through which people also act. */
export type ActingChannelName = Exclude<ChannelName, 'email'>;
/** Those whose accounts are linked to people. */
export type LinkedChannelName = Extract<ActingChannelName, 'slack' | 'feishu'>;
/** Accounts elsewhere that are linked to people: of chat platforms, and of the OpenID Connect provider they sign in with. */
export type LinkedAccountKind = LinkedChannelName | 'oidc';

/** Half-open interval in which somebody is away, in epoch milliseconds. */
export interface Absence {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * One human being: whichever channel they use, they are this record with these rights.
 * People are referred to by `code` everywhere.
 */
export interface Person {
  readonly code: string;
  readonly name: LocalizedText;
  readonly email: string | null;
  readonly departmentCode: string;
  readonly roles: readonly Role[];
  readonly managerCode: string | null;
  readonly secondLineCode: string | null;
  readonly deputyCode: string | null;
  readonly locale: Locale;
  /** IANA name, such as Asia/Shanghai. */
  readonly timeZone: string;
  /** Their own, or their department's. */
  readonly calendarCode: string;
  readonly slackUserId: string | null;
  readonly feishuOpenId: string | null;
  /** `sub` at the OpenID Connect provider that is configured. */
  readonly oidcSubject: string | null;
  /** Where cards go besides the inbox, most liked first. */
  readonly channels: readonly ChannelName[];
  readonly absences: readonly Absence[];
  /** `active`: works here. `left`: works here no longer; their warnings go to their second line at once. */
  readonly status: 'active' | 'left';
}

export interface Department {
  readonly code: string;
  readonly name: LocalizedText;
  /** When its people work who have no calendar of their own; null: each has one. */
  readonly calendarCode: string | null;
}

/** Stands for Tagwarden itself where it asks the committee; no person can have this code. */
export const tagwardenCode = 'system:tagwarden';

/** Whether a person is away at an instant (epoch milliseconds). */
export function isAbsent(person: Person, atMs: number): boolean {
  return person.absences.some((absence) => absence.fromMs <= atMs && atMs < absence.untilMs);
}

/** A manager's business line, by code: everybody of the same department and everybody who reports to them. */
export function businessLine(
  manager: Person,
  people: ReadonlyMap<string, Person>,
): readonly string[] {
  return [...people.values()]
    .filter(
      (person) =>
        person.departmentCode === manager.departmentCode || person.managerCode === manager.code,
    )
    .map((person) => person.code);
}
