import type { UnusedRule } from '../rule.ts';
import { onDictionary } from './on-dictionary.ts';

const daySeconds = 86_400;

/**
 * A tag that hardly anybody carries: it makes every list longer and tells nothing.
 *
 * Parameters: `customersMax` (@default 0), `daysMin` (days of 86,400 seconds since the dictionary took it in; a young
 * tag may still be on its way; @default 30).
 *
 * Findings: each active tag of that sort. A tag whose age is unknown counts as old.
 *
 * Cost: one look at each tag of the dictionary.
 */
export const unused = onDictionary<UnusedRule>('unused', (rule, dictionary, facts) =>
  dictionary.tags
    .filter((tag) => tag.status === 'active')
    .filter((tag) => {
      const since = facts.sinceSeconds.get(tag.id) ?? Number.NEGATIVE_INFINITY;
      return (
        (facts.customers.get(tag.id) ?? 0) <= rule.customersMax &&
        facts.nowSeconds - since >= rule.daysMin * daySeconds
      );
    })
    .map((tag) => tag.id),
);
