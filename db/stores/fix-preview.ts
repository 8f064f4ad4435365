import type { FixPreview } from '../../bot/views.ts';
import { hasTag } from '../../domain/customer.ts';
import type { FixChoice } from '../../domain/fix.ts';
import {
  chosenResolution,
  planChange,
  planItems,
  type PlannedItem,
} from '../../domain/fix-plan.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import { findUnusable } from '../../domain/rights.ts';
import type { Database } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { readWarningCustomers, resolveChoice, type CustomerToFix } from './fixes.ts';
import { loadSources } from './mirror.ts';
import { loadWarning } from './warnings.ts';

const examplesMax = 3;

/**
 * What a fix would do to a warning's customers as the mirror has them now; writes nothing. `by`: whoever would fix, or
 * answers for what a rule does by itself; null: nobody. Null: no such warning.
 */
export async function previewFix(
  database: Database,
  warningId: number,
  choice: FixChoice,
  by: Person | null,
): Promise<FixPreview | null> {
  const [warning, { dictionary, people, departments }, sources] = await Promise.all([
    loadWarning(database.query, warningId),
    readCurrentKnowledge(database),
    loadSources(database.query),
  ]);
  const rule = dictionary.rules.find((candidate) => candidate.code === warning?.ruleCode);
  const wanted = await resolveChoice(database.query, warningId, choice);
  if (rule === undefined || wanted === null) return null;
  const tally = createTally();
  for await (const page of readWarningCustomers(database.sql, warningId, wanted.onlyOfFixId)) {
    for (const found of page) {
      const { customer, findings, presentIn } = found;
      const resolution = chosenResolution(wanted.choice, customer.customerId);
      const items =
        resolution === null
          ? []
          : planItems(
              customer,
              presentIn,
              planChange({ rule, findings, resolution, customer, dictionary }),
            );
      tally.take(found, items);
    }
  }
  const names = await loadTagNames(database, [...tally.changes.keys()]);
  const nameOf = (tagId: number): LocalizedText =>
    names.get(tagId) ?? { 'zh-CN': `#${tagId}`, en: `#${tagId}` };
  return {
    warningId,
    choice,
    customers: tally.customers(),
    leftAsTheyAre: tally.leftAsTheyAre(),
    changes: [...tally.changes].flatMap(([tagId, { added, removed }]) => [
      ...(removed > 0
        ? [{ tag: nameOf(tagId), change: 'removed' as const, customers: removed }]
        : []),
      ...(added > 0 ? [{ tag: nameOf(tagId), change: 'added' as const, customers: added }] : []),
    ]),
    examples: tally.examples.map((example) => ({
      ref: example.ref,
      name: example.name,
      added: example.added.map(nameOf),
      removed: example.removed.map(nameOf),
    })),
    sources: sources.filter(({ id }) => tally.sourceIds.has(id)).map(({ name }) => name),
    mayNotUse: findUnusable(
      by,
      dictionary.tags.filter(({ id }) => tally.newTagIds.has(id)),
      { people, departments },
    ),
  };
}

interface Example {
  readonly ref: string;
  readonly name: string;
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/** Counts customers by what becomes of them, and keeps the first few. */
function createTally() {
  const changes = new Map<number, { added: number; removed: number }>();
  const examples: Example[] = [];
  const sourceIds = new Set<number>();
  /** Tags that a customer gets who had them in no source. */
  const newTagIds = new Set<number>();
  let customers = 0;
  let leftAsTheyAre = 0;

  function take({ ref, name, customer }: CustomerToFix, items: readonly PlannedItem[]): void {
    if (items.length === 0) {
      leftAsTheyAre += 1;
      return;
    }
    customers += 1;
    const added = differing(items, 'afterTagIds', 'beforeTagIds');
    const removed = differing(items, 'beforeTagIds', 'afterTagIds');
    for (const tagId of added) {
      entry(tagId).added += 1;
      if (!hasTag(customer, tagId)) newTagIds.add(tagId);
    }
    for (const tagId of removed) entry(tagId).removed += 1;
    for (const item of items) sourceIds.add(item.sourceId);
    if (examples.length < examplesMax) examples.push({ ref, name, added, removed });
  }

  function entry(tagId: number): { added: number; removed: number } {
    const known = changes.get(tagId) ?? { added: 0, removed: 0 };
    changes.set(tagId, known);
    return known;
  }

  return {
    take,
    changes,
    examples,
    sourceIds,
    newTagIds,
    customers: () => customers,
    leftAsTheyAre: () => leftAsTheyAre,
  };
}

function differing(
  items: readonly PlannedItem[],
  here: 'beforeTagIds' | 'afterTagIds',
  notThere: 'beforeTagIds' | 'afterTagIds',
): readonly number[] {
  const tagIds = items.flatMap((item) =>
    item[here].filter((tagId) => !item[notThere].includes(tagId)),
  );
  return [...new Set(tagIds)];
}

/** Names of tags, of those too that only a source knows. */
async function loadTagNames(
  { sql }: Database,
  tagIds: readonly number[],
): Promise<ReadonlyMap<number, LocalizedText>> {
  const rows = await sql<{ id: number; name: LocalizedText }[]>`
    select wanted.id, coalesce(t.name, jsonb_build_object('zh-CN', m.name, 'en', m.name)) as name
    from unnest(${[...tagIds]}::int[]) as wanted(id)
      left join tag t on t.id = wanted.id
      left join lateral (
        select name from mirror_tag where tag_id = wanted.id order by source_id limit 1
      ) m on true
    where t.id is not null or m.name is not null`;
  return new Map(rows.map((row) => [row.id, row.name]));
}
