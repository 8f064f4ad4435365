import { escalatedCodes } from './escalation.ts';
import type { LocalizedText } from './locale.ts';
import { holdsOver, isAbsent, isWithin, type Department, type Person } from './person.ts';
import type { TagRequest, VotingTerms } from './request.ts';
import type { Tag } from './tag.ts';
import type { Warning } from './warning.ts';

/** What people do with warnings; each is one command. */
export const warningActions = [
  'claim',
  'release',
  'fix',
  'fixed-by-hand',
  'dismiss',
  'except',
  'snooze',
  'reassign',
  'escalate',
  'comment',
  'undo',
] as const;
export type WarningAction = (typeof warningActions)[number];

export type Permission =
  | { readonly kind: 'allowed' }
  /** `responsibleCode` is who may. */
  | { readonly kind: 'not-responsible'; readonly responsibleCode: string }
  /** Someone else has claimed it. */
  | { readonly kind: 'claimed-by-other'; readonly by: string };

/**
 * Whether a person may do something with a warning. The owner, the owner's deputy, the second line,
 * the manager, whoever it was escalated to and data admins may, those of a department for the warnings of its people;
 * releasing and undoing are also for whoever has the claim. `deputyCode` is whoever stands in for the owner now
 * (`standInCode`). Auditors and everyone else may only look.
 */
export function permission(
  person: Person,
  warning: Warning,
  action: WarningAction,
  { deputyCode, owner }: { readonly deputyCode: string | null; readonly owner: Person | undefined },
): Permission {
  if (person.status === 'left') {
    return { kind: 'not-responsible', responsibleCode: warning.ownerCode };
  }
  const isAbove =
    person.code === warning.secondLineCode ||
    person.code === warning.managerCode ||
    escalatedCodes(warning).includes(person.code);
  const isAdmin = holdsOver(person, 'data-admin', owner);
  const isResponsible =
    isAdmin || person.code === warning.ownerCode || person.code === deputyCode || isAbove;
  const claimer = 'by' in warning.state ? warning.state.by : null;
  if (!isResponsible && claimer !== person.code) {
    return { kind: 'not-responsible', responsibleCode: warning.ownerCode };
  }
  const mayOverrule = isAdmin || isAbove;
  const touchesClaim = action === 'release' || action === 'reassign';
  if (touchesClaim && claimer !== null && claimer !== person.code && !mayOverrule) {
    return { kind: 'claimed-by-other', by: claimer };
  }
  return { kind: 'allowed' };
}

/** Whoever answers for a rule's findings may end what it does by itself: its owner, whose warning it is, and data admins. */
export function mayTurnOffAutoFix(
  person: Person,
  rule: { readonly ownerCode: string | null },
  warning: Pick<Warning, 'ownerCode'>,
  people: ReadonlyMap<string, Person>,
): boolean {
  const ownerCode = rule.ownerCode ?? warning.ownerCode;
  return (
    person.status === 'active' &&
    (person.code === ownerCode || holdsOver(person, 'data-admin', people.get(ownerCode)))
  );
}

/** What became of each customer is for whoever asked for a request, whoever votes on it, and data admins. */
export function maySeeFixOfRequest(
  person: Person,
  request: Pick<TagRequest, 'requesterCode' | 'memberCodes'>,
  people: ReadonlyMap<string, Person>,
): boolean {
  return (
    person.code === request.requesterCode ||
    request.memberCodes.includes(person.code) ||
    holdsOver(person, 'data-admin', people.get(request.requesterCode))
  );
}

/** What a request did to customers may be taken back by whoever asked for it and by data admins of theirs. */
export function mayUndoFixOfRequest(
  person: Person,
  { requestedBy }: { readonly requestedBy: string },
  people: ReadonlyMap<string, Person>,
): boolean {
  return person.code === requestedBy || holdsOver(person, 'data-admin', people.get(requestedBy));
}

/** Who stands in for a person at this instant: their deputy while they are away. Epoch milliseconds. */
export function standInCode(person: Person | null, atMs: number): string | null {
  return person !== null && isAbsent(person, atMs) ? person.deputyCode : null;
}

/**
 * Departments whose people may use a tag, which is to put it on customers; null: everybody. A sensitive one without
 * any is for those of its owner's department, `ownerDepartmentCode`.
 */
