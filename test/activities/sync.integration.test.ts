import { MockActivityEnvironment } from '@temporalio/testing';
import * as fc from 'fast-check';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSyncActivities, type SyncCounts } from '../../activities/sync.ts';
import type {
  Connector,
  CustomerBatch,
  RejectedRow,
  SourceAssignment,
  SourceCustomer,
  SourceTag,
} from '../../crm/connector.ts';
import { attributes, sources, tags, tagVersions } from '../../db/schema/dictionary.ts';
import { buildTag } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => testDatabase.drop());

let nowMs = Date.UTC(2026, 10, 22);

/** A source in memory, whose cursor is the number of its last change. */
class FakeSource implements Connector {
  readonly capabilities = {
    readChanges: true,
    write: false,
    atomicCompareAndSet: false,
    batchCustomersMax: 2,
    customersPerSecondMax: null,
  };
  readonly attributeCodes: readonly string[];
  readonly customers = new Map<string, SourceCustomer>();
  readonly rejected: RejectedRow[] = [];
  /** Thrown after the first batch of the next read. */
  failure: Error | null = null;
  /** Runs after the first batch of a whole read. */
  meanwhile: () => Promise<void> = () => Promise.resolve();
  #changes: string[] = [];

  constructor(attributeCodes: readonly string[] = []) {
    this.attributeCodes = attributeCodes;
  }

  put(ref: string, assignments: readonly (string | Partial<SourceAssignment>)[], overrides = {}) {
    this.customers.set(ref, {
      ref,
      name: `customer ${ref}`,
      attributes: {},
      assignments: assignments.map((assignment) => ({
        tagRef: 'a',
        sinceSeconds: 1_700_000_000,
        actor: null,
        importName: null,
        ...(typeof assignment === 'string' ? { tagRef: assignment } : assignment),
      })),
      ...overrides,
    });
    this.#changes.push(ref);
  }

  remove(ref: string) {
    this.customers.delete(ref);
    this.#changes.push(ref);
  }

