import { strToU8, zipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import writeWorkbookFile from 'write-excel-file/universal';
import { rowsMax } from '../../../config/tag-table/limits.ts';
import { readTable } from '../../../config/tag-table/read-table.ts';
import { readWorkbook } from '../../../config/tag-table/workbook.ts';

const csv = '编码,名称,定义\r\nhigh-value,高价值客户,"近12个月消费满10万元，\n且下过单"\r\n';
const rows = [
  ['编码', '名称', '定义'],
  ['high-value', '高价值客户', '近12个月消费满10万元，\n且下过单'],
];
/** `csv` as Excel in China saves it; Node writes no GB18030. */
const gbkHeader = Uint8Array.from([0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a]);
const gbkRow = Uint8Array.from([0x76, 0x69, 0x70, 0x2c, 0xbf, 0xcd, 0xbb, 0xa7, 0x0a]);

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const bytes = new Uint8Array((text.length + Number(mark)) * 2);
  const view = new DataView(bytes.buffer);
  if (mark) view.setUint16(0, 0xfeff, littleEndian);
  for (const [at, unit] of text.split('').entries()) {
    view.setUint16((at + Number(mark)) * 2, unit.charCodeAt(0), littleEndian);
  }
  return bytes;
}

async function read(bytes: Uint8Array | string) {
  const result = await readTable(typeof bytes === 'string' ? strToU8(bytes) : bytes);
  return result.kind === 'read' ? result.table : result.fault;
}

describe('CSV', () => {
  it.each([
    ['utf-8', strToU8(csv)],
    ['utf-8', strToU8(`\uFEFF${csv}`)],
    ['utf-16le', utf16(csv, true, true)],
    ['utf-16be', utf16(csv, false, true)],
    ['utf-16le', utf16(csv, true, false)],
  ])('in %s is read', async (encoding, bytes) => {
    expect(await read(bytes)).toEqual({ origin: { kind: 'csv', encoding, separator: ',' }, rows });
  });

  test('in GBK is read', async () => {
    expect(await read(Uint8Array.from([...gbkHeader, ...gbkRow]))).toMatchObject({
      origin: { encoding: 'gb18030' },
      rows: [
        ['编码', '名称'],
        ['vip', '客户'],
      ],
    });
  });

  it.each([
    [
      'tabs',
      'a\tb,c\n1\t2\n',
      '\t',
      [
        ['a', 'b,c'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons',
      '"x,y,z";b\n1;2\n',
      ';',
      [
        ['x,y,z', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'what Excel was told',
      'sep=;\n"a,b,c";d,e\n1;2\n',
      ';',
      [
        ['a,b,c', 'd,e'],
        ['1', '2'],
      ],
    ],
  ])('is parted by %s', async (_what, text, separator, expected) => {
    expect(await read(text)).toMatchObject({ origin: { separator }, rows: expected });
  });

  it.each([
    ['nothing', '', { kind: 'empty' }],
    ['blank lines', '\n ,\n\n', { kind: 'empty' }],
    ['a header alone', '编码,名称\n', { kind: 'no-rows' }],
    ['an open quote', 'a,b\n1,"2\n3,4\n', { kind: 'broken-csv', line: 3 }],
    [
      'more columns than anybody has',
      `${'a,'.repeat(100)}b\n1\n`,
      { kind: 'too-many-columns', columnsMax: 100 },
    ],
    [
      'a novel in a cell',
      `a,b\n1,${'x'.repeat(5_001)}\n`,
      { kind: 'too-long-cell', row: 2, charsMax: 5_000 },
    ],
    [
      'Big5',
      Uint8Array.from([0xa4, 0x40, 0xb3, 0x5d, 0xa9, 0x6d, 0xa6, 0x57, 0x2c, 0xa4, 0x48, 0x0a]),
      { kind: 'encoding' },
    ],
    [
      'a picture',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0x0d, 1, 0, 2]),
      { kind: 'encoding' },
    ],
    [
      'an .xls of before 2007',
      Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
      { kind: 'old-workbook' },
    ],
    ['a zip that is no workbook', zipSync({ 'a.txt': strToU8('a') }), { kind: 'broken-workbook' }],
    [
      'a torn workbook',
      Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 1, 2, 3]),
      { kind: 'broken-workbook' },
    ],
  ])('%s cannot be read, and is told why', async (_what, bytes, fault) => {
    expect(await read(bytes)).toEqual(fault);
  });

  test('more rows than there may be are told', async () => {
    expect(await read(`a,b\n${'1,2\n'.repeat(rowsMax + 1)}`)).toEqual({
      kind: 'too-many-rows',
      rowsMax,
    });
  });

  test('spaces of every width, the apostrophe before a formula and what no database takes go', async () => {
    const late = await read(`a,b\n${'1,2\n'.repeat(2_000)}x\u0000y,3\n`);
    expect('rows' in late && late.rows.at(-1)).toEqual(['xy', '3']);
    expect(await read("a,b\n\u3000x\u00A0 ,'=1+1\n")).toMatchObject({
      rows: [
        ['a', 'b'],
        ['x', '=1+1'],
      ],
    });
  });
});

describe('a workbook', () => {
  async function workbook(data: Parameters<typeof writeWorkbookFile>[0][]) {
    const written = writeWorkbookFile(data as never, { sheet: '标签' });
    return new Uint8Array(await (await written.toBlob()).arrayBuffer());
  }

  test('gives numbers, dates and yes or no as text, merged cells in full, and no formula', async () => {
    const bytes = await workbook([
      [{ value: '标签字典', columnSpan: 3 }, null, null],
      [{ value: '名称' }, { value: '上级标签' }, { value: '有效期' }],
      [{ value: '甲' }, { value: '大类', rowSpan: 2 }, { value: 365, type: Number }],
      [
        { value: '乙' },
        null,
        { value: new Date(Date.UTC(2026, 10, 22)), type: Date, format: 'yyyy-mm-dd' },
      ],
      [
        { value: '=HYPERLINK("x")', type: String },
        { value: true, type: Boolean },
        { value: '1+1', type: 'Formula' },
      ],
    ] as never);
    expect(await read(bytes)).toEqual({
      origin: { kind: 'xlsx', sheet: '标签', otherSheets: 0, formulas: 1, merged: 2 },
      rows: [
        ['标签字典', '标签字典', '标签字典'],
        ['名称', '上级标签', '有效期'],
        ['甲', '大类', '365'],
        ['乙', '大类', '2026-11-22'],
        ['=HYPERLINK("x")', 'true', ''],
      ],
    });
  });

  test('that would fill the memory is not unpacked, whatever it says of its size', async () => {
    const bytesMax = 1_000_000;
    const size = bytesMax + 1;
    const bomb = zipSync({ 'xl/workbook.xml': new Uint8Array(size) });
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    for (let at = 0; at + 4 <= bomb.length; at += 1) {
      if (view.getUint32(at, true) === size) view.setUint32(at, 1_000, true);
    }
    const fault = { kind: 'too-large-unpacked', bytesMax };
    expect(await readWorkbook(bomb, bytesMax)).toEqual({ kind: 'unreadable', fault });
  });
});
