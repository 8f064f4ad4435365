import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  Connector,
  CustomerBatch,
  CustomerChange,
  SourceCustomer,
} from '../../crm/connector.ts';

/** A source that a test can change behind the connector's back. */
export interface ConnectorHarness {
  readonly connector: Connector;
  /** Refs of customers that fit the source's type of id; at least six. */
  readonly refs: readonly string[];
  /** Three tags that the source has. */
  readonly tagRefs: readonly [string, string, string];
  /** A tag that the source refuses to put on anybody; null where it takes every tag. */
  readonly refusedTagRef: string | null;
  addCustomer(ref: string, name: string, tagRefs: readonly string[]): Promise<void>;
  removeCustomer(ref: string): Promise<void>;
  tag(ref: string, tagRef: string): Promise<void>;
  untag(ref: string, tagRef: string): Promise<void>;
  close(): Promise<void>;
}

const { signal } = new AbortController();

/** What every connector keeps, whatever it reads from. */
export function describeConnector(
  name: string,
  createHarness: () => Promise<ConnectorHarness>,
): void {
  describe(`${name}: connector contract`, () => {
    let harness: ConnectorHarness;
    let connector: Connector;
    let refs: readonly string[];
    beforeEach(async () => {
      harness = await createHarness();
      ({ connector, refs } = harness);
    });
    afterEach(() => harness.close());

    const ref = (index: number) => refs[index] ?? '';
    const change = (overrides: Partial<CustomerChange>): CustomerChange => ({
      customerRef: ref(0),
      expectedTagRefs: [],
      addTagRefs: [],
      removeTagRefs: [],
      actor: 'li-lei',
      ...overrides,
    });
    const tagsNow = async (customerRef: string) =>
      tagsOf((await connector.readCustomers([customerRef], signal)).customers[0]);

    test('an empty source gives no customer and no problem', async () => {
      const read = await readAll(connector);
      expect(read.customers).toEqual([]);
      expect(read.rejected).toEqual([]);
      expect(await changesSince(connector, read.cursor)).toEqual([]);
    });

    test('every customer is read with all tags, those without tags too', async () => {
      const [a, b] = harness.tagRefs;
      await harness.addCustomer(ref(0), '华东机电', [a, b]);
      await harness.addCustomer(ref(1), '李雷', []);
      const { customers, rejected } = await readAll(connector);
      expect(rejected).toEqual([]);
      expect(byRef(customers)).toEqual({
        [ref(0)]: { name: '华东机电', tags: [a, b].sort() },
        [ref(1)]: { name: '李雷', tags: [] },
      });
    });

    test('names come through as they are, whatever characters they have', async () => {
      const names = [
        '🎁 Zoë "O\'Neil" \\ {a,b}',
        'tab\there\nnew line\r',
        'شركة \\N NULL',
        '名'.repeat(900),
        '\\t\\\\',
      ];
      for (const [index, customerName] of names.entries()) {
        await harness.addCustomer(ref(index), customerName, []);
      }
      const { customers } = await readAll(connector);
      const named = byRef(customers);
      expect(names.map((_, index) => named[ref(index)]?.name)).toEqual(names);
      const again = await connector.readCustomers(refs.slice(0, names.length), signal);
      expect(byRef(again.customers)).toEqual(named);
    });

    test('what changed after a read is read by its cursor: new, tagged, untagged and gone', async () => {
      const [a, b] = harness.tagRefs;
      await harness.addCustomer(ref(0), 'tagged later', [a]);
      await harness.addCustomer(ref(1), 'untagged later', [a, b]);
      await harness.addCustomer(ref(2), 'gone later', [a]);
      const { cursor } = await readAll(connector);
      if (!connector.capabilities.readChanges) return;
      await harness.tag(ref(0), b);
      await harness.untag(ref(1), a);
      await harness.removeCustomer(ref(2));
      await harness.addCustomer(ref(3), 'new', [b]);
      const batches = await changesSince(connector, cursor);
      const changed = byRef(batches.flatMap((batch) => batch.customers));
      expect(changed[ref(0)]?.tags).toEqual([a, b].sort());
      expect(changed[ref(1)]?.tags).toEqual([b]);
      expect(changed[ref(3)]?.tags).toEqual([b]);
      expect(batches.flatMap((batch) => batch.removedRefs)).toEqual([ref(2)]);
    });

    test('named customers are read as they are now, and those that are not there are said to be gone', async () => {
      const [a] = harness.tagRefs;
      await harness.addCustomer(ref(0), 'there', [a]);
      const batch = await connector.readCustomers([ref(0), ref(1)], signal);
      expect(byRef(batch.customers)).toEqual({ [ref(0)]: { name: 'there', tags: [a] } });
      expect(batch.removedRefs).toEqual([ref(1)]);
      expect((await connector.readCustomers([], signal)).customers).toEqual([]);
    });

    test('a change is written, and writing it again does nothing', async () => {
      const [a, b, c] = harness.tagRefs;
      await harness.addCustomer(ref(0), 'one', [a, b]);
      const wanted = change({ expectedTagRefs: [b, a], addTagRefs: [c], removeTagRefs: [a] });
      expect(await connector.applyChanges([wanted], signal)).toEqual([
        { kind: 'changed', customerRef: ref(0) },
      ]);
      expect(await tagsNow(ref(0))).toEqual([b, c].sort());
      expect(await connector.applyChanges([wanted], signal)).toEqual([
        { kind: 'already-so', customerRef: ref(0) },
      ]);
      expect(await tagsNow(ref(0))).toEqual([b, c].sort());
    });

    test('a customer that no longer looks as expected is left alone, and the others are written', async () => {
      const [a, b, c] = harness.tagRefs;
      await harness.addCustomer(ref(0), 'as expected', [a, b]);
      await harness.addCustomer(ref(1), 'one more tag', [a, b, c]);
      await harness.addCustomer(ref(2), 'one tag less', [a]);
      const outcomes = await connector.applyChanges(
        [0, 1, 2, 3].map((index) =>
          change({ customerRef: ref(index), expectedTagRefs: [a, b], removeTagRefs: [a] }),
        ),
        signal,
      );
      expect(outcomes).toEqual([
        { kind: 'changed', customerRef: ref(0) },
        { kind: 'changed-meanwhile', customerRef: ref(1) },
        { kind: 'changed-meanwhile', customerRef: ref(2) },
        { kind: 'changed-meanwhile', customerRef: ref(3) },
      ]);
      expect(await tagsNow(ref(0))).toEqual([b]);
      expect(await tagsNow(ref(1))).toEqual([a, b, c].sort());
      expect(await tagsNow(ref(2))).toEqual([a]);
    });

    test('a refused customer is told without its data, and the others are written', async () => {
      const [a, b] = harness.tagRefs;
      const { refusedTagRef } = harness;
      if (refusedTagRef === null) return;
      await harness.addCustomer(ref(0), 'fine', [a]);
      await harness.addCustomer(ref(1), 'refused', [a]);
      const outcomes = await connector.applyChanges(
        [
          change({
            customerRef: ref(1),
            expectedTagRefs: [a],
            addTagRefs: [refusedTagRef],
            removeTagRefs: [a],
          }),
          change({ expectedTagRefs: [a], addTagRefs: [b] }),
        ],
        signal,
      );
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['refused', 'changed']);
      expect(JSON.stringify(outcomes[0])).not.toContain(refusedTagRef);
      expect(await tagsNow(ref(1))).toEqual([a]);
      expect(await tagsNow(ref(0))).toEqual([a, b].sort());
    });

    test('an aborted signal ends every call', async () => {
      const aborted = AbortSignal.abort(new Error('stopped'));
      await expect(connector.readTags(aborted)).rejects.toThrow('stopped');
      await expect(connector.readCustomers([ref(0)], aborted)).rejects.toThrow('stopped');
      await expect(connector.applyChanges([change({})], aborted)).rejects.toThrow('stopped');
      await expect(connector.readAll(aborted)).rejects.toThrow('stopped');
    });
  });
}

async function readAll(connector: Connector) {
  const { cursor, batches } = await connector.readAll(signal);
  const customers: SourceCustomer[] = [];
  const rejected: CustomerBatch['rejected'][number][] = [];
  for await (const batch of batches) {
    customers.push(...batch.customers);
    rejected.push(...batch.rejected);
  }
  return { cursor, customers, rejected };
}

async function changesSince(connector: Connector, cursor: string) {
  if (!connector.capabilities.readChanges) return [];
  const batches: CustomerBatch[] = [];
  for await (const batch of connector.readChanges(cursor, signal)) {
    if (batch.customers.length + batch.removedRefs.length + batch.rejected.length > 0) {
      batches.push(batch);
    }
  }
  return batches;
}

function tagsOf(customer: SourceCustomer | undefined): readonly string[] {
  return (customer?.assignments ?? []).map((assignment) => assignment.tagRef).sort();
}

function byRef(customers: readonly SourceCustomer[]) {
  return Object.fromEntries(
    customers.map((customer) => [customer.ref, { name: customer.name, tags: tagsOf(customer) }]),
  );
}
