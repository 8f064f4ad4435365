import type { Locale } from '../../domain/locale.ts';
import type { PlannedRow, RowFault, RowNote } from '../../domain/tag-table/planned-row.ts';
import { fieldHeaders, type TagField } from '../../domain/tag-table/fields.ts';
import type { TableFault, TableOrigin } from '../../domain/tag-table/table.ts';
import { describeNaming } from './naming.ts';
import { textsFor } from './texts.ts';

type Words = {
  readonly kind: Readonly<Record<PlannedRow['kind'], string>>;
  readonly takenBefore: string;
  readonly beingTaken: string;
  readonly rowsRefused: (count: number) => string;
  readonly fault: Readonly<{
    [K in TableFault['kind']]: (fault: Extract<TableFault, { kind: K }>) => string;
  }>;
  readonly row: Readonly<{
    [K in RowFault['kind']]: (fault: Extract<RowFault, { kind: K }>, field: FieldName) => string;
  }>;
  readonly note: Readonly<{
    [K in RowNote['kind']]: (note: Extract<RowNote, { kind: K }>, field: FieldName) => string;
  }>;
  readonly sheet: (sheet: string, others: number) => string;
  readonly text: (encoding: string, separator: string) => string;
  readonly separator: (separator: string) => string;
  readonly formulas: (count: number) => string;
  readonly merged: (count: number) => string;
};
type FieldName = (field: TagField) => string;

const megabyte = 1_048_576;

