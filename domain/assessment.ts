import { businessLine, holdsOver, peopleUnder, type Person } from './person.ts';
import type { Severity } from './severity.ts';

/** What counts points. */
export const pointCauses = [
  /** Nobody had claimed the warning by its claim deadline. */
  'claim-missed',
  /** It was not closed by its close deadline. */
  'close-missed',
  /** What somebody had fixed came back within the policy's time. */
  'recurred',
] as const;
export type PointCause = (typeof pointCauses)[number];

export interface AssessmentPolicy {
  /** 0: not counted. */
  readonly points: Readonly<Record<PointCause, Readonly<Record<Severity, number>>>>;
  /** How long a person may contest points after they were counted. */
  readonly contestWithinMs: number;
  /** Whether groups and other systems hear of a month by person, and not its totals alone. */
  readonly namesInReports: boolean;
}

export const defaultContestWithinMs = 14 * 86_400_000;

export type PointsState =
  /** They count. */
  | { readonly kind: 'standing' }
  /** They count until somebody decides. */
  | { readonly kind: 'contested'; readonly atMs: number; readonly reason: string }
  /** Contested, and count all the same. */
  | ({ readonly kind: 'upheld' } & Decision)
  /** Contested with success: they do not count. */
  | ({ readonly kind: 'withdrawn' } & Decision);

interface Decision {
  readonly by: string;
  readonly atMs: number;
  /** What the person had written, and what was answered. */
  readonly reason: string;
  readonly answer: string;
}

/** Points of the monthly assessment, with why. People are codes, instants are epoch milliseconds. */
export interface AssessmentPoints {
  readonly id: number;
  readonly personCode: string;
  readonly cause: PointCause;
  readonly points: number;
  readonly warningId: number;
  readonly ruleCode: string;
  readonly severity: Severity;
  /** The deadline that was missed, or when the warning came back. */
  readonly atMs: number;
  readonly state: PointsState;
}

/** One person's month. */
export interface AssessmentSum {
  readonly personCode: string;
  /** Without those that were withdrawn. */
  readonly points: number;
  readonly byCause: Readonly<Record<PointCause, number>>;
  /** How many entries wait for a decision. */
  readonly contested: number;
}

/** Why points cannot be contested or decided on now, for a person to read. */
export type PointsRefusal =
  | { readonly kind: 'points-of-other'; readonly personCode: string }
  | { readonly kind: 'contest-over'; readonly untilMs: number }
  | { readonly kind: 'contested-before' }
  | { readonly kind: 'not-contested' }
  | { readonly kind: 'may-not-decide'; readonly personCode: string };

/** Until when points can be contested, in epoch milliseconds. */
export function contestUntilMs(
  { atMs }: Pick<AssessmentPoints, 'atMs'>,
  { contestWithinMs }: Pick<AssessmentPolicy, 'contestWithinMs'>,
): number {
  return atMs + contestWithinMs;
}

/** Why a person cannot contest points; null where they can. Each entry is contested at most once. */
export function contestRefusal(
  person: Person,
  points: AssessmentPoints,
  when: { readonly nowMs: number; readonly contestWithinMs: number },
): PointsRefusal | null {
  if (points.personCode !== person.code) {
    return { kind: 'points-of-other', personCode: points.personCode };
  }
  if (points.state.kind !== 'standing') return { kind: 'contested-before' };
  const untilMs = contestUntilMs(points, when);
  return when.nowMs < untilMs ? null : { kind: 'contest-over', untilMs };
}

/** Why a person cannot decide on contested points; null where they can. Nobody decides on their own. */
export function decideRefusal(
  person: Person,
  points: AssessmentPoints,
  people: ReadonlyMap<string, Person>,
): PointsRefusal | null {
  const isAbove =
    holdsOver(person, 'data-admin', people.get(points.personCode)) ||
    (person.roles.includes('manager') && businessLine(person, people).includes(points.personCode));
  const may = person.status === 'active' && person.code !== points.personCode && isAbove;
  if (!may) return { kind: 'may-not-decide', personCode: points.personCode };
  return points.state.kind === 'contested' ? null : { kind: 'not-contested' };
}

/** Whose points a person may see: their own, a manager their line's, data admins and auditors everybody's for whom they are; null: all. */
export function assessedFor(
  reader: Person,
  people: ReadonlyMap<string, Person>,
): readonly string[] | null {
  const administered = peopleUnder(reader, 'data-admin', people);
  const audited = peopleUnder(reader, 'auditor', people);
  if (administered === null || audited === null) return null;
  const led = reader.roles.includes('manager') ? businessLine(reader, people) : [];
  return [...new Set([reader.code, ...led, ...administered, ...audited])];
}

/** Who is asked to decide when somebody contests points: their manager, else those of their line, else data admins. */
export function decidersFor(
  personCode: string,
  people: ReadonlyMap<string, Person>,
): readonly string[] {
  const others = [...people.values()].filter(
    ({ code, status }) => status === 'active' && code !== personCode,
  );
  const above = others.filter(
    (person) =>
      person.roles.includes('manager') && businessLine(person, people).includes(personCode),
  );
  const own = above.filter(({ code }) => code === people.get(personCode)?.managerCode);
  const ofDepartment = others.filter(
    (person) =>
      !person.roles.includes('data-admin') &&
      holdsOver(person, 'data-admin', people.get(personCode)),
  );
  const admins = others.filter(({ roles }) => roles.includes('data-admin'));
  const asked = [own, above, ofDepartment, admins].find((some) => some.length > 0) ?? [];
  return asked.map(({ code }) => code).sort();
}

/** The month before one such as 2026-01. */
export function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
}

/** What everybody together has, for those who are told no names. */
export interface AssessmentTotals {
  readonly points: number;
  readonly people: number;
  readonly contested: number;
  readonly byCause: Readonly<Record<PointCause, number>>;
}

export function totalsOf(sums: readonly AssessmentSum[]): AssessmentTotals {
  const total = (count: (sum: AssessmentSum) => number) =>
    sums.reduce((all, sum) => all + count(sum), 0);
  return {
    points: total(({ points }) => points),
    people: sums.length,
    contested: total(({ contested }) => contested),
    byCause: {
      'claim-missed': total(({ byCause }) => byCause['claim-missed']),
      'close-missed': total(({ byCause }) => byCause['close-missed']),
      recurred: total(({ byCause }) => byCause.recurred),
    },
  };
}