  readTags = () => Promise.resolve([]);
  describeTag = (tagRef: string): SourceTag => ({
    tagRef,
    name: `name of ${tagRef}`,
    meaning: { kind: 'code', value: tagRef },
  });
  readAll = () =>
    Promise.resolve({ cursor: String(this.#changes.length), batches: this.#batches(true) });
  applyChanges = () => Promise.resolve([]);
  close = () => Promise.resolve();

  async *#batches(isWhole: boolean): AsyncGenerator<CustomerBatch> {
    const customers = [...this.customers.values()];
    for (let from = 0; from < customers.length || from === 0; from += 2) {
      yield {
        customers: customers.slice(from, from + 2),
        removedRefs: [],
        rejected: from === 0 ? this.rejected : [],
      };
      if (this.failure !== null) throw this.failure;
      if (isWhole && from === 0) await this.meanwhile();
    }
  }

  async *readChanges(cursor: string) {
    const changed = [...new Set(this.#changes.slice(Number(cursor)))];
    yield { ...(await this.readCustomers(changed)), cursor: String(this.#changes.length) };
  }

  readCustomers(refs: readonly string[]): Promise<CustomerBatch> {
    const unreadable = new Set(this.rejected.map((row) => row.ref));
    return Promise.resolve({
      customers: refs.flatMap((ref) => this.customers.get(ref) ?? []),
      removedRefs: refs.filter((ref) => !this.customers.has(ref) && !unreadable.has(ref)),
      rejected: this.rejected.filter((row) => refs.includes(row.ref ?? '')),
    });
  }
}

async function addSource(code: string): Promise<void> {
  await testDatabase.database.query.insert(sources).values({ code, body: {} });
}

function activities(connectors: Readonly<Record<string, Connector>>) {
  const sync = createSyncActivities({
    database: testDatabase.database,
    connectors: new Map(Object.entries(connectors)),
    now: () => nowMs,
  });
  const run = <T>(work: () => Promise<T>): Promise<T> => {
    nowMs += 1_000;
    return new MockActivityEnvironment().run<[], T, () => Promise<T>>(work);
  };
  return {
    full: (sourceCode = 'crm'): Promise<SyncCounts> =>
      run(() => sync.syncSource({ sourceCode, kind: 'full' })),
    incremental: (sourceCode = 'crm'): Promise<SyncCounts> =>
      run(() => sync.syncSource({ sourceCode, kind: 'incremental' })),
    refresh: (ids: readonly number[]): Promise<void> => run(() => sync.refreshCustomers(ids)),
  };
}

/** The mirror in words: tags by name with the source they come from. */
async function mirror(): Promise<Record<string, unknown>> {
  const rows = await testDatabase.database.sql`
    select m.ref, m.name, m.numbers, to_json(m.texts) as texts, m.present_in, coalesce((
      select json_agg(coalesce(d.code, t.name) || '@' || s.code || coalesce('/' || a.name, '')
        || coalesce('/' || i.name, '') || '/' || o.since order by o.place)
      from unnest(m.tag_ids, m.since_seconds, m.actor_ids, m.source_ids, m.import_ids)
        with ordinality as o(tag, since, actor, source, import, place)
      join source s on s.id = o.source
      left join tag d on d.id = o.tag
      left join lateral (
        select name from mirror_tag where tag_id = o.tag and source_id = o.source limit 1) t on true
      left join mirror_actor a on a.id = o.actor
      left join mirror_import i on i.id = o.import), '[]') as tags
    from mirror_customer m order by m.ref`;
  return Object.fromEntries(rows.map(({ ref, ...row }) => [ref, row]));
}

const tagsOf = async (ref: string) => ((await mirror())[ref] as { tags: string[] }).tags;

async function changeLog(): Promise<readonly string[]> {
  const rows = await testDatabase.database.sql`
    select c.change, coalesce(d.code, t.name) as tag, m.ref, a.name as actor
    from assignment_change c
    left join mirror_customer m on m.id = c.customer_id
    left join tag d on d.id = c.tag_id
    left join mirror_tag t on t.tag_id = c.tag_id and t.source_id = c.source_id
    left join mirror_actor a on a.id = c.actor_id order by c.id`;
  return rows.map(({ change, tag, ref, actor }) =>
    `${ref ?? 'gone'} ${change} ${tag} ${actor ?? ''}`.trim(),
  );
}

async function changedAt(ref: string): Promise<number> {
  const [row] = await testDatabase.database.sql`
    select changed_at from mirror_customer where ref = ${ref}`;
  return row?.changed_at as number;
}

test('an empty source is an empty mirror', async () => {
  await addSource('crm');
  const { full } = activities({ crm: new FakeSource() });
  expect(await full()).toEqual({ customers: 0, assignments: 0, rejected: 0, removed: 0 });
  expect(await mirror()).toEqual({});
});

test('who put what on, when, from which source and import comes into the mirror, ordered by tag', async () => {
  await addSource('crm');
  const { query } = testDatabase.database;
  await query.insert(attributes).values([
    { code: 'spend', type: 'number', name: { 'zh-CN': '', en: '' }, slot: 1 },
    { code: 'is_company', type: 'boolean', name: { 'zh-CN': '', en: '' }, slot: 0 },
    { code: 'region', type: 'text', name: { 'zh-CN': '', en: '' }, slot: 0 },
  ]);
  await query
    .insert(tags)
    .values([buildTag({ id: 900, code: 'high' }), buildTag({ id: 800, code: 'black' })]);
  const crm = new FakeSource();
  crm.put(
    '9223372036854775807',
    [
      { tagRef: 'high', actor: '王芳', sinceSeconds: 1_000 },
      { tagRef: 'black', actor: null, importName: '风控名单', sinceSeconds: null },
    ],
    {
      name: '🎁\t"x"\\ {,}\n' + '名'.repeat(900),
      attributes: { spend: 12.5, is_company: true, region: '华"东\\' },
    },
  );
  crm.put('2', [], { attributes: { spend: null, region: null } });
  expect(await activities({ crm }).full()).toMatchObject({ customers: 2, assignments: 2 });
  expect(await mirror()).toEqual({
    '9223372036854775807': {
      name: '🎁\t"x"\\ {,}\n' + '名'.repeat(900),
      numbers: [1, 12.5],
      texts: ['华"东\\'],
      present_in: [1],
      tags: ['black@crm/风控名单/0', 'high@crm/王芳/1000'],
    },
    '2': {
      name: 'customer 2',
      numbers: [Number.NaN, Number.NaN],
      texts: [null],
      present_in: [1],
      tags: [],
    },
  });
});

test('the first read is no change; later ones are logged, and only customers that changed are marked', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  crm.put('1', ['a', 'b']);
  crm.put('2', ['a']);
  crm.put('3', ['c']);
  const { full, incremental } = activities({ crm });
  await full();
  expect(await changeLog()).toEqual([]);
  const before = await changedAt('2');
  crm.put('1', ['b', { tagRef: 'c', actor: '何军' }]);
  crm.put('4', ['a']);
  crm.remove('3');
  expect(await incremental()).toMatchObject({ customers: 2, removed: 1 });
  expect((await changeLog()).toSorted()).toEqual([
    '1 added name of c 何军',
    '1 removed name of a',
    '4 added name of a',
    'gone removed name of c',
  ]);
  expect(await changedAt('2')).toBe(before);
  expect(await changedAt('1')).toBeGreaterThan(before);
  expect(await full()).toMatchObject({ customers: 3, removed: 0 });
  expect(await changeLog()).toHaveLength(4);
  expect(await changedAt('2')).toBe(before);
});

test('a read that breaks off leaves the mirror, its cursor and the log as they were', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  for (const ref of ['1', '2', '3']) crm.put(ref, ['a']);
  const { full, incremental } = activities({ crm });
  await full();
  const before = await mirror();
  crm.put('1', ['b']);
  crm.remove('2');
  crm.failure = Object.assign(new Error('Source "crm" cannot be reached.'), {
    name: 'ConnectorError',
    kind: 'unreachable',
  });
  await expect(full()).rejects.toMatchObject({ type: 'source-unreachable', nonRetryable: false });
  expect(await mirror()).toEqual(before);
  expect(await changeLog()).toEqual([]);
  crm.failure = null;
  expect(await incremental()).toMatchObject({ customers: 1, removed: 1 });
  expect(await tagsOf('1')).toEqual(['name of b@crm/1700000000']);
});

test('unreadable rows stay as they were and are told in the audit trail without data', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  crm.put('1', ['a']);
  crm.put('2', ['a']);
  const { full } = activities({ crm });
  await full();
  const before = (await mirror())['2'];
  crm.customers.delete('2');
  crm.rejected.push(
    { ref: '2', problem: 'spend: found a text, expected a number' },
    { ref: null, problem: 'ref: found NULL, expected 1 to 200 characters' },
  );
  expect(await full()).toMatchObject({ customers: 1, rejected: 2, removed: 0 });
  expect((await mirror())['2']).toEqual(before);
  const [row] = await testDatabase.database.sql`
    select action, subject_id, after from audit_row`;
  expect(row).toEqual({
    action: 'source.rows-rejected',
    subject_id: 'crm',
    after: {
      problems: {
        'spend: found a text, expected a number': 1,
        'ref: found NULL, expected 1 to 200 characters': 1,
      },
    },
  });
});

test('a customer that comes twice in a read counts once', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  crm.put('1', ['a']);
  crm.put('2', ['b']);
  crm.customers.set('again', { ...(crm.customers.get('1') as SourceCustomer), assignments: [] });
  expect(await activities({ crm }).full()).toMatchObject({ customers: 2, rejected: 1 });
  expect(await tagsOf('1')).toEqual(['name of a@crm/1700000000']);
});

test('a tag that a source has twice on a customer counts once, from when it was first put on', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  crm.put('1', ['a', 'b']);
  const one = crm.customers.get('1') as SourceCustomer;
  const again = one.assignments.flatMap((assignment) => [
    { ...assignment, sinceSeconds: null },
    { ...assignment, sinceSeconds: 1_800_000_000 },
    assignment,
  ]);
  crm.customers.set('1', { ...one, assignments: again });
  await activities({ crm }).full();
  const before = await changedAt('1');
  crm.customers.set('1', { ...one, assignments: again.toReversed() });
  await activities({ crm }).full();
  expect(await tagsOf('1')).toEqual(['name of a@crm/1700000000', 'name of b@crm/1700000000']);
  expect(await changedAt('1')).toBe(before);
});

test('a tag of the source that the dictionary learns later keeps its customers and its history', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  crm.put('1', ['a', 'late', 'z']);
  const { full, incremental } = activities({ crm });
  await full();
  crm.put('2', ['late']);
  await incremental();
  await testDatabase.database.query.insert(tags).values(buildTag({ id: 1_000_000, code: 'late' }));
  const before = await changedAt('1');
  await incremental();
  expect(await tagsOf('1')).toEqual([
    'name of a@crm/1700000000',
    'name of z@crm/1700000000',
    'late@crm/1700000000',
  ]);
  expect(await changeLog()).toEqual(['2 added late']);
  expect(await changedAt('1')).toBeGreaterThan(before);
  await testDatabase.database.query.delete(tags);
  await incremental();
  expect(await tagsOf('2')).toEqual(['name of late@crm/1700000000']);
});

