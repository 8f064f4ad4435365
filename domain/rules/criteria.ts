import { hasTag } from '../customer.ts';
import { tagIndex } from '../dictionary.ts';
import type { CriteriaRule } from '../rule.ts';
import { compileCondition } from './condition-evaluation.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A tag against its own criteria: it is there although they are not met, or not there although they are.
 *
 * Parameters: `tagCode`, `direction` (unmet, missing or both). The criteria are the tag's own; a tag without
 * criteria is never found. A tag that is not active is never found missing.
 *
 * Findings: only where the criteria are plainly false (unmet) or plainly true (missing); where an attribute that
 * decides is missing, the answer is unknown: nothing is found, and the customer is told as undecided. First tag: the tag; whether the customer
 * carries it tells unmet from missing. Second tag: 0.
 *
 * Cost: unmet: the condition for customers that carry the tag. missing: the condition for every other customer.
 *
 * Resolutions: unmet: remove. missing: add. Of a rule for both directions each does what it can.
 */
export const criteria: RuleKindModule<CriteriaRule> = {
  kind: 'criteria',
  compile(rule, dictionary) {
    const tag = tagIndex(dictionary).byCode.get(rule.tagCode);
    if (tag === undefined || tag.criteria === null) {
      return {
        ruleId: rule.id,
        trigger: { kind: 'tags', tagIds: [], atLeast: 1 },
        check: () => Number.POSITIVE_INFINITY,
      };
    }
    const condition = compileCondition(tag.criteria, dictionary.attributes);
    const seeksUnmet = rule.direction !== 'missing';
    const seeksMissing = rule.direction !== 'unmet' && tag.status === 'active';
    const missing: string[] = [];
    const collect = (attributeCode: string): void => {
      if (!missing.includes(attributeCode)) missing.push(attributeCode);
    };
    return {
      ruleId: rule.id,
      trigger: seeksMissing
        ? { kind: 'every-customer' }
        : { kind: 'tags', tagIds: seeksUnmet ? [tag.id] : [], atLeast: 1 },
      check(customer, nowSeconds, report, undecided) {
        const isThere = hasTag(customer, tag.id);
        if (isThere ? !seeksUnmet : !seeksMissing) return Number.POSITIVE_INFINITY;
        const answer = condition.evaluate(customer, nowSeconds);
        if (answer === (isThere ? 'false' : 'true')) report(rule.id, tag.id, 0);
        if (answer === 'unknown') {
          missing.length = 0;
          condition.eachMissing(collect);
          undecided(rule.id, missing);
        }
        return condition.untilSeconds;
      },
    };
  },
  resolutions(rule) {
    if (rule.direction === 'unmet') return ['remove'];
    return rule.direction === 'missing' ? ['add'] : ['remove', 'add'];
  },
  change(_rule, finding, resolution, customer) {
    if (resolution === 'remove') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution === 'add') return changeOf(customer, { add: [finding.firstTagId] });
    return noChange;
  },
};
