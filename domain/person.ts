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

/** Roles that somebody may hold for some departments alone, and with them for the departments below. */
export const departmentRoles = ['second-line', 'data-admin', 'auditor'] as const satisfies Role[];
export type DepartmentRole = (typeof departmentRoles)[number];

/** A role held for these departments and those below them, over their people and what is theirs. */
export interface DepartmentGrant {
  readonly role: DepartmentRole;
  readonly departmentCodes: readonly string[];
}

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
  /** Departments that theirs is a part of, nearest first. */
  readonly departmentsAbove: readonly string[];
  /** Held for the whole company. */
  readonly roles: readonly Role[];
  readonly departmentGrants: readonly DepartmentGrant[];
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
  /** The department it is a part of. */
  readonly parentCode: string | null;
  /** When its people work who have no calendar of their own; null: each has one. */
  readonly calendarCode: string | null;
}

/** Stands for Tagwarden itself where it asks the committee; no person can have this code. */
export const tagwardenCode = 'system:tagwarden';

/** Whether a person is away at an instant (epoch milliseconds). */
export function isAbsent(person: Person, atMs: number): boolean {
  return person.absences.some((absence) => absence.fromMs <= atMs && atMs < absence.untilMs);
}

/** Whether a person belongs to one of these departments or to one below them. */
export function isWithin(
  person: Pick<Person, 'departmentCode' | 'departmentsAbove'>,
  departmentCodes: readonly string[],
): boolean {
  return (
    departmentCodes.includes(person.departmentCode) ||
    person.departmentsAbove.some((code) => departmentCodes.includes(code))
  );
}

/** Every role of a person, those included that hold for some departments alone; each once. */
export function heldRoles({
  roles: everywhere,
  departmentGrants,
}: Pick<Person, 'roles' | 'departmentGrants'>): readonly Role[] {
  return [...new Set([...everywhere, ...departmentGrants.map(({ role }) => role)])];
}

/** A person with no more than these roles, each as far as they have it. */
export function withOnlyRoles(person: Person, kept: readonly Role[]): Person {
  return {
    ...person,
    roles: person.roles.filter((role) => kept.includes(role)),
    departmentGrants: person.departmentGrants.filter(({ role }) => kept.includes(role)),
  };
}

/** Whether a role of a person's holds for another person and what is theirs. */
export function holdsOver(
  person: Pick<Person, 'roles' | 'departmentGrants'>,
  role: DepartmentRole,
  other: Person | undefined,
): boolean {
  return (
    person.roles.includes(role) ||
    (other !== undefined &&
      person.departmentGrants.some(
        (grant) => grant.role === role && isWithin(other, grant.departmentCodes),
      ))
  );
}

/** Whose things a role of a person's holds for, by code: everybody's for null, nobody's without the role. */
export function peopleUnder(
  person: Pick<Person, 'roles' | 'departmentGrants'>,
  role: DepartmentRole,
  people: ReadonlyMap<string, Person>,
): readonly string[] | null {
  if (person.roles.includes(role)) return null;
  return [...people.values()]
    .filter((other) => holdsOver(person, role, other))
    .map(({ code }) => code);
}

/** A manager's business line, by code: everybody of their department or below and everybody who reports to them. */
export function businessLine(
  manager: Person,
  people: ReadonlyMap<string, Person>,
): readonly string[] {
  return [...people.values()]
    .filter(
      (person) => isWithin(person, [manager.departmentCode]) || person.managerCode === manager.code,
    )
    .map((person) => person.code);
}
