import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CustomerTags } from '../../../domain/customer.ts';
import { PopulationCounter, pairedTagsMax } from '../../../domain/population/counter.ts';
import {
  addEncodedPairs,
  addEncodedPopulation,
  encodePairs,
  encodePopulation,
} from '../../../domain/population/encoding.ts';
import { buildCustomer } from '../../support/customers.ts';

interface Entry {
  readonly tagId: number;
  readonly sourceId: number;
  readonly importId: number;
}

/** Ids near each other, far apart and at the end of what an id may be. */
const tagId = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.constantFrom(1_048_575, 1_048_576, 2_147_483_646, 2_147_483_647),
);
const entries = fc.uniqueArray(
  fc.record({
    tagId,
    sourceId: fc.integer({ min: 1, max: 3 }),
    importId: fc.constantFrom(0, 0, 1, 900_000),
  }),
  { maxLength: 12, selector: (entry) => `${entry.tagId}/${entry.sourceId}` },
);

describe('counts of a population', () => {
  test('are what counting one customer after another by hand gives, also when shards are added up', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 20 }), fc.nat(20), (customers, cut) => {
        const whole = count(customers);
        expect(countsOf(whole)).toEqual(countedByHand(customers));
        const added = new PopulationCounter();
        for (const part of [customers.slice(0, cut), customers.slice(cut)]) {
          addEncodedPopulation(added, encodePopulation(count(part)));
          addEncodedPairs(added, encodePairs(count(part)));
        }
        expect(countsOf(added)).toEqual(countsOf(whole));
      }),
      { numRuns: 50 },
    );
  });

  test('forget a customer who is taken off', () => {
    fc.assert(
      fc.property(fc.array(entries), entries, (customers, extra) => {
        const counter = count([...customers, extra]);
        counter.add(customerOf(extra), -1);
        expect(countsOf(counter)).toEqual(countedByHand(customers));
      }),
      { numRuns: 50 },
    );
  });

  test('move with a customer who changes as if taken off and added anew', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('few' as const, 'many' as const),
        fc.array(fc.tuple(entries, entries), { maxLength: 5 }),
        (pairs, changes) => {
          const counter = new PopulationCounter(pairs);
          const anew = new PopulationCounter();
          for (const [before, after] of changes) {
            counter.change(customerOf(before), customerOf(after));
            anew.add(customerOf(before), -1);
            anew.add(customerOf(after), 1);
          }
          expect(countsOf(counter)).toEqual(countsOf(anew));
          const decoded = new PopulationCounter();
          addEncodedPairs(decoded, encodePairs(counter));
          expect(countsOf(decoded).pairs).toEqual(countsOf(anew).pairs);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('stay exact for more tags than the triangle holds', () => {
    const counter = new PopulationCounter();
    for (let first = 1; first < 6_200; first += 2)
      counter.add(buildCustomer([first, first + 1]), 1);
    counter.add(buildCustomer([1, 2, 6_199, 6_200]), 1);
    const { pairs } = countsOf(counter);
    expect(pairs).toMatchObject({ '1/2': 2, '6199/6200': 2, '1/6200': 1, '2/6199': 1 });
    expect(Object.keys(pairs)).toHaveLength(3_100 + 4);
  }, 60_000);

  test('leave a customer with too many tags out of the pairs, and of nothing else', () => {
    const counter = new PopulationCounter();
    const tagIds = Array.from({ length: pairedTagsMax + 1 }, (_, index) => index + 1);
    counter.add(buildCustomer(tagIds), 1);
    counter.add(buildCustomer(tagIds.slice(0, pairedTagsMax)), 1);
    expect(counter.tagCount(pairedTagsMax + 1)).toBe(1);
    expect(counter.assignments).toBe(2 * pairedTagsMax + 1);
    expect(countPairs(counter)).toBe((pairedTagsMax * (pairedTagsMax - 1)) / 2);
    counter.change(buildCustomer(tagIds.slice(0, pairedTagsMax)), buildCustomer(tagIds));
    expect(countPairs(counter)).toBe(0);
    counter.change(buildCustomer(tagIds), buildCustomer(tagIds.slice(1)));
    expect(countPairs(counter)).toBe((pairedTagsMax * (pairedTagsMax - 1)) / 2);
  }, 60_000);
});

test('counts that were cut off are an error', () => {
  const counter = count([[1, 300].map((id) => ({ tagId: id, sourceId: 1, importId: 0 }))]);
  const cut = (bytes: Uint8Array) => bytes.subarray(0, -1);
  expect(() =>
    addEncodedPopulation(new PopulationCounter(), cut(encodePopulation(counter))),
  ).toThrow('end in the middle');
  expect(() => addEncodedPairs(new PopulationCounter(), cut(encodePairs(counter)))).toThrow(
    'end in the middle',
  );
});

function countPairs(counter: PopulationCounter): number {
  let pairs = 0;
  counter.forEachTagPairs((_, others) => {
    pairs += others.length;
  });
  return pairs;
}

function count(customers: readonly (readonly Entry[])[]): PopulationCounter {
  const counter = new PopulationCounter();
  for (const customer of customers) counter.add(customerOf(customer), 1);
  return counter;
}

function customerOf(customer: readonly Entry[]): CustomerTags {
  const ordered = customer.toSorted((a, b) => a.tagId - b.tagId || a.sourceId - b.sourceId);
  return {
    ...buildCustomer(ordered),
    importIds: Int32Array.from(ordered, (entry) => entry.importId),
  };
}

type Counts = Record<string, number>;

function countsOf(counter: PopulationCounter) {
  const tags: Counts = {};
  for (const id of counter.tagIds()) {
    if (counter.tagCount(id) !== 0) tags[id] = counter.tagCount(id);
  }
  const pairs: Counts = {};
  counter.forEachTagPairs((id, others, counts) => {
    for (const [index, other] of others.entries()) pairs[`${id}/${other}`] = counts[index] ?? 0;
  });
  const sources: Counts = {};
  counter.forEachSource((id, source, amount) => {
    sources[`${id}/${source}`] = amount;
  });
  const imports: Counts = {};
  counter.forEachImport((id, batch, amount) => {
    imports[`${id}/${batch}`] = amount;
  });
  const { customers, assignments } = counter;
  return { customers, assignments, tags, pairs, sources, imports };
}

function countedByHand(customers: readonly (readonly Entry[])[]): ReturnType<typeof countsOf> {
  const tags: Counts = {};
  const pairs: Counts = {};
  const sources: Counts = {};
  const imports: Counts = {};
  const add = (counts: Counts, keys: readonly string[]) => {
    for (const key of new Set(keys)) counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const customer of customers) {
    const ids = [...new Set(customer.map((entry) => entry.tagId))];
    add(tags, ids.map(String));
    add(
      pairs,
      ids.flatMap((a) => ids.filter((b) => a < b).map((b) => `${a}/${b}`)),
    );
    add(
      sources,
      customer.map((entry) => `${entry.tagId}/${entry.sourceId}`),
    );
    add(
      imports,
      customer.filter((e) => e.importId !== 0).map((entry) => `${entry.tagId}/${entry.importId}`),
    );
  }
  const assignments = customers.reduce((sum, customer) => sum + customer.length, 0);
  return { customers: customers.length, assignments, tags, pairs, sources, imports };
}
