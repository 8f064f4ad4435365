import type { CustomerTags } from './customer.ts';
import type { Dictionary } from './dictionary.ts';
import type { Finding } from './finding.ts';
import type { OwnChoice, ResolutionCode, TagChange } from './fix.ts';
import type { Rule } from './rule.ts';
import { ruleKindOf } from './rules/registry.ts';

/** What a fix does to one customer in one source; ids of the mirror, ascending. */
export interface PlannedItem {
  readonly customerId: number;
  readonly sourceId: number;
  readonly beforeTagIds: readonly number[];
  readonly afterTagIds: readonly number[];
}

/** What was chosen for a customer; null: it stays as it is. */
export function chosenResolution(
  choice: OwnChoice,
  customerId: number,
): ResolutionCode | 'recommended' | null {
  if (choice.kind === 'all') return choice.resolution;
  if (choice.kind === 'recommended') return 'recommended';
  const chosen = choice.resolutions.find((resolution) => resolution.customerId === customerId);
  return chosen?.resolution ?? null;
}

/**
 * The change that carries a resolution out for all of a customer's findings of one rule. Findings that do not
 * offer the resolution change nothing; a tag that one of them removes is not put on by another.
 */
export function planChange(input: {
  readonly rule: Rule;
  readonly findings: readonly Finding[];
  readonly resolution: ResolutionCode | 'recommended';
  readonly customer: CustomerTags;
  readonly dictionary: Dictionary;
}): TagChange {
  const { rule, resolution, customer, dictionary } = input;
  const kind = ruleKindOf(rule);
  const changes = input.findings.flatMap((finding) => {
    const offered = kind.resolutions(rule, finding, dictionary);
    const chosen = resolution === 'recommended' ? offered[0] : resolution;
    return chosen === undefined || !offered.includes(chosen)
      ? []
      : [kind.change(rule, finding, chosen, customer, dictionary)];
  });
  const removeTagIds = [...new Set(changes.flatMap((change) => change.removeTagIds))];
  const addTagIds = [...new Set(changes.flatMap((change) => change.addTagIds))].filter(
    (tagId) => !removeTagIds.includes(tagId),
  );
  const addedTo = changes
    .flatMap((change) => change.addedTo ?? [])
    .filter(({ tagId }) => addTagIds.includes(tagId));
  return addedTo.length === 0 ? { addTagIds, removeTagIds } : { addTagIds, removeTagIds, addedTo };
}

/**
 * A customer's change by source. A tag goes off in every source that has it, and what replaces it goes on there;
 * a tag that replaces nothing goes on in the first that has the customer. Where the change names the sources of a tag, it
 * goes on in these alone.
 */
export function planItems(
  customer: CustomerTags,
  presentIn: readonly number[],
  change: TagChange,
): readonly PlannedItem[] {
  const removing = new Set(change.removeTagIds);
  const namedFor = (tagId: number) => {
    const named = (change.addedTo ?? []).filter((one) => one.tagId === tagId);
    return named.length === 0 ? null : named.flatMap(({ sourceIds }) => sourceIds);
  };
  const own = tagsBySource(customer);
  const affected = [...own]
    .filter(([, tagIds]) => tagIds.some((tagId) => removing.has(tagId)))
    .map(([sourceId]) => sourceId)
    .concat(change.addTagIds.flatMap((tagId) => namedFor(tagId) ?? []));
  const first = presentIn[0] ?? [...own.keys()][0];
  if (affected.length === 0 && change.addTagIds.length > 0 && first !== undefined) {
    affected.push(first);
  }
  return [...new Set(affected)].flatMap((sourceId) => {
    const beforeTagIds = own.get(sourceId) ?? [];
    const kept = beforeTagIds.filter((tagId) => !removing.has(tagId));
    const added = change.addTagIds.filter(
      (tagId) => !kept.includes(tagId) && (namedFor(tagId)?.includes(sourceId) ?? true),
    );
    if (added.length === 0 && kept.length === beforeTagIds.length) return [];
    const afterTagIds = [...kept, ...added].sort((a, b) => a - b);
    return [{ customerId: customer.customerId, sourceId, beforeTagIds, afterTagIds }];
  });
}

function tagsBySource(customer: CustomerTags): ReadonlyMap<number, readonly number[]> {
  const bySource = new Map<number, number[]>();
  for (let position = 0; position < customer.count; position += 1) {
    const sourceId = customer.sourceIds[position] ?? 0;
    const tagIds = bySource.get(sourceId) ?? [];
    tagIds.push(customer.tagIds[position] ?? 0);
    bySource.set(sourceId, tagIds);
  }
  return bySource;
}
