import type { TagDefinition } from '../configuration.ts';
import type { Tag } from '../tag.ts';
import type { PlannedRow, RowFault } from './planned-row.ts';

/** Longer ways up or onwards are refused, which also bounds how often it is looked again. */
const stepsMax = 50;
const roundsMax = 3 * stepsMax;

type Brought = Extract<PlannedRow, { readonly kind: 'added' | 'changed' }>;

/**
 * Refuses rows that do not go together with the dictionary or with each other: names that are taken, parents that are
 * none, circles. Refusing one may leave another without what it names, so it is looked again until nothing more comes.
 */
export function findClashes(
  rows: readonly PlannedRow[],
  tags: readonly Tag[],
): readonly PlannedRow[] {
  let present = rows;
  for (let round = 0; round < roundsMax; round += 1) {
    const next = refuseOnce(present, tags);
    if (next === present) return present;
    present = next;
  }
  return present;
}

function refuseOnce(rows: readonly PlannedRow[], tags: readonly Tag[]): readonly PlannedRow[] {
  const brought = rows.filter((row): row is Brought => 'tag' in row);
  const after = new Map<string, TagDefinition>(tags.map((tag) => [tag.code, tag]));
  for (const { tag } of brought) after.set(tag.code, tag);
  const refusedRows = new Map(
    rows.flatMap(({ kind, code, row }) =>
      kind === 'refused' && code !== null ? [[code, row] as const] : [],
    ),
  );
  const holders = holdersOfNames(after, brought);
  let refused = false;
  const next = rows.map((row): PlannedRow => {
    if (!('tag' in row)) return row;
    const faults = [
      ...nameFaults(row, holders),
      ...parentFaults(row.tag, after, refusedRows),
      ...successorFaults(row.tag, after, refusedRows),
      ...cycleFaults(row, after),
    ];
    if (faults.length === 0) return row;
    refused = true;
    const { row: number, code, name, notes } = row;
    return { kind: 'refused', row: number, code, name, notes, faults };
  });
  return refused ? next : rows;
}

interface Holder {
  readonly code: string;
  /** null: it holds the name without the table. */
  readonly row: number | null;
}

type Holders = Readonly<Record<'name' | 'nameEn', ReadonlyMap<string, Holder>>>;

/** Who has each name, of tags that are not archived: whoever has it already, then the first row that takes it. */
function holdersOfNames(
  after: ReadonlyMap<string, TagDefinition>,
  brought: readonly Brought[],
): Holders {
  const rowOf = new Map(brought.map(({ tag, row }) => [tag.code, row]));
  const inUse = [...after.values()]
    .filter(({ status }) => status !== 'archived')
    .map((tag) => ({ tag, row: rowOf.get(tag.code) ?? null }))
    .sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  const name = new Map<string, Holder>();
  const nameEn = new Map<string, Holder>();
  for (const { tag, row } of inUse) {
    const holder = { code: tag.code, row };
    if (!name.has(tag.name['zh-CN'])) name.set(tag.name['zh-CN'], holder);
    const english = tag.name.en.toLowerCase();
    if (!nameEn.has(english)) nameEn.set(english, holder);
  }
  return { name, nameEn };
}

function nameFaults({ tag }: Brought, holders: Holders): readonly RowFault[] {
  if (tag.status === 'archived') return [];
  const taken = (field: 'name' | 'nameEn', name: string): readonly RowFault[] => {
    const holder = holders[field].get(name);
    if (holder === undefined || holder.code === tag.code) return [];
    return holder.row === null
      ? [{ kind: 'name-taken', field, code: holder.code }]
      : [{ kind: 'duplicate', field, row: holder.row }];
  };
  const own = taken('name', tag.name['zh-CN']);
  return own.length > 0 ? own : taken('nameEn', tag.name.en.toLowerCase());
}

function parentFaults(
  tag: TagDefinition,
  after: ReadonlyMap<string, TagDefinition>,
  refusedRows: ReadonlyMap<string, number>,
): readonly RowFault[] {
  const { parentCode } = tag;
  if (parentCode === null || tag.status === 'archived') return [];
  const parent = after.get(parentCode);
  if (parent === undefined) return missing('parent', parentCode, refusedRows);
  return parent.level === 'main' || parentCode === tag.code
    ? []
    : [{ kind: 'parent-not-main', code: parentCode }];
}

function successorFaults(
  tag: TagDefinition,
  after: ReadonlyMap<string, TagDefinition>,
  refusedRows: ReadonlyMap<string, number>,
): readonly RowFault[] {
  const { successorCode } = tag;
  if (successorCode === null || tag.status === 'archived') return [];
  const successor = after.get(successorCode);
  if (successor === undefined) return missing('successor', successorCode, refusedRows);
  return successor.status === 'deprecated' || successor.status === 'archived'
    ? [{ kind: 'successor-out-of-use', code: successorCode }]
    : [];
}

function missing(
  field: 'parent' | 'successor',
  code: string,
  refusedRows: ReadonlyMap<string, number>,
): readonly RowFault[] {
  const row = refusedRows.get(code);
  return row === undefined
    ? [{ kind: 'unknown', field, found: code, suggestion: null }]
    : [{ kind: 'needs-refused', field, row }];
}

/** Parents and successors that lead back to the row's own tag. */
function cycleFaults(
  { tag }: Brought,
  after: ReadonlyMap<string, TagDefinition>,
): readonly RowFault[] {
  return (['parent', 'successor'] as const).flatMap((field): readonly RowFault[] => {
    const next = (code: string) => {
      const one = after.get(code);
      return (field === 'parent' ? one?.parentCode : one?.successorCode) ?? null;
    };
    const way = [tag.code];
    const seen = new Set(way);
    for (let code = next(tag.code); code !== null; code = next(code)) {
      if (code === tag.code) return [{ kind: 'cycle', field, codes: [...way, code] }];
      if (seen.has(code)) return [];
      if (way.length > stepsMax) return [{ kind: 'too-deep', field, stepsMax }];
      seen.add(code);
      way.push(code);
    }
    return [];
  });
}
