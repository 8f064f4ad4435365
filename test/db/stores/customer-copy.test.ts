import { describe, expect, test } from 'vitest';
import { createCustomerParser } from '../../../db/stores/customer-copy.ts';

interface Row {
  readonly id: number;
  readonly tagIds: readonly number[];
  readonly since: readonly number[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly (string | null)[];
  readonly actors: readonly number[];
  readonly imports: readonly number[];
  readonly presentIn: readonly number[];
  readonly sources: readonly number[];
}

const fromNowhere = { actors: [], imports: [], presentIn: [], sources: [] };

const rows: readonly Row[] = [
  {
    id: 1,
    tagIds: [3, 9],
    since: [1_700_000_000, 0],
    numbers: [1.5, null],
    texts: ['华东', null],
    actors: [4, 0],
    imports: [0, 2_147_483_647],
    presentIn: [1, 32_767],
    sources: [1, 32_767],
  },
  { id: 2 ** 40 + 7, tagIds: [], since: [], numbers: [], texts: [], ...fromNowhere },
  {
    id: 3,
    tagIds: [2_147_483_647],
    since: [-5],
    numbers: [null, 2],
    texts: [null, '🙂 שלום'],
    actors: [8],
    imports: [5],
    presentIn: [3],
    sources: [3],
  },
];

describe('a stream of customers', () => {
  test('is read the same wherever it is cut', () => {
    const stream = encode(rows);
    for (let cut = 1; cut < stream.length; cut += 1) {
      expect(parse([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(expected());
    }
    expect(parse([...stream].map((byte) => Buffer.from([byte])))).toEqual(expected());
  });

  test('without sources takes the only one that has the customer; without actors or imports they are 0', () => {
    const tagged = { id: 4, tagIds: [3, 9], since: [0, 0], numbers: [], texts: [] };
    const found = parse([
      encode([
        { ...tagged, ...fromNowhere, presentIn: [2] },
        { ...tagged, ...fromNowhere },
      ]),
    ]);
    expect(found).toMatchObject([
      { actors: [0, 0], imports: [0, 0], presentIn: [2], sources: [2, 2] },
      { actors: [0, 0], imports: [0, 0], presentIn: [], sources: [0, 0] },
    ]);
  });

  test('with NULL in place of what is empty is read the same', () => {
    expect(parse([encode(rows, () => null)])).toEqual(expected());
  });

  test('without a customer is empty', () => {
    expect(parse([encode([])])).toEqual([]);
  });

  test('with a customer of 10,000 tags grows its buffers', () => {
    const tagIds = Array.from({ length: 10_000 }, (_, index) => index + 1);
    const big = { id: 4, tagIds, since: tagIds, numbers: [], texts: [], ...fromNowhere };
    const [parsed] = parse([encode([big])]);
    expect(parsed?.tagIds).toEqual(tagIds);
    expect(parsed?.since).toEqual(tagIds);
  });

  test('that ends in the middle is an error', () => {
    expect(() => parse([encode(rows).subarray(0, -2)])).toThrow('ended in the middle');
  });

  test('in another format is an error', () => {
    expect(() => parse([Buffer.from('1\t{3,9}\t{1700000000,0}\n')])).toThrow('binary COPY');
  });

  test('with arrays of different length is an error', () => {
    const crooked = { id: 5, tagIds: [1, 2], since: [1], numbers: [], texts: [], ...fromNowhere };
    expect(() => parse([encode([crooked])])).toThrow('customer 5 differ in length');
  });
});

function parse(chunks: readonly Buffer[]): readonly Row[] {
  const found: Row[] = [];
  const parser = createCustomerParser((customer) => {
    found.push({
      id: customer.customerId,
      tagIds: [...customer.tagIds.subarray(0, customer.count)],
      since: [...customer.sinceSeconds.subarray(0, customer.count)],
      numbers: [...customer.numbers],
      texts: [...customer.texts],
      actors: [...customer.actorIds.subarray(0, customer.count)],
      imports: [...customer.importIds.subarray(0, customer.count)],
      presentIn: [...customer.presentIn.subarray(0, customer.presentCount)],
      sources: [...customer.sourceIds.subarray(0, customer.count)],
    });
  });
  for (const chunk of chunks) parser.push(chunk, 0, chunk.length);
  parser.end();
  return found;
}

/** Unknown is NaN; buffers that an earlier customer made longer are NaN beyond the customer's own. */
function expected(): readonly Row[] {
  const missing = Number.NaN;
  return [
    { ...rows[0], since: [1_700_000_000, missing], numbers: [1.5, missing] },
    { ...rows[1], numbers: [missing, missing] },
    { ...rows[2], numbers: [missing, 2] },
  ] as readonly Row[];
}

/** As PostgreSQL writes COPY … (FORMAT binary). */
function encode(all: readonly Row[], empty: () => Buffer | null = emptyArray): Buffer {
  const array = (elements: readonly (Buffer | null)[]) =>
    elements.length === 0 ? empty() : arrayOf(elements);
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), int32(0), int32(0)]);
  const encoded = all.map((row) =>
    Buffer.concat([
      int16(9),
      field(int64(row.id)),
      field(array(row.tagIds.map(int32))),
      field(array(row.since.map(int64))),
      field(array(row.numbers.map((value) => (value === null ? null : float64(value))))),
      field(array(row.texts.map((value) => (value === null ? null : Buffer.from(value))))),
      field(array(row.actors.map(int32))),
      field(array(row.imports.map(int32))),
      field(array(row.presentIn.map(int16))),
      field(array(row.sources.map(int16))),
    ]),
  );
  return Buffer.concat([header, ...encoded, int16(-1)]);
}

function emptyArray(): Buffer {
  return Buffer.concat([int32(0), int32(0), int32(23)]);
}

function arrayOf(elements: readonly (Buffer | null)[]): Buffer {
  const header = [int32(1), int32(0), int32(23), int32(elements.length), int32(1)];
  return Buffer.concat([...header, ...elements.map((element) => field(element))]);
}

function field(content: Buffer | null): Buffer {
  return content === null ? int32(-1) : Buffer.concat([int32(content.length), content]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
