import { holdsOver, type Person } from './person.ts';
import { standInCode } from './rights.ts';

/** When every owner is asked whether their tags are still needed. */
export interface ReviewPolicy {
  /** Cron expression in the time zone of the scans. */
  readonly cron: string;
  readonly withinMs: number;
  /** Parts of that time at which owners with an open question are reminded. */
  readonly reminderFractions: readonly number[];
}

/** What is to come of cleaning up the dictionary. */
export interface CleanUpPolicy {
  /** So many tags in use are wanted; null: nobody said. */
  readonly goalTags: number | null;
  /** null: only when a data admin starts one. */
  readonly review: ReviewPolicy | null;
}

export const defaultCleanUp: CleanUpPolicy = { goalTags: null, review: null };

/** How a review goes that a data admin starts where the policy has none. */
export const defaultReview: Pick<ReviewPolicy, 'withinMs' | 'reminderFractions'> = {
  withinMs: 14 * 86_400_000,
  reminderFractions: [0.5, 0.9],
};

/** keep: still needed. retire: no longer; it is brought before the committee when the review ends. */
export const reviewAnswers = ['keep', 'retire'] as const;
export type ReviewAnswer = (typeof reviewAnswers)[number];

export interface ReviewItem {
  readonly tagCode: string;
  /** Its owner when the review began. */
  readonly ownerCode: string;
  readonly answer: ReviewAnswer | null;
  readonly answeredBy: string | null;
}

/** A round in which owners say of each of their tags whether it is still needed. */
export interface TagReview {
  readonly id: number;
  readonly startedBy: string | null;
  readonly startedAtMs: number;
  readonly dueAtMs: number;
  readonly closedAtMs: number | null;
  /** Requests that what was to be retired became. */
  readonly requestIds: readonly number[];
  readonly version: number;
  readonly items: readonly ReviewItem[];
}

/** Whether a person may answer for a tag: its owner, who stands in for them, and data admins. */
export function mayAnswer(
  item: Pick<ReviewItem, 'ownerCode'>,
  person: Person,
  now: { readonly people: ReadonlyMap<string, Person>; readonly atMs: number },
): boolean {
  const owner = now.people.get(item.ownerCode);
  if (item.ownerCode === person.code || holdsOver(person, 'data-admin', owner)) return true;
  return standInCode(owner ?? null, now.atMs) === person.code;
}

/** Those a person is asked about: their own, and those of whom they stand in for. */
export function itemsFor(
  review: Pick<TagReview, 'items'>,
  person: Pick<Person, 'code'>,
  now: { readonly people: ReadonlyMap<string, Person>; readonly atMs: number },
): readonly ReviewItem[] {
  return review.items.filter(
    ({ ownerCode }) =>
      ownerCode === person.code ||
      standInCode(now.people.get(ownerCode) ?? null, now.atMs) === person.code,
  );
}

export interface ReviewProgress {
  readonly all: number;
  readonly keep: number;
  readonly retire: number;
  readonly open: number;
}

export function reviewProgress(items: readonly ReviewItem[]): ReviewProgress {
  const count = (answer: ReviewAnswer | null) =>
    items.filter((item) => item.answer === answer).length;
  return {
    all: items.length,
    keep: count('keep'),
    retire: count('retire'),
    open: count(null),
  };
}