test('two tags of a source that mean the same stay apart, so that either can be written back', async () => {
  await addSource('crm');
  await testDatabase.database.query.insert(tags).values(buildTag({ id: -5, code: 'vip' }));
  const crm = new FakeSource();
  crm.describeTag = (tagRef) => ({ tagRef, name: tagRef, meaning: { kind: 'code', value: 'vip' } });
  crm.put('1', ['VIP', 'vip (old)']);
  await activities({ crm }).full();
  expect(await tagsOf('1')).toEqual(['vip@crm/1700000000', 'vip (old)@crm/1700000000']);
});

test('a source that still calls a tag by its former name means that tag, until another one has the name', async () => {
  await addSource('crm');
  const { query } = testDatabase.database;
  const former = buildTag({ id: 2_000_000, code: 'core', name: { 'zh-CN': '重点', en: 'Key' } });
  await query.insert(tags).values(former);
  await query.insert(tagVersions).values({
    tagCode: 'core',
    version: 1,
    body: former,
    changedBy: 'x',
    changedAt: nowMs,
    reason: 'x',
  });
  const crm = new FakeSource();
  crm.describeTag = (tagRef) => ({
    tagRef,
    name: tagRef,
    meaning: { kind: 'name', value: tagRef },
  });
  crm.put('1', ['重点']);
  const { full, incremental } = activities({ crm });
  await full();
  await query
    .update(tags)
    .set({ name: { 'zh-CN': '核心', en: 'Core' }, version: 2 })
    .where(eq(tags.code, 'core'));
  // Being renamed in the source: some customers have the old name, some the new one, some both.
  crm.put('2', ['核心']);
  crm.put('3', ['重点', '核心']);
  await incremental();
  const carried = async () =>
    Object.entries(await mirror()).map(([ref, row]) => [ref, (row as { tags: unknown }).tags]);
  const core = ['core@crm/1700000000'];
  expect(await carried()).toEqual([
    ['1', core],
    ['2', core],
    ['3', core],
  ]);
  await query
    .insert(tags)
    .values(buildTag({ id: 3_000_000, code: 'key', name: { 'zh-CN': '重点', en: 'Key' } }));
  await incremental();
  expect(await carried()).toEqual([
    ['1', ['key@crm/1700000000']],
    ['2', core],
    ['3', [...core, 'key@crm/1700000000']],
  ]);
});

