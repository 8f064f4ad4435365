import type { Database } from '../db/client.ts';
import { loadRulePerformance, type RulePerformance } from '../db/stores/rule-performance.ts';

export type ReadRulePerformance = () => Promise<ReadonlyMap<number, RulePerformance>>;

/** For so long everybody gets the same figures; after it they still do, while they are counted anew for the next. */
const freshMs = 20_000;
/** Older figures are waited for. */
const keptMs = 600_000;

interface Counted {
  readonly atMs: number;
  readonly figures: ReadonlyMap<number, RulePerformance>;
}

/** How every rule has done so far, by id. Counting walks all findings there ever were, so one count serves many looks. */
export function createRulePerformanceReader(
  database: Database,
  /** Epoch milliseconds. */
  now: () => number,
): ReadRulePerformance {
  let counted: Counted | null = null;
  let counting: Promise<Counted> | null = null;

  function count(): Promise<Counted> {
    const atMs = now();
    counting ??= loadRulePerformance(database.sql, null)
      .then((figures) => (counted = { atMs, figures }))
      .finally(() => (counting = null));
    return counting;
  }

  return async () => {
    const ageMs = counted === null ? Infinity : now() - counted.atMs;
    if (counted === null || ageMs > keptMs) return (await count()).figures;
    // What fails here fails again, and is told, for whoever has to wait for it.
    if (ageMs > freshMs) count().catch(() => {});
    return counted.figures;
  };
}
