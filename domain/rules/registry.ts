import type { Rule } from '../rule.ts';
import { criteria } from './criteria.ts';
import { deprecated } from './deprecated.ts';
import { dominance } from './dominance.ts';
import { exclusive } from './exclusive.ts';
import { overload } from './overload.ts';
import type { RuleKindModule, RuleKindRegistry } from './rule-kind.ts';
import { stale } from './stale.ts';
import { synonym } from './synonym.ts';
import { timeToLive } from './time-to-live.ts';
import { unknown } from './unknown.ts';

/** Every rule kind; the type checker fails if one is missing. */
export const ruleKinds: RuleKindRegistry = {
  exclusive,
  dominance,
  synonym,
  'time-to-live': timeToLive,
  stale,
  criteria,
  overload,
  unknown,
  deprecated,
};

/** The module of a rule's kind; give it only rules of that kind. */
export function ruleKindOf(rule: Rule): RuleKindModule {
  return ruleKinds[rule.kind];
}
