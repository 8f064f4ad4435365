import type { CustomerTags } from '../customer.ts';
import type { Report, ReportUndecided } from '../rules/rule-kind.ts';

/**
 * All enabled rules as one pass over a customer. The same detector serves the full scan, the incremental
 * scan and the check of one customer, so they cannot disagree. Made by `compileDetector` (compile.ts).
 */
export interface Detector {
  /**
   * Reports every breach on this customer, each once, and to `undecided` each rule that cannot tell.
   * Returns the epoch second at which a time-based rule next changes its answer; Infinity: never.
   */
  detect(
    customer: CustomerTags,
    nowSeconds: number,
    report: Report,
    /** @default nobody asks */
    undecided?: ReportUndecided,
  ): number;
}
