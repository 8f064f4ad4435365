import { escalatedCodes } from './escalation.ts';
import { isAbsent, type Person } from './person.ts';
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
 * the manager, whoever it was escalated to and data admins may; releasing and undoing are also for whoever has the claim.
 * `deputyCode` is whoever stands in for the owner now (`standInCode`). Auditors and everyone else may only look.
 */
export function permission(
  person: Person,
  warning: Warning,
  action: WarningAction,
  deputyCode: string | null,
): Permission {
  if (person.status === 'left') {
    return { kind: 'not-responsible', responsibleCode: warning.ownerCode };
  }
  const isAbove =
    person.code === warning.secondLineCode ||
    person.code === warning.managerCode ||
    escalatedCodes(warning).includes(person.code);
  const isResponsible =
    person.roles.includes('data-admin') ||
    person.code === warning.ownerCode ||
    person.code === deputyCode ||
    isAbove;
  const claimer = 'by' in warning.state ? warning.state.by : null;
  if (!isResponsible && claimer !== person.code) {
    return { kind: 'not-responsible', responsibleCode: warning.ownerCode };
  }
  const mayOverrule = person.roles.includes('data-admin') || isAbove;
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
): boolean {
  return (
    person.status === 'active' &&
    (person.roles.includes('data-admin') || person.code === (rule.ownerCode ?? warning.ownerCode))
  );
}

/** What became of each customer is for whoever asked for a request, whoever votes on it, and data admins. */
export function maySeeFixOfRequest(
  person: Person,
  request: Pick<TagRequest, 'requesterCode' | 'memberCodes'>,
): boolean {
  return (
    person.code === request.requesterCode ||
    request.memberCodes.includes(person.code) ||
    person.roles.includes('data-admin')
  );
}

/** Who stands in for a person at this instant: their deputy while they are away. Epoch milliseconds. */
export function standInCode(person: Person | null, atMs: number): string | null {
  return person !== null && isAbsent(person, atMs) ? person.deputyCode : null;
}

/** A sensitive tag is for data admins, its owner, and the departments it is for; with none named, its owner's. */
export function maySeeTag(reader: Person, tag: Tag, people: ReadonlyMap<string, Person>): boolean {
  if (!tag.sensitive || reader.roles.includes('data-admin') || tag.ownerCode === reader.code) {
    return true;
  }
  const ownerDepartment = people.get(tag.ownerCode)?.departmentCode;
  const departments = tag.departmentCodes.length > 0 ? tag.departmentCodes : [ownerDepartment];
  return departments.includes(reader.departmentCode);
}

/** Whoever a warning is up to, and data admins, see all of it, whatever tags it is about. */
export function answersFor(reader: Person, warning: Warning): boolean {
  const claimer = 'by' in warning.state ? warning.state.by : null;
  return (
    reader.roles.includes('data-admin') ||
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
    reader.roles.includes('data-admin') ||
    reader.code === requesterCode ||
    reader.code === terms?.chair?.code ||
    memberCodes.some((code) => code === reader.code || people.get(code)?.deputyCode === reader.code)
  );
}