export const tableWords: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    kind: { added: '新增', changed: '修改', unchanged: '不变', refused: '不能导入' },
    takenBefore: '这个文件已经导入过了，没有再次写入。',
    beingTaken: '这个文件正在写入字典，请等它完成，或者先停止写入。',
    rowsRefused: (count) =>
      `有 ${count} 行不能导入，所以一行也没有写入。请修改文件后重新上传，或者只导入没有问题的行。`,
    fault: {
      empty: () => '文件是空的。',
      'no-rows': () => '文件只有表头，没有数据。',
      'too-large': ({ bytesMax }) =>
        `文件太大，最多 ${bytesMax / megabyte} MB。请拆成几个文件分别上传。`,
      'too-many-rows': ({ rowsMax }) => `行数太多，最多 ${rowsMax} 行。请拆成几个文件分别上传。`,
      'too-many-columns': ({ columnsMax }) => `列数太多，最多 ${columnsMax} 列。`,
      'too-long-cell': ({ row, charsMax }) =>
        `第 ${row} 行有一个单元格超过 ${charsMax} 个字，可能是引号没有成对。`,
      encoding: () =>
        '无法识别文件的编码。请在 Excel 中另存为「CSV UTF-8」或 .xlsx 后重新上传；UTF-8、GBK/GB18030 和 UTF-16 都可以。',
      'broken-csv': ({ line }) => `CSV 读到第 ${line} 行时格式不对：引号没有成对。`,
      'old-workbook': () =>
        '这是旧版 .xls 文件，或者是有密码的工作簿。请另存为不带密码的 .xlsx 后重新上传。',
      'broken-workbook': () => '工作簿损坏或无法读取。请在 Excel 中打开并另存为 .xlsx 后重新上传。',
      'too-large-unpacked': ({ bytesMax }) =>
        `工作簿解压后超过 ${bytesMax / megabyte} MB，不像是标签清单，没有读取。请只保留标签工作表，另存后重新上传。`,
    },
    row: {
      cells: ({ found, expected }) => `这一行有 ${found} 列，表头有 ${expected} 列`,
      missing: ({ field }, name) => `缺少${name(field)}`,
      duplicate: ({ field, row }, name) => `${name(field)}与第 ${row} 行重复`,
      'name-taken': ({ field, code }, name) => `${name(field)}已被标签 ${code} 使用`,
      'code-form': ({ found }) =>
        `编码“${found}”不合要求：只能用小写字母、数字和中间的连字符，最多 64 个字符`,
      unknown: ({ field, found }, name) => `${name(field)}“${found}”不存在`,
      'too-long': ({ field, charsMax }, name) => `${name(field)}最多 ${charsMax} 个字`,
      'not-days': ({ field, found }, name) =>
        `${name(field)}应为 1 到 36500 的整数，现在是“${found}”`,
      'cannot-own': ({ found }) => `“${found}”已离职或没有责任人角色，不能负责标签`,
      'parent-not-main': ({ code }) => `上级标签 ${code} 不是主标签`,
      'successor-out-of-use': ({ code }) => `接替标签 ${code} 已停用或归档`,
      cycle: ({ field, codes }, name) => `${name(field)}形成循环：${codes.join(' → ')}`,
      'too-deep': ({ field, stepsMax }, name) => `${name(field)}超过 ${stepsMax} 层`,
      'needs-refused': ({ field, row }, name) => `${name(field)}在第 ${row} 行，而那一行不能导入`,
      criteria: ({ detail }) => `判定条件无法识别（${detail}）`,
      naming: ({ faults }) => describeNaming(faults, 'zh-CN').replace(/。$/u, ''),
    },
    note: {
      formula: ({ field }, name) => `${name(field)}像公式，按文字保存，不会运行`,
      'code-made': ({ code }) => `没有编码，按拼音生成 ${code}`,
      naming: ({ faults }) => describeNaming(faults, 'zh-CN').replace(/。$/u, ''),
    },
    sheet: (sheet, others) =>
      `Excel 工作表「${sheet}」${others === 0 ? '' : `（另有 ${others} 个工作表没有读取）`}`,
    text: (encoding, separator) => `CSV，编码 ${encoding}，${separator}`,
    separator: (separator) => (separator === '\t' ? '制表符分隔' : `以“${separator}”分隔`),
    formulas: (count) => `${count} 个单元格是公式，取的是上次计算的结果`,
    merged: (count) => `${count} 处合并单元格，每一格都按合并的内容处理`,
  },
  en: {
    kind: { added: 'New', changed: 'Changed', unchanged: 'Unchanged', refused: 'Refused' },
    takenBefore: 'This file has been taken in before; nothing was written again.',
    beingTaken: 'This file is being written; wait for its end, or stop it first.',
    rowsRefused: (count) =>
      `${count === 1 ? '1 row' : `${count} rows`} cannot be taken in, so nothing was written. Correct the file and bring it again, or take in the good rows alone.`,
    fault: {
      empty: () => 'The file is empty.',
      'no-rows': () => 'The file has a header and no rows.',
      'too-large': ({ bytesMax }) =>
        `The file is too large: ${bytesMax / megabyte} MB at most. Bring it in parts.`,
      'too-many-rows': ({ rowsMax }) => `Too many rows: ${rowsMax} at most. Bring them in parts.`,
      'too-many-columns': ({ columnsMax }) => `Too many columns: ${columnsMax} at most.`,
      'too-long-cell': ({ row, charsMax }) =>
        `A cell of row ${row} has more than ${charsMax} characters; a quote may be missing.`,
      encoding: () =>
        'The encoding of the file is not known. Save it in Excel as “CSV UTF-8” or .xlsx and bring it again; UTF-8, GBK/GB18030 and UTF-16 will do.',
      'broken-csv': ({ line }) => `The CSV is broken at line ${line}: its quotes do not match.`,
      'old-workbook': () =>
        'This is an .xls file of old, or a workbook with a password. Save it as .xlsx without one and bring it again.',
      'broken-workbook': () =>
        'The workbook is damaged or cannot be read. Open it in Excel, save it as .xlsx and bring it again.',
      'too-large-unpacked': ({ bytesMax }) =>
        `The workbook unpacks to more than ${bytesMax / megabyte} MB, as no list of tags does, and was not read. Keep the sheet of tags alone, save it and bring it again.`,
    },
    row: {
      cells: ({ found, expected }) => `the row has ${found} columns and the header ${expected}`,
      missing: ({ field }, name) => `no ${name(field)}`,
      duplicate: ({ field, row }, name) => `the ${name(field)} is that of row ${row}`,
      'name-taken': ({ field, code }, name) => `the ${name(field)} is taken by tag ${code}`,
      'code-form': ({ found }) =>
        `“${found}” is no code: small letters, digits and single hyphens between them, 64 characters at most`,
      unknown: ({ field, found }, name) => `${name(field)}: “${found}” is not known`,
      'too-long': ({ field, charsMax }, name) =>
        `the ${name(field)} has more than ${charsMax} characters`,
      'not-days': ({ field, found }, name) =>
        `${name(field)} should be a whole number from 1 to 36500 and is “${found}”`,
      'cannot-own': ({ found }) => `“${found}” has left or has not the role of an owner`,
      'parent-not-main': ({ code }) => `the parent ${code} is no main tag`,
      'successor-out-of-use': ({ code }) => `the successor ${code} is out of use`,
      cycle: ({ field, codes }, name) => `the ${name(field)} leads back: ${codes.join(' → ')}`,
      'too-deep': ({ field, stepsMax }, name) => `${name(field)}: more than ${stepsMax} steps`,
      'needs-refused': ({ field, row }, name) =>
        `the ${name(field)} is in row ${row}, which is refused`,
      criteria: ({ detail }) => `the criteria cannot be read (${detail})`,
      naming: ({ faults }) => describeNaming(faults, 'en').replace(/\.$/u, ''),
    },
    note: {
      formula: ({ field }, name) =>
        `the ${name(field)} looks like a formula; it is kept as text and never run`,
      'code-made': ({ code }) => `no code: ${code} was made of its pinyin`,
      naming: ({ faults }) => describeNaming(faults, 'en').replace(/\.$/u, ''),
    },
    sheet: (sheet, others) =>
      `Excel sheet “${sheet}”${others === 0 ? '' : ` (${others} more not read)`}`,
    text: (encoding, separator) => `CSV in ${encoding}, ${separator}`,
    separator: (separator) =>
      separator === '\t' ? 'separated by tabs' : `separated by “${separator}”`,
    formulas: (count) =>
      `${count === 1 ? '1 cell is a formula' : `${count} cells are formulas`}; what they last came to is taken`,
    merged: (count) =>
      `${count === 1 ? '1 merged area' : `${count} merged areas`}; each cell has what the area shows`,
  },
};

