import { afterTag, hasTag, latestSince, type CustomerTags } from '../customer.ts';
import { compareNumbers } from '../compare-numbers.ts';
import { tagIndex, type Dictionary } from '../dictionary.ts';
import type { ImpliedRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A tag without the one it calls for: a sub tag without its main tag, or a tag without what the dictionary's relations
 * say it implies. And siblings: two sub tags of a main tag of which a customer may carry only one.
 *
 * Parameters: `tagCodes` (tags looked at; null: every tag that calls for another), `singleChoiceCodes` (main tags whose
 * sub tags exclude each other; @default []). What is called for must be active.
 *
 * Findings: first tag: the one that calls; second tag: the one that is missing. Of siblings each pair once: first tag:
 * the one whose code comes later, second tag: the one whose code comes earlier.
 *
 * Cost: one look at each calling tag, only for customers that carry one; pairs only where two siblings are present.
 *
 * Resolutions: put the missing tag on (recommended), remove the tag that calls for it. Of siblings: keep the one put on
 * last (recommended; an unknown since is the earliest), keep the second, keep the first.
 */
export const implied: RuleKindModule<ImpliedRule> = {
  kind: 'implied',
  compile(rule, dictionary) {
    const calls = callsOf(rule, dictionary);
    const families = familiesOf(rule, dictionary);
    return {
      ruleId: rule.id,
      trigger: {
        kind: 'tags',
        tagIds: [...calls.map((call) => call.tagId), ...families.flat()],
        atLeast: 1,
      },
      check(customer, _nowSeconds, report) {
        for (let index = 0; index < calls.length; index += 1) {
          const call = calls[index];
          if (call === undefined || !hasTag(customer, call.tagId)) continue;
          if (!hasTag(customer, call.neededId)) report(rule.id, call.tagId, call.neededId);
        }
        for (let index = 0; index < families.length; index += 1) {
          const family = families[index] ?? [];
          for (let early = 0; early < family.length; early += 1) {
            const earlyId = family[early] ?? 0;
            if (!hasTag(customer, earlyId)) continue;
            for (let late = early + 1; late < family.length; late += 1) {
              const lateId = family[late] ?? 0;
              if (hasTag(customer, lateId)) report(rule.id, lateId, earlyId);
            }
          }
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions(rule, finding, dictionary) {
    return isCall(rule, finding, dictionary)
      ? ['add-second', 'remove']
      : ['keep-latest', 'keep-second', 'keep-first'];
  },
  change(rule, finding, resolution, customer, dictionary) {
    if (resolution === 'add-second') return changeOf(customer, { add: [finding.secondTagId] });
    if (resolution === 'remove' || resolution === 'keep-second') {
      return changeOf(customer, { remove: [finding.firstTagId] });
    }
    if (resolution === 'keep-first') return changeOf(customer, { remove: [finding.secondTagId] });
    if (resolution !== 'keep-latest') return noChange;
    const family = familiesOf(rule, dictionary).find((ids) => ids.includes(finding.firstTagId));
    const present = (family ?? []).filter((tagId) => hasTag(customer, tagId));
    const [, ...others] = present.sort((left, right) =>
      compareNumbers(putOnAt(customer, right), putOnAt(customer, left)),
    );
    return changeOf(customer, { remove: others });
  },
};

interface Call {
  readonly tagId: number;
  readonly neededId: number;
}

/** Which tag calls for which, each pair once. */
function callsOf(rule: ImpliedRule, dictionary: Dictionary): readonly Call[] {
  const { byCode } = tagIndex(dictionary);
  const pairs = [
    ...dictionary.tags.map((tag) => [tag.code, tag.parentCode] as const),
    ...dictionary.relations
      .filter((relation) => relation.kind === 'implies')
      .map((relation) => [relation.fromCode, relation.toCode] as const),
  ];
  const calls = new Map<string, Call>();
  for (const [code, neededCode] of pairs) {
    const tag = byCode.get(code);
    const needed = neededCode === null ? undefined : byCode.get(neededCode);
    if (tag === undefined || needed?.status !== 'active' || needed.id === tag.id) continue;
    if (rule.tagCodes !== null && !rule.tagCodes.includes(code)) continue;
    calls.set(`${tag.id}/${needed.id}`, { tagId: tag.id, neededId: needed.id });
  }
  return [...calls.values()];
}

/** Of each single-choice main tag the ids of its sub tags, in the order of their codes. */
function familiesOf(rule: ImpliedRule, dictionary: Dictionary): readonly (readonly number[])[] {
  return [...new Set(rule.singleChoiceCodes)].map((mainCode) =>
    dictionary.tags
      .filter((tag) => tag.parentCode === mainCode && tag.code !== mainCode)
      .sort((left, right) => (left.code < right.code ? -1 : 1))
      .map((tag) => tag.id),
  );
}

function isCall(
  rule: ImpliedRule,
  finding: { readonly firstTagId: number; readonly secondTagId: number },
  dictionary: Dictionary,
): boolean {
  const { byId } = tagIndex(dictionary);
  const first = byId.get(finding.firstTagId);
  const second = byId.get(finding.secondTagId);
  const areSiblings =
    first !== undefined &&
    first.parentCode === second?.parentCode &&
    rule.singleChoiceCodes.includes(first.parentCode ?? '');
  return !areSiblings;
}

/** When a tag was last put on; before all else where no source says. */
function putOnAt(customer: CustomerTags, tagId: number): number {
  for (let position = 0; position < customer.count; position = afterTag(customer, position)) {
    if (customer.tagIds[position] !== tagId) continue;
    const since = latestSince(customer, position, afterTag(customer, position));
    return Number.isNaN(since) ? Number.NEGATIVE_INFINITY : since;
  }
  return Number.NEGATIVE_INFINITY;
}
