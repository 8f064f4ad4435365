import writeWorkbookFile from 'write-excel-file/universal';
import type { Attribute } from '../../domain/condition.ts';
import { csvByteOrderMark, csvLine } from '../../domain/csv.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Department, Person } from '../../domain/person.ts';
import type { Tag, TagCategory, TagLevel, TagStatus } from '../../domain/tag.ts';
import { fieldHeaders, tagFields, type TagField } from '../../domain/tag-table/fields.ts';
import { criteriaText } from './criteria.ts';

/** What codes and values are called in the reader's language; what reads a table knows these words. */
export interface TableWords {
  readonly locale: Locale;
  readonly level: Readonly<Record<TagLevel, string>>;
  readonly category: Readonly<Record<TagCategory, string>>;
  readonly status: Readonly<Record<TagStatus, string>>;
  readonly yes: string;
  readonly no: string;
}

export interface TableNames {
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  readonly attributes: readonly Attribute[];
}

/** Tags as rows below their header; `readTable` and an import make the same tags of them again. */
export function tagRows(
  tags: readonly Tag[],
  words: TableWords,
  names: TableNames,
): readonly (readonly string[])[] {
  const personWords = uniqueNames([...names.people.values()], words.locale);
  const departmentWords = uniqueNames([...names.departments.values()], words.locale);
  const departmentList = (codes: readonly string[]) =>
    codes
      .map((code) => departmentWords.get(code) ?? code)
      .join(words.locale === 'zh-CN' ? '、' : '; ');
  const cells: Readonly<Record<TagField, (tag: Tag) => string>> = {
    code: ({ code }) => code,
    name: ({ name }) => name['zh-CN'],
    nameEn: ({ name }) => name.en,
    definition: ({ definition }) => definition['zh-CN'],
    definitionEn: ({ definition }) => definition.en,
    level: ({ level }) => words.level[level],
    category: ({ category }) => words.category[category],
    parent: ({ parentCode }) => parentCode ?? '',
    departments: ({ departmentCodes }) => departmentList(departmentCodes),
    owner: ({ ownerCode }) => personWords.get(ownerCode) ?? ownerCode,
    status: ({ status }) => words.status[status],
    lifeDays: ({ lifeDays }) => String(lifeDays ?? ''),
    successor: ({ successorCode }) => successorCode ?? '',
    confirmEveryDays: ({ confirmEveryDays }) => String(confirmEveryDays ?? ''),
    criteria: ({ criteria }) => (criteria === null ? '' : criteriaText(criteria, names.attributes)),
    sensitive: ({ sensitive }) => (sensitive ? words.yes : words.no),
    seenBy: ({ seenByDepartmentCodes }) => departmentList(seenByDepartmentCodes),
  };
  return [
    tagFields.map((field) => fieldHeaders[words.locale][field]),
    ...tags.map((tag) => tagFields.map((field) => cells[field](tag))),
  ];
}

/** Names by code, but for those that several share or that hold a separator of lists. */
function uniqueNames(
  all: readonly Pick<Department, 'code' | 'name'>[],
  locale: Locale,
): ReadonlyMap<string, string> {
  const holders = new Map<string, number>();
  for (const { name, code } of all) {
    for (const words of new Set([name['zh-CN'], name.en, code].map((one) => one.toLowerCase()))) {
      holders.set(words, (holders.get(words) ?? 0) + 1);
    }
  }
  return new Map(
    all
      .filter(({ name }) => holders.get(name[locale].toLowerCase()) === 1)
      .filter(({ name }) => !/[、，,;；/|\n]/u.test(name[locale]))
      .map(({ code, name }) => [code, name[locale]]),
  );
}

/** CSV with the mark that makes Excel read it as UTF-8; no cell of it is run as a formula. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return csvByteOrderMark + rows.map(csvLine).join('');
}

const widths: Readonly<Partial<Record<TagField, number>>> = {
  code: 26,
  name: 20,
  nameEn: 24,
  definition: 60,
  definitionEn: 60,
  criteria: 40,
};

/** An .xlsx workbook whose cells are all text, so that none of them is a formula. */
export async function writeWorkbook(
  rows: readonly (readonly string[])[],
  sheet: string,
): Promise<Uint8Array> {
  const [header = [], ...below] = rows;
  const written = writeWorkbookFile(
    [
      header.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
      ...below.map((row) => row.map((value) => (value === '' ? null : { value, type: String }))),
    ],
    {
      sheet,
      stickyRowsCount: 1,
      columns: tagFields.map((field) => ({ width: widths[field] ?? 14 })),
    },
  );
  return new Uint8Array(await (await written.toBlob()).arrayBuffer());
}
