import type { Verb } from '../conversation.ts';

/** What a rule's sentences are made of. Tag names are quoted already; null where the findings differ in it. */
export interface RuleFacts {
  readonly customers: number;
  readonly first: string | null;
  readonly second: string | null;
  /** What takes the first tag's place. */
  readonly successor: string | null;
  /** The tag that stands for its synonyms. */
  readonly canonical: string | null;
  readonly direction: 'unmet' | 'missing' | 'both' | null;
  readonly tagsMax: number | null;
  readonly temporaryTagsMax: number | null;
}

/** One thing the bot understands, as it is said. */
export interface HelpLine {
  readonly verb: Verb;
  readonly words: string;
  readonly does: string;
}

/** How a kind of rule is explained. */
export interface RuleWords {
  /** What is wrong. */
  readonly what: (facts: RuleFacts) => string;
  /** What the rule says. */
  readonly rule: (facts: RuleFacts) => string;
  /** Why it matters. */
  readonly why: (facts: RuleFacts) => string;
  /** What to do. */
  readonly advice: (facts: RuleFacts) => string;
}

/** Tags in a resolution's words: a quoted name, or what the tag is in its rule. */
export interface TagNames {
  readonly first: string;
  readonly second: string;
  readonly successor: string;
}

/** What is known of one step of a history; null where the audit row does not say. */
export interface HistoryFacts {
  readonly customers: number | null;
  /** Name of the new owner. */
  readonly owner: string | null;
  readonly until: string | null;
  /** Last day of an exception. */
  readonly exceptedUntil: string | null;
  /** Names of those whom it was last escalated to. */
  readonly escalatedTo: string | null;
  /** Why a warning was closed, in words. */
  readonly reason: string | null;
  /** A vote in words. */
  readonly ballot: string | null;
  /** What came of a rule's own dry run. */
  readonly decision: string | null;
}

/** A rule's own dry run, and its limits; shares are 0–1. */
export interface DryRunFacts {
  readonly customers: number;
  readonly leftAsTheyAre: number;
  readonly ruleCustomers: number;
  readonly customersMax: number;
  readonly share: number;
  readonly shareMax: number;
}

/** Actions of the audit trail that have words of their own; others are shown by their name. */
export const historyActions = [
  'warning.opened',
  'warning.claimed',
  'warning.released',
  'warning.claim-asked',
  'warning.claim-confirmed',
  'warning.claim-expired',
  'warning.reassigned',
  'warning.snoozed',
  'warning.woke',
  'warning.automatic-fix-decided',
  'rule.auto-fix-turned-off',
  'warning.fix-started',
  'warning.fix-written',
  'warning.fixed-by-hand',
  'warning.verified',
  'warning.excepted',
  'warning.exception-prolonged',
  'warning.findings-changed',
  'warning.escalated',
  'warning.escalated-now',
  'warning.rerouted',
  'warning.handed-over',
  'warning.planned',
  'warning.closed',
  'warning.commented',
  'warning.refused',
  'fix.refused',
  'fix.undo-started',
  'fix.written',
  'fix.undone',
  'fix.exported',
  'request.submitted',
  'request.voted',
  'request.chair-asked',
  'request.chair-decided',
  'request.commented',
  'request.asked',
  'request.answered',
  'request.contradicted',
  'request.rival-applied',
  'request.rival-over',
  'request.item-begun',
  'request.item-applied',
  'request.item-failed',
  'request.withdrawn',
  'request.expired',
  'request.rejected',
  'request.approved',
  'request.applied',
  'request.failed',
  'tag.created',
  'tag.changed',
  'tag.deprecated',
  'tag.archived',
  'tag.activated',
  'tag.restored',
  'rule.created',
  'rule.changed',
  'rule.restored',
  'configuration.applied',
  'person.signed-in',
  'person.sign-in-link-made',
  'person.preferences-set',
  'scan.started',
  'source.rows-rejected',
  'door.refused',
  'digest.created',
] as const;
export type HistoryAction = (typeof historyActions)[number];
