import type { Undecided } from './detect/undecided.ts';

/** What a rule would flag in the customers as they were last read, in figures alone: nobody's data is in it. */
export interface BackTestFigures {
  /** What it looks at; `examined`, `flagged` and what follows count these. */
  readonly about: 'customers' | 'tags';
  readonly examined: number;
  readonly flagged: number;
  /** Flagged, and not by the rule as it is in force; and the other way round. Both 0 where it is not in force. */
  readonly flaggedAnew: number;
  readonly noLongerFlagged: number;
  /** Flagged, and somebody ruled the very same to be no conflict, as found by a rule of this kind or its like. */
  readonly dismissedBefore: number;
  /** Other rules in force that flag some of the same customers, most first. */
  readonly overlaps: readonly { readonly ruleCode: string; readonly flagged: number }[];
  /** Customers of whom it could not tell; 0 of a rule that needs no attributes. */
  readonly undecided: Pick<Undecided, 'customers' | 'missing'>;
}

export const nobodyUndecided: BackTestFigures['undecided'] = { customers: 0, missing: [] };

/** A back-test as it is attached to a request to change its rule. */
export interface AttachedBackTest extends BackTestFigures {
  /** Of the rule's warnings until then: fixed, and dismissed because the rule was wrong. */
  readonly right: number;
  readonly wrong: number;
  /** Epoch milliseconds. */
  readonly testedAtMs: number;
}

/** As it is kept with a request: without `undecided` where it is older than that. */
export type KeptBackTest = Omit<AttachedBackTest, 'undecided'> &
  Partial<Pick<AttachedBackTest, 'undecided'>>;