export function usingDepartments(
  { sensitive, departmentCodes }: Pick<Tag, 'sensitive' | 'departmentCodes'>,
  ownerDepartmentCode: string | undefined,
): readonly string[] | null {
  if (departmentCodes.length > 0) return departmentCodes;
  if (!sensitive) return null;
  return ownerDepartmentCode === undefined ? [] : [ownerDepartmentCode];
}

/** Whether a person may use a sensitive tag: its owner and the departments it is for. Whoever may only see it may not. */
export function mayUseSensitiveTag(
  person: Pick<Person, 'code' | 'departmentCode' | 'departmentsAbove'>,
  tag: Pick<Tag, 'sensitive' | 'ownerCode' | 'departmentCodes'>,
  people: ReadonlyMap<string, Pick<Person, 'departmentCode'>>,
): boolean {
  if (!tag.sensitive || tag.ownerCode === person.code) return true;
  const departments = usingDepartments(tag, people.get(tag.ownerCode)?.departmentCode);
  return departments === null || isWithin(person, departments);
}

/** A sensitive tag that somebody wanted to put on customers and may not: it is for its owner and these departments. */
export interface MayNotUse {
  readonly kind: 'may-not-use';
  readonly tagName: LocalizedText;
  readonly ownerCode: string;
  readonly departmentNames: readonly LocalizedText[];
}

/** Of tags that would be put on the first that a person may not use; null: none. Nobody may not use any sensitive one. */
export function findUnusable(
  person: Person | null,
  tags: readonly Tag[],
  {
    people,
    departments,
  }: {
    readonly people: ReadonlyMap<string, Person>;
    readonly departments: ReadonlyMap<string, Department>;
  },
): MayNotUse | null {
  const tag = tags.find((one) =>
    person === null ? one.sensitive : !mayUseSensitiveTag(person, one, people),
  );
  if (tag === undefined) return null;
  const codes = usingDepartments(tag, people.get(tag.ownerCode)?.departmentCode) ?? [];
  return {
    kind: 'may-not-use',
    tagName: tag.name,
    ownerCode: tag.ownerCode,
    departmentNames: codes.flatMap((code) => departments.get(code)?.name ?? []),
  };
}

/** What of a tag says who may see it. */
export type Secrecy = Pick<
  Tag,
  'sensitive' | 'ownerCode' | 'departmentCodes' | 'seenByDepartmentCodes'
>;

/** A sensitive tag is for whoever may use it, the departments that may see it besides, and data admins of its owner's. */
export function maySeeTag(
  reader: Person,
  tag: Secrecy,
  people: ReadonlyMap<string, Person>,
): boolean {
  return (
    mayUseSensitiveTag(reader, tag, people) ||
    isWithin(reader, tag.seenByDepartmentCodes) ||
    holdsOver(reader, 'data-admin', people.get(tag.ownerCode))
  );
}

/** Whoever a warning is up to, and data admins, see all of it, whatever tags it is about. */
export function answersFor(
  reader: Person,
  warning: Warning,
  people: ReadonlyMap<string, Person>,
): boolean {
  const claimer = 'by' in warning.state ? warning.state.by : null;
  return (
    holdsOver(reader, 'data-admin', people.get(warning.ownerCode)) ||
    [warning.ownerCode, warning.secondLineCode, warning.managerCode, claimer].includes(
      reader.code,
    ) ||
    escalatedCodes(warning).includes(reader.code)
  );
}

/** What of a request says who has to do with it. */
export interface Involving extends Pick<TagRequest, 'requesterCode' | 'memberCodes'> {
  readonly terms?: VotingTerms | null;
}

/** Whoever asks, whoever decides or stands in for them, and data admins see all of a request, whatever tags it is about. */
export function isInvolvedInRequest(
  reader: Person,
  request: Involving,
  people: ReadonlyMap<string, Person>,
): boolean {
  const { requesterCode, memberCodes, terms } = request;
  return (
    holdsOver(reader, 'data-admin', people.get(requesterCode)) ||
    reader.code === requesterCode ||
    reader.code === terms?.chair?.code ||
    memberCodes.some((code) => code === reader.code || people.get(code)?.deputyCode === reader.code)
  );
}