test('each source changes its own tags and attributes only', async () => {
  await addSource('crm');
  await addSource('marketing');
  await testDatabase.database.query.insert(attributes).values([
    { code: 'spend', type: 'number', name: { 'zh-CN': '', en: '' }, slot: 0 },
    { code: 'clicks', type: 'number', name: { 'zh-CN': '', en: '' }, slot: 1 },
  ]);
  await testDatabase.database.query
    .insert(tags)
    .values([
      buildTag({ id: 1_000_001, code: 'a' }),
      buildTag({ id: 1_000_002, code: 'b' }),
      buildTag({ id: 1_000_003, code: 'c' }),
    ]);
  const crm = new FakeSource(['spend']);
  const marketing = new FakeSource(['spend', 'clicks']);
  crm.put('1', ['a', 'c'], { attributes: { spend: 10 } });
  marketing.put('1', ['b', 'c'], { name: 'other', attributes: { spend: 99, clicks: 3 } });
  marketing.put('2', ['b'], { attributes: { clicks: 4 } });
  const { full } = activities({ crm, marketing });
  await full('marketing');
  await full('crm');
  expect(await mirror()).toEqual({
    '1': {
      name: 'customer 1',
      numbers: [10, 3],
      texts: [],
      present_in: [1, 2],
      tags: [
        'a@crm/1700000000',
        'b@marketing/1700000000',
        'c@crm/1700000000',
        'c@marketing/1700000000',
      ],
    },
    '2': {
      name: 'customer 2',
      numbers: [Number.NaN, 4],
      texts: [],
      present_in: [2],
      tags: ['b@marketing/1700000000'],
    },
  });
  const settled = await changedAt('1');
  await full('marketing');
  await full('crm');
  expect(await changedAt('1')).toBe(settled);
  crm.remove('1');
  await full('crm');
  expect((await mirror())['1']).toMatchObject({
    numbers: [Number.NaN, 3],
    present_in: [2],
    tags: ['b@marketing/1700000000', 'c@marketing/1700000000'],
  });
  marketing.remove('1');
  await full('marketing');
  expect(Object.keys(await mirror())).toEqual(['2']);
});

