import { expect, test } from 'vitest';
import { mappingProblems, postgresMappingSchema } from '../../../crm/postgres/mapping.ts';
import { compileStatement, quoteIdentifier, relationSql } from '../../../crm/postgres/sql-text.ts';
import { arrayLiteral, parseArray, parseCopyLine } from '../../../crm/postgres/text-format.ts';

test.each([
  ['select :tag', 'select $1', ['tag']],
  ['call f(:customer, :tag, :customer)', 'call f($1, $2, $1)', ['customer', 'tag']],
  [
    `select ':tag', "a:tag", x::text, :tag::int`,
    `select ':tag', "a:tag", x::text, $1::int`,
    ['tag'],
  ],
  ["select 'it''s :tag' -- :tag\n, :now", "select 'it''s :tag' -- :tag\n, $1", ['now']],
  [
    'select /* :tag */ $$ :tag $$, $q$ :tag $q$, :actor',
    'select /* :tag */ $$ :tag $$, $q$ :tag $q$, $1',
    ['actor'],
  ],
])('named parameters become numbers: %s', (text, compiled, names) => {
  expect(compileStatement(text)).toEqual({ text: compiled, names });
});

test('identifiers are quoted whatever they are', () => {
  expect(quoteIdentifier('a"; drop table x --')).toBe('"a""; drop table x --"');
  expect(relationSql('crm.customer')).toBe('"crm"."customer"');
  expect(relationSql({ query: 'select 1 -- all ;' })).toBe('(select 1 -- all \n)');
});

test('COPY lines and arrays are read as PostgreSQL writes them', () => {
  expect(parseCopyLine('a\t\\N\t\\\\N\tline\\nbreak\\ttab\t')).toEqual([
    'a',
    null,
    '\\N',
    'line\nbreak\ttab',
    '',
  ]);
  expect(parseArray('{1,NULL,"NULL","a\\"b\\\\,{}",""}')).toEqual([
    '1',
    null,
    'NULL',
    'a"b\\,{}',
    '',
  ]);
  expect(parseArray('{}')).toEqual([]);
  expect(() => parseArray('[1:2]={a,b}')).toThrow('one-dimensional');
  const texts = ['', 'NULL', '"', '\\', 'a,b', '{}', '🎁', ' x '];
  expect(parseArray(arrayLiteral(texts))).toEqual(texts);
});

const mapping = {
  customers: { from: 'crm.customer', ref: 'id', name: 'name' },
  tags: {},
  assignments: { kind: 'array', column: 'tags' },
};

test('a mapping that contradicts itself says where', () => {
  const parsed = postgresMappingSchema.parse({
    ...mapping,
    timeZone: 'Shanghai',
    tags: { from: 'tag', ref: 'id', name: 'name', match: 'code' },
    write: {
      add: 'update c set t = :tag where id = :id',
      remove: 'update c set t = :tag where id = any(:customers)',
      lock: 'select 1',
    },
  });
  expect(mappingProblems(parsed)).toEqual([
    'tags.match is code, so tags.code must name the column with the code',
    'timeZone must be an IANA name, such as Asia/Shanghai',
    'write.add uses :id; known are :customer, :customers, :tag, :tags, :actor, :actors, :now',
    'write.remove mixes :customer, :tag, :actor with their arrays',
    'write.lock must use :customer',
  ]);
  expect(mappingProblems(postgresMappingSchema.parse(mapping))).toEqual([]);
});
