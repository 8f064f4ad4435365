import type { RuleDefinition } from './configuration.ts';

/** What a rule may do about its findings by itself. */
export interface AutoFix {
  /** dry-run: says what it would change, and changes nothing. automatic: changes it, within the limits. */
  readonly mode: 'dry-run' | 'automatic';
  /** More customers of the rule than this are left to a person. */
  readonly customersMax: number;
  /** So is a larger part of the customers who carry the tag; 0.05 is a twentieth. */
  readonly shareMax: number;
}

/** Stands where a person's code would, for what a rule did by itself; no person can have it. */
export const automaticActor = 'Tagwarden';

export const automaticDecisions = [
  /** Within the limits: it is being written, or was. */
  'fix',
  /** The rule only tries. */
  'dry-run',
  /** More customers than the rule may change by itself. */
  'too-many',
  /** A larger part of the tag's customers than the rule may change by itself. */
  'too-large-a-share',
  /** It would put a sensitive tag on that the rule's owner may not use. */
  'no-right',
  /** Somebody took an automatic fix of this rule back not long ago. */
  'taken-back',
] as const;
export type AutomaticDecision = (typeof automaticDecisions)[number];

/** What a dry run of a warning found. */
export interface DryRun {
  /** Customers of the warning that would change, and those that would stay as they are. */
  readonly customers: number;
  readonly leftAsTheyAre: number;
  /** Customers with an open finding of the rule, whatever warning they are in. */
  readonly ruleCustomers: number;
  /** The largest part that they are of the customers of one of their tags; 0–1. */
  readonly share: number;
}

/** A dry run and what came of it, as the warning's card tells it. */
export interface AutomaticFixReport extends DryRun {
  readonly atMs: number;
  readonly decision: AutomaticDecision;
  readonly customersMax: number;
  readonly shareMax: number;
}

/** A rule does what its owner may do. Limits are those of the rule, not of the warning, or many small warnings would get past them. */
export function decideAutomaticFix(
  autoFix: AutoFix,
  dryRun: DryRun,
  known: { readonly hasRight: boolean; readonly wasTakenBack: boolean },
): AutomaticDecision {
  if (autoFix.mode === 'dry-run') return 'dry-run';
  if (!known.hasRight) return 'no-right';
  if (known.wasTakenBack) return 'taken-back';
  if (dryRun.ruleCustomers > autoFix.customersMax) return 'too-many';
  return dryRun.share > autoFix.shareMax ? 'too-large-a-share' : 'fix';
}

/** Kinds of which some rules may fix by themselves; which ones, `isUnambiguous` says. */
export const kindsThatFix: readonly RuleDefinition['kind'][] = [
  'exclusive',
  'implied',
  'dominance',
  'synonym',
  'time-to-live',
  'criteria',
  'deprecated',
  'mismatch',
];

/** Whether what the rule recommends follows from the rule alone, so that nobody has to look at the customer. */
export function isUnambiguous(rule: RuleDefinition): boolean {
  switch (rule.kind) {
    case 'exclusive':
      return rule.tagCodes.every((code) => rule.precedence.includes(code));
    case 'implied':
      return rule.singleChoiceCodes.length === 0;
    case 'dominance':
    case 'synonym':
    case 'time-to-live':
    case 'criteria':
    case 'deprecated':
    case 'mismatch':
      return true;
    // Only a person knows whether it still holds, who was right to put it on, or which tag is dispensable.
    case 'stale':
    case 'overload':
    case 'unknown':
    case 'scope':
    case 'sensitivity':
      return false;
    // About the dictionary: there is no customer to change.
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return false;
  }
}
