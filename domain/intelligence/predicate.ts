/** One thing a definition asks of a customer: a metric between two bounds, counted over a window. */
export interface Predicate {
  /** What is measured, such as spend, orders, or attribute:spend_12m. */
  readonly metric: string;
  /** Inclusive; negative infinity where there is none. Amounts in their base unit, ages in days, shares 0–1. */
  readonly least: number;
  readonly leastIsExcluded: boolean;
  /** Inclusive; infinity where there is none. */
  readonly most: number;
  readonly mostIsExcluded: boolean;
  /** Days before now that count; null: all time. */
  readonly windowDays: number | null;
}

/**
 * How what the first definition asks stands to the second. narrower: whoever meets the first meets the second.
 * contradicting: nobody meets both. overlapping: they measure some of the same, and neither follows.
 * unrelated: they measure different things. unknown: one of them says nothing that can be measured.
 */
export type DefinitionRelation =
  | 'equal'
  | 'narrower'
  | 'wider'
  | 'contradicting'
  | 'overlapping'
  | 'unrelated'
  | 'unknown';

/** Compares two lists of predicates that all have to hold. */
export function comparePredicates(
  first: readonly Predicate[],
  second: readonly Predicate[],
): DefinitionRelation {
  if (first.length === 0 || second.length === 0) return 'unknown';
  if (first.some((one) => second.some((other) => contradict(one, other)))) return 'contradicting';
  const isNarrower = impliesAll(first, second);
  const isWider = impliesAll(second, first);
  if (isNarrower && isWider) return 'equal';
  if (isNarrower) return 'narrower';
  if (isWider) return 'wider';
  const metrics = new Set(first.map(({ metric }) => metric));
  return second.some(({ metric }) => metrics.has(metric)) ? 'overlapping' : 'unrelated';
}

function impliesAll(from: readonly Predicate[], to: readonly Predicate[]): boolean {
  return to.every((wanted) => from.some((given) => implies(given, wanted)));
}

function contradict(one: Predicate, other: Predicate): boolean {
  if (one.metric !== other.metric || one.windowDays !== other.windowDays) return false;
  return isBefore(one, other) || isBefore(other, one);
}

/** Whether everything one allows lies under everything the other allows. */
function isBefore(one: Predicate, other: Predicate): boolean {
  if (one.most < other.least) return true;
  return one.most === other.least && (one.mostIsExcluded || other.leastIsExcluded);
}

function implies(given: Predicate, wanted: Predicate): boolean {
  if (given.metric !== wanted.metric || !liesWithin(given, wanted)) return false;
  if (given.windowDays === wanted.windowDays) return true;
  const givenDays = given.windowDays ?? Number.POSITIVE_INFINITY;
  const wantedDays = wanted.windowDays ?? Number.POSITIVE_INFINITY;
  // Sums only grow with the window: enough within a month is enough within a year, and none in a year is none in a month.
  if (wanted.most === Number.POSITIVE_INFINITY) return givenDays <= wantedDays;
  return wanted.least <= 0 ? givenDays >= wantedDays : false;
}

function liesWithin(inner: Predicate, outer: Predicate): boolean {
  const least =
    inner.least > outer.least ||
    (inner.least === outer.least && (inner.leastIsExcluded || !outer.leastIsExcluded));
  const most =
    inner.most < outer.most ||
    (inner.most === outer.most && (inner.mostIsExcluded || !outer.mostIsExcluded));
  return least && most;
}
