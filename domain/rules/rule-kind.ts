import type { CustomerTags } from '../customer.ts';
import type { Dictionary } from '../dictionary.ts';
import type { Finding } from '../finding.ts';
import type { ResolutionCode, TagChange } from '../fix.ts';
import type { Person } from '../person.ts';
import type { Rule, RuleKind } from '../rule.ts';

/** Receives what a rule finds on the customer at hand; ids as in `Finding`. */
export type Report = (ruleId: number, firstTagId: number, secondTagId: number) => void;

/**
 * Receives that a rule could not tell of the customer at hand, since attributes that decide are missing. The codes are
 * valid only during the call.
 */
export type ReportUndecided = (ruleId: number, missingAttributeCodes: readonly string[]) => void;

/** Which customers a rule has to look at, so that cost follows a customer's tags and not the number of rules. */
export type Trigger =
  /** Those that carry at least `atLeast` different tags of these. */
  | { readonly kind: 'tags'; readonly tagIds: readonly number[]; readonly atLeast: 1 | 2 }
  /** Those that carry a tag the dictionary does not hold, or holds only as proposed. */
  | { readonly kind: 'unknown-tags' }
  | { readonly kind: 'every-customer' };

/** A rule compiled against a dictionary. */
export interface CompiledRule {
  readonly ruleId: number;
  readonly trigger: Trigger;
  /**
   * Reports each breach once, and to `undecided` where it cannot tell. `nowSeconds` is a whole epoch second.
   * Returns the epoch second at which time alone may change the answer, or Infinity.
   * Must not allocate on the way through a customer without a breach.
   */
  check(
    customer: CustomerTags,
    nowSeconds: number,
    report: Report,
    undecided: ReportUndecided,
  ): number;
}

/** One kind of rule; one file each, listed in registry.ts. */
export interface RuleKindModule<R extends Rule = Rule> {
  readonly kind: R['kind'];
  /** It looks at who put tags on, in which source: `Dictionary.origins` and the customer's origins have to be there. */
  readonly needsOrigins?: true;
  compile(rule: R, dictionary: Dictionary): CompiledRule;
  /** What can be done about a finding; the recommended one first. Empty: only a person in the CRM can tell. */
  resolutions(rule: R, finding: Finding, dictionary: Dictionary): readonly ResolutionCode[];
  /** The tag change that carries out a resolution on the customer as it is now; empty where there is nothing to do. */
  change(
    rule: R,
    finding: Finding,
    resolution: ResolutionCode,
    customer: CustomerTags,
    dictionary: Dictionary,
  ): TagChange;
  /** Of kinds that look at the dictionary itself: ids of the tags in breach, ascending. Such kinds find nothing on customers. */
  inspect?(rule: R, dictionary: Dictionary, facts: DictionaryFacts): readonly number[];
}

/** What is known of tags beyond the dictionary; by tag id. */
export interface DictionaryFacts {
  readonly people: ReadonlyMap<string, Person>;
  /** Customers who carry the tag now. */
  readonly customers: ReadonlyMap<number, number>;
  /** Customers who carried it at the last full scans before this one, oldest first. */
  readonly history: ReadonlyMap<number, readonly number[]>;
  /** When the dictionary took the tag in; epoch seconds. */
  readonly sinceSeconds: ReadonlyMap<number, number>;
  readonly nowSeconds: number;
}

export type RuleKindRegistry = {
  readonly [K in RuleKind]: RuleKindModule<Extract<Rule, { kind: K }>>;
};
