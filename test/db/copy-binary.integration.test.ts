import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BinaryRows } from '../../db/copy-binary.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

test('PostgreSQL reads every field as it was written', async () => {
  const written = await testDatabase.database.lendConnection(async (connection) => {
    await connection.unsafe(
      `create temp table written (t text, n float8[], w text[], i int[], b bigint[], one int, big bigint,
        at timestamptz, bytes bytea, is_so boolean)`,
    );
    const stream = await connection.unsafe('copy written from stdin (format binary)').writable();
    const rows = new BinaryRows();
    rows.row(10);
    rows.text(`值 🏷️ a\tb\\n"\0 ${'x'.repeat(100_000)}`);
    rows.float8Array([1.5, Number.NaN, -0.25]);
    rows.textArray(['', null, '"\\{},\0值']);
    rows.int4Array([0, -1, 2_147_483_647]);
    rows.int8Array([0, -1, -2_000_000_000, 4_294_967_296, 8_640_000_000_000]);
    rows.int4(-7);
    rows.int8(-4_294_967_297);
    rows.instant(Date.UTC(1999, 11, 31, 23));
    rows.bytes(Uint8Array.of(0, 255, 92));
    rows.boolean(true);
    stream.write(rows.take());
    rows.row(10);
    rows.text('');
    rows.float8Array([]);
    rows.textArray([]);
    rows.int4Array([]);
    rows.int8Array([]);
    rows.int4(2_147_483_647);
    rows.int8(8_640_000_000_000);
    rows.instant(Date.UTC(2126, 1, 3, 4));
    rows.bytes(new Uint8Array(0));
    rows.boolean(false);
    stream.end(rows.end());
    await once(stream, 'finish');
    return connection<object[]>`
      select t, n::text, w::text, i::text, b::text, cardinality(w) as texts,
        one, big, at, bytes::text, is_so from written`;
  });
  expect(written).toEqual([
    {
      t: `值 🏷️ a\tb\\n" ${'x'.repeat(100_000)}`,
      n: '{1.5,NaN,-0.25}',
      w: '{"",NULL,"\\"\\\\{},值"}',
      i: '{0,-1,2147483647}',
      b: '{0,-1,-2000000000,4294967296,8640000000000}',
      texts: 3,
      one: -7,
      big: -4_294_967_297,
      at: Date.UTC(1999, 11, 31, 23),
      bytes: '\\x00ff5c',
      is_so: true,
    },
    {
      t: '',
      n: '{}',
      w: '{}',
      i: '{}',
      b: '{}',
      texts: 0,
      one: 2_147_483_647,
      big: 8_640_000_000_000,
      at: Date.UTC(2126, 1, 3, 4),
      bytes: '\\x',
      is_so: false,
    },
  ]);
});
