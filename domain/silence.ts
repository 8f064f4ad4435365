import type { Severity } from './severity.ts';

/** What a silence covers: findings that fit every part that is given. At least one is. */
export interface SilenceScope {
  readonly ruleCode: string | null;
  readonly tagCode: string | null;
  readonly severity: Severity | null;
}

/** While it lasts, findings in its scope open no warning; warnings that are open go on. Epoch milliseconds. */
export interface Silence extends SilenceScope {
  readonly id: number;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly untilMs: number;
  /** Who ended it before its time; null while nobody did. */
  readonly endedBy: string | null;
  readonly endedAtMs: number | null;
}

/** What a silence would have hidden in a stretch of time, and of what is open now. */
export interface SilencePreview {
  readonly findings: number;
  readonly customers: number;
  readonly warnings: number;
  /** Open findings without a warning that fit the scope. */
  readonly waiting: number;
}

export function isInForce(silence: Silence, nowMs: number): boolean {
  return silence.endedAtMs === null && silence.untilMs > nowMs;
}

/** Exceptions that were granted together, in force until `untilMs`. */
export interface ExceptionLine {
  readonly ruleCode: string;
  /** null: every tag. */
  readonly firstTagCode: string | null;
  readonly secondTagCode: string | null;
  /** 0: every customer. */
  readonly customers: number;
  readonly reason: string;
  readonly grantedBy: string;
  readonly untilMs: number;
  readonly warningId: number | null;
  readonly warningOwnerCode: string | null;
  readonly requestId: number | null;
}