test('exactly the named customers are refreshed', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  for (const ref of ['1', '2', '3', '4']) crm.put(ref, ['a']);
  const { full, refresh } = activities({ crm });
  await full();
  for (const ref of ['1', '2', '4']) crm.put(ref, ['b']);
  crm.remove('3');
  const ids = await testDatabase.database.sql`
    select id from mirror_customer where ref in ('1', '3', '4') order by id`;
  await refresh(ids.map((row) => row.id as number));
  expect(Object.keys(await mirror())).toEqual(['1', '2', '4']);
  expect(await tagsOf('1')).toEqual(['name of b@crm/1700000000']);
  expect(await tagsOf('2')).toEqual(['name of a@crm/1700000000']);
});

test('a customer refreshed while a whole read runs keeps the newer state', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  for (const ref of ['1', '2', '3']) crm.put(ref, ['a']);
  const { full, refresh } = activities({ crm });
  await full();
  const [row] = await testDatabase.database.sql`select id from mirror_customer where ref = '1'`;
  crm.meanwhile = async () => {
    crm.put('1', ['fixed']);
    await refresh([row?.id as number]);
  };
  await full();
  expect(await tagsOf('1')).toEqual(['name of fixed@crm/1700000000']);
});

test('a whole read that lost most customers is refused', async () => {
  await addSource('crm');
  const crm = new FakeSource();
  for (let number = 0; number < 150; number += 1) crm.put(String(number), ['a']);
  const { full } = activities({ crm });
  await full();
  crm.customers.clear();
  await expect(full()).rejects.toMatchObject({ type: 'too-many-vanished', nonRetryable: true });
  expect(Object.keys(await mirror())).toHaveLength(150);
});

test('after any sequence of changes a whole read finds what the incremental ones left', async () => {
  const ref = fc.constantFrom('1', '2', '3', '4', '5');
  const change = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), ref, tags: fc.subarray(['a', 'b', 'c', 'd']) }),
    fc.record({ kind: fc.constant('remove' as const), ref }),
    fc.record({ kind: fc.constant('sync' as const) }),
    fc.record({ kind: fc.constant('refresh' as const) }),
  );
  await addSource('crm');
  await testDatabase.database.query
    .insert(tags)
    .values([buildTag({ id: 1_000_001, code: 'a' }), buildTag({ id: 1_000_002, code: 'c' })]);
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const { sql } = testDatabase.database;
      await sql`truncate mirror_customer, assignment_change`;
      await sql`update source set cursor = null, read_at = null`;
      const crm = new FakeSource();
      const { full, incremental, refresh } = activities({ crm });
      for (const step of changes) {
        if (step.kind === 'put') crm.put(step.ref, step.tags);
        else if (step.kind === 'remove') crm.remove(step.ref);
        else if (step.kind === 'sync') await incremental();
        else {
          const rows = await sql`select id from mirror_customer where id % 2 = 0`;
          await refresh(rows.map((row) => row.id as number));
        }
      }
      await incremental();
      const left = await mirror();
      expect(await full()).toMatchObject({ removed: 0 });
      expect(await mirror()).toEqual(left);
      expect(Object.keys(left)).toEqual([...crm.customers.keys()].toSorted());
      for (const [key, customer] of crm.customers) {
        const names = new Set(customer.assignments.map(({ tagRef }) => tagRef));
        expect((left[key] as { tags: string[] }).tags).toHaveLength(names.size);
      }
    }),
    { numRuns: 15 },
  );
});
