import { wilsonInterval, type Interval } from './wilson-interval.ts';

/** What people made of a rule's closed warnings. */
export interface RuleDecisions {
  /** Closed as fixed, in Tagwarden or by hand. */
  readonly right: number;
  /** Ruled "not a conflict" because the rule is wrong. */
  readonly wrong: number;
}

/** Before so many decisions a rule is not judged. */
const decisionsMin = 5;

export type RuleVerdict =
  /** Too few decisions to tell. */
  | { readonly kind: 'unproven'; readonly decisions: number }
  /** `precision` and the interval it may truly lie in; `sound`: not surely under the floor. */
  | {
      readonly kind: 'sound' | 'doubtful';
      readonly precision: number;
      readonly interval: Interval;
    };

/** Doubtful is a rule whose whole interval lies under the floor: by chance alone it would hardly be wrong so often. */
export function judgeRule({ right, wrong }: RuleDecisions, precisionFloor: number): RuleVerdict {
  const decisions = right + wrong;
  if (decisions < decisionsMin) return { kind: 'unproven', decisions };
  const interval = wilsonInterval(right, decisions);
  return {
    kind: interval.high < precisionFloor ? 'doubtful' : 'sound',
    precision: right / decisions,
    interval,
  };
}
