import type { Dictionary } from '../dictionary.ts';
import type { Rule } from '../rule.ts';
import type { DictionaryFacts, RuleKindModule } from './rule-kind.ts';
import { noChange } from './tag-change.ts';

/**
 * A kind that looks at the dictionary and not at customers. No change of a customer's tags resolves its findings: a
 * person mends the dictionary by a tag request or in the configuration.
 */
export function onDictionary<R extends Rule>(
  kind: R['kind'],
  inspect: (rule: R, dictionary: Dictionary, facts: DictionaryFacts) => readonly number[],
): RuleKindModule<R> {
  return {
    kind,
    compile: (rule) => ({
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds: [], atLeast: 1 },
      check: () => Number.POSITIVE_INFINITY,
    }),
    resolutions: () => [],
    change: () => noChange,
    inspect: (rule, dictionary, facts) =>
      [...inspect(rule, dictionary, facts)].sort((left, right) => left - right),
  };
}
