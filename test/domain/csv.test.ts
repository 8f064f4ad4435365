import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvLine } from '../../domain/csv.ts';

test.each([
  [['C-1', '华东机电'], 'C-1,华东机电\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@sum'], "'=1+1,'+1,'-1,'@sum\r\n"],
  [['\t=1', '\r=1'], '\'\t=1,"\'\r=1"\r\n'],
  [['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"\r\n'],
  [['', 'a=b'], ',a=b\r\n'],
])('%j', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});

test.each(['🎁👩‍👩‍👧‍👦', 'عميل مهم', '\u202EVIP\u202C', '名'.repeat(10_000), ' ', ''])(
  'keeps the odd name %j as it is',
  (name) => {
    expect(parse(csvLine(['C-1', name]))).toEqual([['C-1', name]]);
  },
);
