import { canonicalJson } from '../canonical-json.ts';
import type { TagDefinition } from '../configuration.ts';
import type { Condition } from '../condition.ts';
import type { Department, Person } from '../person.ts';
import type { Tag } from '../tag.ts';
import type { TagField } from './fields.ts';
import type { RowFault, RowNote } from './planned-row.ts';
import type { TableReading } from './table.ts';
import { readCategory, readDays, readLevel, readList, readStatus, readYesNo } from './values.ts';

export const codeCharsMax = 64;
const nameCharsMax = 80;
const definitionCharsMax = 1_000;
const daysMax = 36_500;
const codePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Spreadsheets take a cell that begins so for a formula; signs before a number are none. */
const formulaStart = /^(?:[=@\t\r]|[+-](?![\d.,\s%]*$))/u;

/** The cells of a row by what their columns hold; of columns that are not taken in, nothing. */
export type RowCells = Readonly<Partial<Record<TagField, string>>>;

/** What cells are held against. */
export interface RowContext {
  readonly defaults: TableReading['defaults'];
  /** People by code, name in either language and email; in lower case. */
  readonly people: ReadonlyMap<string, Person>;
  /** Departments by code and name in either language; in lower case. */
  readonly departments: ReadonlyMap<string, Department>;
  /** The code of the tag that is called so, in the dictionary or in another row; null: none. */
  readonly codeOfTag: (words: string) => string | null;
  readonly readCriteria: (
    text: string,
  ) =>
    | { readonly kind: 'ok'; readonly criteria: Condition }
    | { readonly kind: 'fault'; readonly detail: string };
}

/** A row as a tag; parts that could not be read are as they were, and stand among the faults. */
export interface ReadRow {
  readonly tag: TagDefinition;
  readonly faults: readonly RowFault[];
  readonly notes: readonly RowNote[];
}

/**
 * What a row makes of a tag. A part without a column stays as it is. An empty cell takes away what a tag may be
 * without (parent, successor, days, criteria); what it must have stays as it is, and of a new tag is asked for.
 */
export function readRow(
  code: string,
  cells: RowCells,
  existing: Tag | null,
  context: RowContext,
): ReadRow {
  const faults: RowFault[] = [];
  const reader = new CellReader(cells, faults);
  const words = readWords(reader, existing);
  const parentCode = reader.tagCode('parent', existing?.parentCode ?? null, context);
  const { defaults } = context;
  const tag: TagDefinition = {
    code,
    ...words,
    level:
      reader.word('level', readLevel) ?? existing?.level ?? (parentCode === null ? 'main' : 'sub'),
    category:
      reader.word('category', readCategory) ??
      existing?.category ??
      reader.needed('category', defaults.category) ??
      'basic',
    parentCode,
    departmentCodes: readDepartments(reader, context, {
      field: 'departments',
      before: existing?.departmentCodes ?? [],
    }),
    ownerCode: readOwner(reader, existing, context),
    status: reader.word('status', readStatus) ?? existing?.status ?? 'active',
    lifeDays: reader.days('lifeDays', existing?.lifeDays ?? null),
    successorCode: reader.tagCode('successor', existing?.successorCode ?? null, context),
    confirmEveryDays: reader.days('confirmEveryDays', existing?.confirmEveryDays ?? null),
    criteria: readCriteria(reader, existing, context),
    sensitive: reader.word('sensitive', readYesNo) ?? existing?.sensitive ?? false,
    seenByDepartmentCodes: readDepartments(reader, context, {
      field: 'seenBy',
      before: existing?.seenByDepartmentCodes ?? [],
    }),
  };
  if (!codePattern.test(code) || code.length > codeCharsMax) {
    faults.push({ kind: 'code-form', found: code });
  }
  return { tag, faults, notes: formulaNotes(cells) };
}

function readWords(
  reader: CellReader,
  existing: Tag | null,
): Pick<TagDefinition, 'name' | 'definition'> {
  const name = reader.text('name', nameCharsMax) ?? existing?.name['zh-CN'] ?? '';
  const definition =
    reader.text('definition', definitionCharsMax) ?? existing?.definition['zh-CN'] ?? '';
  if (name === '') reader.faults.push({ kind: 'missing', field: 'name' });
  if (definition === '') reader.faults.push({ kind: 'missing', field: 'definition' });
  // A text that stood for both languages goes on doing so.
  const followed = (own: Tag['name'] | undefined, text: string) =>
    own === undefined || own.en === own['zh-CN'] ? text : own.en;
  return {
    name: {
      'zh-CN': name,
      en: reader.text('nameEn', nameCharsMax) ?? followed(existing?.name, name),
    },
    definition: {
      'zh-CN': definition,
      en:
        reader.text('definitionEn', definitionCharsMax) ??
        followed(existing?.definition, definition),
    },
  };
}

