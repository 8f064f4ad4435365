import { afterTag, type CustomerTags } from '../customer.ts';
import { tagIdsOf, tagIndex, type Dictionary } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { MismatchRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { noChange } from './tag-change.ts';

/**
 * Sources that disagree on a tag of which one of them is the master.
 *
 * Parameters: `tagCodes` (@default [] every tag with a master source). The master is the source that names the tag among
 * its `masterTags`.
 *
 * Findings: a tag on a customer whom the master has too, where another source that has the customer says something
 * else: it has the tag and the master does not, or the master has it and the other, which knows the tag, does not.
 * A customer whom the master does not have is none of its business. First tag: that tag. Second tag: 0.
 *
 * Cost: one look at each tag of customers that carry one with a master. Reads which sources report tags and customers.
 *
 * Resolutions: follow the master: the tag goes off everywhere, or goes on in each source that lacks it.
 */
export const mismatch: RuleKindModule<MismatchRule> = {
  kind: 'mismatch',
  needsOrigins: true,
  compile(rule, dictionary) {
    const masters = mastersOf(rule, dictionary);
    const knowledge = createKnowledge(dictionary);
    return {
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds: masters.tagIds, atLeast: 1 },
      check(customer, _nowSeconds, report) {
        let position = 0;
        while (position < customer.count) {
          const next = afterTag(customer, position);
          const tagId = customer.tagIds[position] ?? 0;
          const masterId = masters.ofTag.get(tagId);
          if (masterId !== 0 && disagree(customer, position, next, masterId, knowledge)) {
            report(rule.id, tagId, 0);
          }
          position = next;
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions: () => ['follow-master'],
  change(rule, finding, resolution, customer, dictionary) {
    if (resolution !== 'follow-master') return noChange;
    const tagId = finding.firstTagId;
    const from = customer.tagIds.indexOf(tagId);
    if (from === -1 || from >= customer.count) return noChange;
    const found = disagreement(rule, dictionary, tagId, {
      presentIn: [...customer.presentIn.subarray(0, customer.presentCount)],
      reportedBy: [...customer.sourceIds.subarray(from, afterTag(customer, from))],
    });
    if (found === null) return noChange;
    const { masterId, lackingIds } = found;
    return lackingIds.includes(masterId)
      ? { addTagIds: [], removeTagIds: [tagId] }
      : { addTagIds: [tagId], removeTagIds: [], addedTo: [{ tagId, sourceIds: lackingIds }] };
  },
};

/**
 * Which sources of a customer lack a tag that others of them report, where one of them is its master by this rule:
 * the master itself, or those that know the tag and do not follow. Null where nobody disagrees.
 */
export function disagreement(
  rule: MismatchRule,
  dictionary: Dictionary,
  tagId: number,
  customer: { readonly presentIn: readonly number[]; readonly reportedBy: readonly number[] },
): { readonly masterId: number; readonly lackingIds: readonly number[] } | null {
  const masterId = mastersOf(rule, dictionary).ofTag.get(tagId);
  const { presentIn, reportedBy } = customer;
  if (masterId === 0 || !presentIn.includes(masterId) || reportedBy.length === 0) return null;
  if (!reportedBy.includes(masterId)) return { masterId, lackingIds: [masterId] };
  const knows = createKnowledge(dictionary);
  const lackingIds = presentIn.filter(
    (sourceId) => !reportedBy.includes(sourceId) && knows(sourceId, tagId),
  );
  return lackingIds.length === 0 ? null : { masterId, lackingIds };
}

type Knowledge = (sourceId: number, tagId: number) => boolean;

/** Whether a source can hold a tag at all. */
function createKnowledge(dictionary: Dictionary): Knowledge {
  const tables = new Map(
    (dictionary.origins?.sources ?? []).map((source) => [
      source.id,
      new TagTable(
        source.tagIds.map((tagId) => [tagId, 1]),
        0,
      ),
    ]),
  );
  return (sourceId, tagId) => tables.get(sourceId)?.get(tagId) === 1;
}

/** The id of each tag's master source; 0: none. */
function mastersOf(
  rule: MismatchRule,
  dictionary: Dictionary,
): { readonly tagIds: readonly number[]; readonly ofTag: TagTable } {
  const chosen = new Set(tagIdsOf(dictionary, rule.tagCodes));
  const { byCode } = tagIndex(dictionary);
  const entries = (dictionary.origins?.sources ?? []).flatMap((source) =>
    source.masterTagCodes.flatMap((code) => {
      const tag = byCode.get(code);
      const isWanted = tag !== undefined && (rule.tagCodes.length === 0 || chosen.has(tag.id));
      return isWanted ? [[tag.id, source.id] as const] : [];
    }),
  );
  return { tagIds: entries.map(([tagId]) => tagId), ofTag: new TagTable(entries, 0) };
}

/** Over the entries of one tag, from `from` up to `until`. */
function disagree(
  customer: CustomerTags,
  from: number,
  until: number,
  masterId: number,
  knows: Knowledge,
): boolean {
  if (!isPresentIn(customer, masterId)) return false;
  const masterHasIt = reports(customer, from, until, masterId);
  for (let index = 0; index < customer.presentCount; index += 1) {
    const sourceId = customer.presentIn[index] ?? 0;
    if (sourceId === masterId) continue;
    const hasIt = reports(customer, from, until, sourceId);
    if (hasIt && !masterHasIt) return true;
    if (!hasIt && masterHasIt && knows(sourceId, customer.tagIds[from] ?? 0)) return true;
  }
  return false;
}

function isPresentIn(customer: CustomerTags, sourceId: number): boolean {
  for (let index = 0; index < customer.presentCount; index += 1) {
    if (customer.presentIn[index] === sourceId) return true;
  }
  return false;
}

function reports(customer: CustomerTags, from: number, until: number, sourceId: number): boolean {
  for (let position = from; position < until; position += 1) {
    if (customer.sourceIds[position] === sourceId) return true;
  }
  return false;
}