/** Why nothing can be read of a file, and what to do. */
export function describeTableFault(fault: TableFault, locale: Locale): string {
  const say = tableWords[locale].fault[fault.kind] as (fault: TableFault) => string;
  return say(fault);
}

/** How a file was read, a sentence each. */
export function describeOrigin(origin: TableOrigin, locale: Locale): readonly string[] {
  const words = tableWords[locale];
  if (origin.kind === 'csv') {
    return [words.text(origin.encoding.toUpperCase(), words.separator(origin.separator))];
  }
  return [
    words.sheet(origin.sheet, origin.otherSheets),
    ...(origin.formulas === 0 ? [] : [words.formulas(origin.formulas)]),
    ...(origin.merged === 0 ? [] : [words.merged(origin.merged)]),
  ];
}

/** Why a row is refused and what else is told of it, as one text; empty where there is nothing. */
export function describeRow(row: PlannedRow, locale: Locale): string {
  const words = tableWords[locale];
  const headers = fieldHeaders[locale];
  const name: FieldName = (field) =>
    locale === 'en' ? headers[field].toLowerCase() : headers[field];
  const faults = (row.kind === 'refused' ? row.faults : []).map((fault) => {
    const say = words.row[fault.kind] as (fault: RowFault, name: FieldName) => string;
    return say(fault, name);
  });
  const notes = row.notes.map((note) => {
    const say = words.note[note.kind] as (note: RowNote, name: FieldName) => string;
    return say(note, name);
  });
  return [...faults, ...notes].join(textsFor(locale).listSeparator === '、' ? '；' : '; ');
}