function readDepartments(
  reader: CellReader,
  { departments }: RowContext,
  {
    field,
    before,
  }: { readonly field: 'departments' | 'seenBy'; readonly before: readonly string[] },
): readonly string[] {
  const cell = reader.cell(field);
  if (cell === undefined) return before;
  return readList(cell).flatMap((words) => {
    const found = departments.get(words.toLowerCase());
    if (found === undefined) reader.unknown(field, words);
    return found === undefined ? [] : [found.code];
  });
}

function readOwner(reader: CellReader, existing: Tag | null, context: RowContext): string {
  const cell = reader.cell('owner') ?? '';
  if (cell === '') {
    return existing?.ownerCode ?? reader.needed('owner', context.defaults.ownerCode) ?? '';
  }
  const person = context.people.get(cell.toLowerCase());
  if (person === undefined) reader.unknown('owner', cell);
  else if (person.code === existing?.ownerCode) return person.code;
  else if (person.status === 'left' || !person.roles.includes('owner')) {
    reader.faults.push({ kind: 'cannot-own', found: cell });
  }
  return person?.code ?? existing?.ownerCode ?? '';
}

function readCriteria(
  reader: CellReader,
  existing: Tag | null,
  context: RowContext,
): Condition | null {
  const before = existing?.criteria ?? null;
  const cell = reader.cell('criteria');
  if (cell === undefined) return before;
  if (cell === '') return null;
  const read = context.readCriteria(cell);
  if (read.kind === 'ok') {
    return canonicalJson(read.criteria) === canonicalJson(before) ? before : read.criteria;
  }
  reader.faults.push({ kind: 'criteria', detail: read.detail });
  return before;
}

function formulaNotes(cells: RowCells): readonly RowNote[] {
  return (Object.keys(cells) as TagField[])
    .filter((field) => formulaStart.test(cells[field] ?? ''))
    .map((field) => ({ kind: 'formula', field }));
}

/** Reads cells one by one and notes what is wrong with them. */
class CellReader {
  readonly faults: RowFault[];
  readonly #cells: RowCells;

  constructor(cells: RowCells, faults: RowFault[]) {
    this.#cells = cells;
    this.faults = faults;
  }

  cell(field: TagField): string | undefined {
    return this.#cells[field];
  }

  unknown(field: TagField, found: string): void {
    this.faults.push({ kind: 'unknown', field, found, suggestion: null });
  }

  /** null where the cell is empty or there is none. */
  text(field: TagField, charsMax: number): string | null {
    const cell = this.cell(field) ?? '';
    if (cell.length > charsMax) this.faults.push({ kind: 'too-long', field, charsMax });
    return cell === '' ? null : cell;
  }

  word<T>(field: TagField, read: (text: string) => T | null): T | null {
    const cell = this.cell(field) ?? '';
    if (cell === '') return null;
    const value = read(cell);
    if (value === null) this.unknown(field, cell);
    return value;
  }

  /** The default, which has to be there unless the cell itself was wrong. */
  needed<T>(field: TagField, value: T | null): T | null {
    if (value === null && (this.cell(field) ?? '') === '') {
      this.faults.push({ kind: 'missing', field });
    }
    return value;
  }

  days(field: 'lifeDays' | 'confirmEveryDays', before: number | null): number | null {
    const cell = this.cell(field);
    if (cell === undefined) return before;
    if (cell === '') return null;
    const days = readDays(cell);
    if (days === null) return null;
    if (days !== undefined && days >= 1 && days <= daysMax) return days;
    this.faults.push({ kind: 'not-days', field, found: cell });
    return before;
  }

  tagCode(
    field: 'parent' | 'successor',
    before: string | null,
    { codeOfTag }: RowContext,
  ): string | null {
    const cell = this.cell(field);
    if (cell === undefined) return before;
    if (cell === '') return null;
    const code = codeOfTag(cell);
    if (code === null) this.unknown(field, cell);
    return code ?? before;
  }
}
