import type { LocalizedText } from './locale.ts';
import type { Severity } from './severity.ts';

interface RuleBase {
  readonly id: number;
  readonly code: string;
  readonly name: LocalizedText;
  readonly severity: Severity;
  /** Who gets the warnings; null: the owner of the tag that the finding is about. */
  readonly ownerCode: string | null;
  readonly enabled: boolean;
}

/** At most one tag of the group on one customer; two tags are a pair. `precedence` lists tags from strongest to weakest. */
export interface ExclusiveRule extends RuleBase {
  readonly kind: 'exclusive';
  readonly tagCodes: readonly string[];
  readonly precedence: readonly string[];
  /** Pairs of the group that may stand together after all. */
  readonly allowedPairs: readonly (readonly [string, string])[];
}

/** Where `dominantCode` is present, each of `dominatedCodes` must go. */
export interface DominanceRule extends RuleBase {
  readonly kind: 'dominance';
  readonly dominantCode: string;
  readonly dominatedCodes: readonly string[];
}

/** Tags known to mean the same; `canonicalCode` is kept. Found when a customer carries the canonical one and a synonym, or two synonyms. */
export interface SynonymRule extends RuleBase {
  readonly kind: 'synonym';
  readonly canonicalCode: string;
  readonly synonymCodes: readonly string[];
}

/** Assignments older than the tag's `lifeDays`. `tagCodes` empty: every tag that has a life. */
export interface TimeToLiveRule extends RuleBase {
  readonly kind: 'time-to-live';
  readonly tagCodes: readonly string[];
}

/** Assignments not confirmed for longer than the tag's `confirmEveryDays`. `tagCodes` empty: every tag that has one. */
export interface StaleRule extends RuleBase {
  readonly kind: 'stale';
  readonly tagCodes: readonly string[];
}

/**
 * The tag's criteria against the customer's attributes: `unmet`: the tag is there and its criteria are false;
 * `missing`: the criteria are true and the tag is not there; `both`.
 */
export interface CriteriaRule extends RuleBase {
  readonly kind: 'criteria';
  readonly tagCode: string;
  readonly direction: 'unmet' | 'missing' | 'both';
}

/** More than `tagsMax` tags on one customer, or more than `temporaryTagsMax` of level temporary. null: no such limit. */
export interface OverloadRule extends RuleBase {
  readonly kind: 'overload';
  readonly tagsMax: number | null;
  readonly temporaryTagsMax: number | null;
}

/** A tag that is not in the dictionary. */
export interface UnknownRule extends RuleBase {
  readonly kind: 'unknown';
}

/** A tag whose status is deprecated or archived. */
export interface DeprecatedRule extends RuleBase {
  readonly kind: 'deprecated';
}

export type Rule =
  | ExclusiveRule
  | DominanceRule
  | SynonymRule
  | TimeToLiveRule
  | StaleRule
  | CriteriaRule
  | OverloadRule
  | UnknownRule
  | DeprecatedRule;

export type RuleKind = Rule['kind'];
