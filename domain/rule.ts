import type { AutoFix } from './automatic-fix.ts';
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
  /** @default a person decides on every fix */
  readonly autoFix?: AutoFix;
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

/**
 * A tag calls for its main tag (`Tag.parentCode`) and for what relations say it implies. `tagCodes` null: every tag that
 * calls for another. `singleChoiceCodes`: main tags of whose sub tags a customer may carry only one.
 */
export interface ImpliedRule extends RuleBase {
  readonly kind: 'implied';
  readonly tagCodes: readonly string[] | null;
  readonly singleChoiceCodes: readonly string[];
}

/** Put on by somebody of a department that may not use the tag. `tagCodes` empty: every tag that names departments. */
export interface ScopeRule extends RuleBase {
  readonly kind: 'scope';
  readonly tagCodes: readonly string[];
}

/**
 * A sensitive tag put on without the right to: that right have its owner, people of `departmentCodes` (empty: the
 * tag's own) and whoever the sources call by one of `actorNames`. `tagCodes` empty: every sensitive tag.
 */
export interface SensitivityRule extends RuleBase {
  readonly kind: 'sensitivity';
  readonly tagCodes: readonly string[];
  readonly departmentCodes: readonly string[];
  readonly actorNames: readonly string[];
}

/** Another source disagrees with a tag's master source. `tagCodes` empty: every tag that has a master. */
export interface MismatchRule extends RuleBase {
  readonly kind: 'mismatch';
  readonly tagCodes: readonly string[];
}

/** On the dictionary: a tag without a definition worth the name, one of at least `definitionCharsMin` characters. */
export interface NoDefinitionRule extends RuleBase {
  readonly kind: 'no-definition';
  readonly definitionCharsMin: number;
}

/** On the dictionary: a tag whose owner is nobody who works here as an owner. */
export interface UnownedRule extends RuleBase {
  readonly kind: 'unowned';
}

/** On the dictionary: a tag that has been there for `daysMin` days and that at most `customersMax` customers carry. */
export interface UnusedRule extends RuleBase {
  readonly kind: 'unused';
  readonly customersMax: number;
  readonly daysMin: number;
}

/**
 * On the dictionary: a tag whose number of customers leaves its own history by more than `deviationsMax` deviations,
 * `shareMin` of what is usual (0.2 is a fifth) and `customersMin` customers. `tagCodes` empty: every tag.
 */
export interface PopulationJumpRule extends RuleBase {
  readonly kind: 'population-jump';
  readonly tagCodes: readonly string[];
  readonly deviationsMax: number;
  readonly shareMin: number;
  readonly customersMin: number;
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
  | DeprecatedRule
  | ImpliedRule
  | ScopeRule
  | SensitivityRule
  | MismatchRule
  | NoDefinitionRule
  | UnownedRule
  | UnusedRule
  | PopulationJumpRule;

export type RuleKind = Rule['kind'];
