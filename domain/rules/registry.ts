import type { Rule } from '../rule.ts';
import { criteria } from './criteria.ts';
import { deprecated } from './deprecated.ts';
import { dominance } from './dominance.ts';
import { exclusive } from './exclusive.ts';
import { implied } from './implied.ts';
import { mismatch } from './mismatch.ts';
import { overload } from './overload.ts';
import { populationJump } from './population-jump.ts';
import type { RuleKindModule, RuleKindRegistry } from './rule-kind.ts';
import { scope } from './scope.ts';
import { sensitivity } from './sensitivity.ts';
import { stale } from './stale.ts';
import { synonym } from './synonym.ts';
import { timeToLive } from './time-to-live.ts';
import { noDefinition } from './no-definition.ts';
import { unknown } from './unknown.ts';
import { unowned } from './unowned.ts';
import { unused } from './unused.ts';

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
  implied,
  scope,
  sensitivity,
  mismatch,
  'no-definition': noDefinition,
  unowned,
  unused,
  'population-jump': populationJump,
};

/** The module of a rule's kind; give it only rules of that kind. */
export function ruleKindOf(rule: Rule): RuleKindModule {
  return ruleKinds[rule.kind];
}

/** Whether a rule looks at the dictionary itself: its findings are on tags instead of customers. */
export function isAboutDictionary(rule: Pick<Rule, 'kind'>): boolean {
  return ruleKinds[rule.kind].inspect !== undefined;
}
