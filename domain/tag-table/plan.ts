import { canonicalJson } from '../canonical-json.ts';
import type { TagDefinition } from '../configuration.ts';
import { namingFaults, type NamingPolicy } from '../naming.ts';
import type { Department, Person } from '../person.ts';
import type { Tag } from '../tag.ts';
import { findClashes } from './clashes.ts';
import { freeCode } from './free-code.ts';
import type { PlannedRow, RowFault, RowNote } from './planned-row.ts';
import { readRow, type RowCells, type RowContext } from './read-row.ts';
import type { RowCounts, TableReading } from './table.ts';

/** What a table is held against. */
export interface TableKnowledge {
  readonly tags: readonly Tag[];
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  readonly naming: NamingPolicy | null;
  /** Letters of a name that stand for it in a code, such as its pinyin. */
  readonly spell: (name: string) => string;
  readonly readCriteria: RowContext['readCriteria'];
}

/** A row that holds something, before it is held against others. */
interface Draft {
  readonly row: number;
  readonly code: string;
  readonly name: string;
  readonly existing: Tag | null;
  readonly isCodeMade: boolean;
  readonly cells: RowCells;
  /** What makes reading its cells idle. */
  readonly faults: readonly RowFault[];
}

/**
 * What would become of each row that holds anything, in the order of the table. A row is about the tag of its code, or
 * where it has none, of its name. Rows are held against the dictionary as it would be with all that are not refused.
 */
export function planTable(
  rows: readonly (readonly string[])[],
  reading: TableReading,
  known: TableKnowledge,
): readonly PlannedRow[] {
  const drafts = draftsOf(rows, reading, known);
  const context = contextOf(drafts, reading, known);
  const read = drafts.map((draft): PlannedRow => {
    const { row, code, name, existing } = draft;
    if (draft.faults.length > 0) {
      return { kind: 'refused', row, code: code || null, name, notes: [], faults: draft.faults };
    }
    const { tag, faults, notes } = readRow(code, draft.cells, existing, context);
    const named = namingOf(tag, existing, known.naming);
    const line = { row, code, name, notes: [...madeNotes(draft), ...notes, ...named.notes] };
    const all = [...faults, ...named.faults];
    if (all.length > 0) return { ...line, kind: 'refused', faults: all };
    if (existing === null) return { ...line, kind: 'added', tag };
    return isSame(existing, tag)
      ? { ...line, kind: 'unchanged' }
      : { ...line, kind: 'changed', before: existing, tag };
  });
  return findClashes(read, known.tags);
}

export function countRows(rows: readonly PlannedRow[]): RowCounts {
  const count = (kind: PlannedRow['kind']) => rows.filter((row) => row.kind === kind).length;
  return {
    added: count('added'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    refused: count('refused'),
  };
}

function draftsOf(
  rows: readonly (readonly string[])[],
  { headerAt, columns }: TableReading,
  known: TableKnowledge,
): readonly Draft[] {
  const width = rows[headerAt]?.length ?? 0;
  const byCode = new Map(known.tags.map((tag) => [tag.code, tag]));
  const byName = tagsByName(known.tags);
  const madeCodes = new Set<string>();
  const firstRows = new Map<string, number>();
  return rows.flatMap((row, index): readonly Draft[] => {
    if (index <= headerAt || row.every((cell) => cell === '')) return [];
    const cells: Partial<Record<keyof RowCells, string>> = {};
    for (const [at, field] of columns.entries()) {
      if (field !== null) cells[field] = row[at] ?? '';
    }
    const name = cells.name ?? '';
    const written = (cells.code ?? '').normalize('NFKC').toLowerCase();
    const existing = byCode.get(written) ?? (written === '' ? byName.get(name) : undefined) ?? null;
    const isCodeMade = written === '' && existing === null && name !== '';
    const code = isCodeMade
      ? freeCode(known.spell(name), (one) => byCode.has(one) || madeCodes.has(one))
      : (existing?.code ?? written);
    if (isCodeMade) madeCodes.add(code);
    const number = index + 1;
    const faults: RowFault[] = [];
    if (row.length < width || row.slice(width).some((cell) => cell !== '')) {
      faults.push({ kind: 'cells', found: row.length, expected: width });
    } else if (code === '') faults.push({ kind: 'missing', field: 'name' });
    const first = firstRows.get(code);
    if (code !== '' && first !== undefined) {
      faults.push({ kind: 'duplicate', field: 'code', row: first });
    } else if (isCodeMade && firstRows.has(`name ${name}`)) {
      faults.push({ kind: 'duplicate', field: 'name', row: firstRows.get(`name ${name}`) ?? 0 });
    } else {
      firstRows.set(code, number);
      firstRows.set(`name ${name}`, number);
    }
    return [{ row: number, code, name, existing, isCodeMade, cells, faults }];
  });
}

/** Tags by name in either language; of several with one name, the one in use. */
function tagsByName(tags: readonly Tag[]): ReadonlyMap<string, Tag> {
  const ordered = tags.toSorted(
    (a, b) => Number(b.status === 'archived') - Number(a.status === 'archived'),
  );
  return new Map([
    ...ordered.map((tag) => [tag.name.en, tag] as const),
    ...ordered.map((tag) => [tag.name['zh-CN'], tag] as const),
  ]);
}

function contextOf(
  drafts: readonly Draft[],
  { defaults }: TableReading,
  known: TableKnowledge,
): RowContext {
  const people = new Map<string, Person>();
  for (const person of known.people.values()) {
    const { code, name, email } = person;
    for (const words of [name['zh-CN'], name.en, email, code]) {
      if (words !== null && words !== '') people.set(words.toLowerCase(), person);
    }
  }
  const departments = new Map<string, Department>();
  for (const department of known.departments.values()) {
    const { code, name } = department;
    for (const words of [name['zh-CN'], name.en, code])
      departments.set(words.toLowerCase(), department);
  }
  const byName = tagsByName(known.tags);
  const codes = new Map<string, string>([
    ...[...byName].map(([name, { code }]) => [name.toLowerCase(), code] as const),
    ...drafts.map(({ name, code }) => [name.toLowerCase(), code] as const),
    ...known.tags.map(({ code }) => [code, code] as const),
    ...drafts.map(({ code }) => [code, code] as const),
  ]);
  return {
    defaults,
    people,
    departments,
    codeOfTag: (words) => codes.get(words.toLowerCase()) ?? null,
    readCriteria: known.readCriteria,
  };
}

/** A name that was so before is nobody's fault now. */
function namingOf(
  tag: TagDefinition,
  existing: Tag | null,
  naming: NamingPolicy | null,
): { readonly faults: readonly RowFault[]; readonly notes: readonly RowNote[] } {
  const isNew = existing === null || canonicalJson(existing.name) !== canonicalJson(tag.name);
  const faults = isNew ? namingFaults(tag, naming) : [];
  if (faults.length === 0) return { faults: [], notes: [] };
  const told = { kind: 'naming', faults } as const;
  return naming?.enforce === 'error'
    ? { faults: [told], notes: [] }
    : { faults: [], notes: [told] };
}

function madeNotes({ isCodeMade, code }: Draft): readonly RowNote[] {
  return isCodeMade ? [{ kind: 'code-made', code }] : [];
}

function isSame({ id: _id, version: _version, ...before }: Tag, after: TagDefinition): boolean {
  return canonicalJson(before) === canonicalJson(after);
}
