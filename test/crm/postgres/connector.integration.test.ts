import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectorError } from '../../../crm/connector.ts';
import { createPostgresConnector } from '../../../crm/postgres/connector.ts';
import { postgresMappingSchema } from '../../../crm/postgres/mapping.ts';
import { createPromptSockets } from '../../../db/prompt-socket.ts';
import { describeConnector, type ConnectorHarness } from '../../support/connector-contract.ts';
import { createEmptyDatabase } from '../../support/database.ts';

const { signal } = new AbortController();

interface Shape {
  readonly tables: string;
  readonly mapping: unknown;
  readonly refs: readonly string[];
  readonly tagRefs: readonly [string, string, string];
  readonly refusedTagRef: string | null;
  /** Statements with $1 the customer and $2 the tag or name. */
  readonly insertCustomer: string;
  readonly deleteCustomer: string;
  readonly tag: string;
  readonly untag: string;
}

async function createHarness(shape: Shape): Promise<ConnectorHarness> {
  const database = await createEmptyDatabase();
  const { url } = database;
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(shape.tables);
  const connector = createPostgresConnector({
    code: 'crm',
    url,
    socket: createPromptSockets(),
    mapping: postgresMappingSchema.parse(shape.mapping),
    attributes: [],
  });
  const run = async (statement: string, ...values: string[]) => {
    await sql.unsafe(statement, values);
  };
  return {
    connector,
    refs: shape.refs,
    tagRefs: shape.tagRefs,
    refusedTagRef: shape.refusedTagRef,
    addCustomer: async (ref, name, tagRefs) => {
      await run(shape.insertCustomer, ref, name);
      for (const tagRef of tagRefs) await run(shape.tag, ref, tagRef);
    },
    removeCustomer: (ref) => run(shape.deleteCustomer, ref),
    tag: (ref, tagRef) => run(shape.tag, ref, tagRef),
    untag: (ref, tagRef) => run(shape.untag, ref, tagRef),
    close: async () => {
      await connector.close();
      await sql.end();
      await database.drop();
    },
  };
}

const deletionLog = `
  create table gone (customer text, at timestamptz default clock_timestamp());
  create function log_gone() returns trigger language plpgsql as $$
  begin
    insert into gone (customer) values (to_jsonb(old) ->> tg_argv[0]);
    return old;
  end $$;`;

const rowsByNumericId: Shape = {
  tables: `${deletionLog}
    create table "Kunden Liste" ("Kunden-Nr" bigint primary key, "Name" text, changed timestamptz default clock_timestamp());
    create table tag (id int primary key, name text not null);
    insert into tag values (1, '高价值客户'), (2, '黑名单'), (3, '新客户');
    create table customer_tag (customer bigint references "Kunden Liste" on delete cascade,
      tag int references tag, since timestamptz default now(), who text, changed timestamptz default clock_timestamp(),
      primary key (customer, tag));
    create trigger gone after delete on customer_tag for each row execute function log_gone('customer');
    create trigger gone after delete on "Kunden Liste" for each row execute function log_gone('Kunden-Nr');`,
  mapping: {
    customers: {
      from: { query: 'select * from "Kunden Liste"' },
      ref: 'Kunden-Nr',
      name: 'Name',
      changedAt: 'changed',
    },
    tags: { from: 'tag', ref: 'id', name: 'name' },
    assignments: {
      kind: 'rows',
      from: 'customer_tag',
      customer: 'customer',
      tag: 'tag',
      since: 'since',
      actor: 'who',
      changedAt: 'changed',
    },
    changeLogs: [
      {
        from: { query: 'select customer::bigint, at from gone' },
        customer: 'customer',
        changedAt: 'at',
      },
    ],
    write: {
      lock: 'select 1 from "Kunden Liste" where "Kunden-Nr" = :customer for update',
      add: 'insert into customer_tag (customer, tag, since, who) values (:customer, :tag, :now, :actor)',
      remove: 'delete from customer_tag where customer = :customer and tag = :tag',
    },
  },
  refs: ['1', '20', '-3', '9007199254740993', '9223372036854775807', '4294967297'],
  tagRefs: ['1', '2', '3'],
  refusedTagRef: '77',
  insertCustomer: 'insert into "Kunden Liste" ("Kunden-Nr", "Name") values ($1, $2)',
  deleteCustomer: 'delete from "Kunden Liste" where "Kunden-Nr" = $1',
  tag: 'insert into customer_tag (customer, tag) values ($1, $2)',
  untag: 'delete from customer_tag where customer = $1 and tag = $2',
};

const rowsByTextAndName: Shape = {
  tables: `${deletionLog}
    create schema crm;
    create table crm.client (code text primary key, title text, version bigint default 0);
    create sequence crm.versions;
    alter table crm.client alter version set default nextval('crm.versions');
    create table crm.label (client text references crm.client on delete cascade, label text check (label <> '不许'),
      version bigint default nextval('crm.versions'), primary key (client, label));
    create trigger gone after delete on crm.label for each row execute function log_gone('client');
    create trigger gone after delete on crm.client for each row execute function log_gone('code');`,
  mapping: {
    customers: { from: 'crm.client', ref: 'code', name: 'title', changedAt: 'version' },
    tags: { match: 'name' },
    assignments: {
      kind: 'rows',
      from: 'crm.label',
      customer: 'client',
      tag: 'label',
      changedAt: 'version',
    },
    changeLogs: [{ from: 'gone', customer: 'customer', changedAt: 'at' }],
    write: {
      add: `insert into crm.label (client, label) select c, t from unnest(:customers::text[], :tags::text[]) as n(c, t)`,
      remove: `delete from crm.label l using unnest(:customers::text[], :tags::text[]) as n(c, t)
        where l.client = n.c and l.label = n.t`,
      replace: `update crm.label l set label = n.r, version = nextval('crm.versions')
        from unnest(:customers::text[], :tags::text[], :replacements::text[]) as n(c, t, r)
        where l.client = n.c and l.label = n.t`,
    },
  },
  refs: ['C-1', '客户"2"', "O'Neil", '{a,b}', 'back\\slash', ' NULL '],
  tagRefs: ['高价值客户', '黑名单, "旧"', '🎁'],
  refusedTagRef: '不许',
  insertCustomer: 'insert into crm.client (code, title) values ($1, $2)',
  deleteCustomer: 'delete from crm.client where code = $1',
  tag: 'insert into crm.label (client, label) values ($1, $2)',
  untag: 'delete from crm.label where client = $1 and label = $2',
};

function arrayColumn(type: string, statements: { add: string; remove: string }): Shape {
  return {
    tables: `${deletionLog}
      create table account (id uuid primary key, name text, tags ${type}, changed timestamp default clock_timestamp());
      create function touch() returns trigger language plpgsql as $$
      begin new.changed := clock_timestamp(); return new; end $$;
      create trigger touch before update on account for each row execute function touch();
      create trigger gone after delete on account for each row execute function log_gone('id');`,
    mapping: {
      timeZone: 'Etc/UTC',
      customers: { from: 'account', ref: 'id', name: 'name', changedAt: 'changed' },
      tags: { match: 'code' },
      assignments: { kind: 'array', column: 'tags', separator: ';' },
      changeLogs: [
        {
          from: { query: 'select customer::uuid, at from gone' },
          customer: 'customer',
          changedAt: 'at',
        },
      ],
      write: {
        add: `update account set tags = ${statements.add.replaceAll('$2', ':tag')} where id = :customer`,
        remove: `update account set tags = ${statements.remove.replaceAll('$2', ':tag')} where id = :customer`,
      },
    },
    refs: [0, 1, 2, 3, 4, 5].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`),
    tagRefs: ['high-value', 'blacklist', 'new'],
    refusedTagRef: null,
    insertCustomer: 'insert into account (id, name) values ($1, $2)',
    deleteCustomer: 'delete from account where id = $1',
    tag: `update account set tags = ${statements.add} where id = $1`,
    untag: `update account set tags = ${statements.remove} where id = $1`,
  };
}

describeConnector('rows, numeric ids, tags by id', () => createHarness(rowsByNumericId));
describeConnector('rows, text ids, tags by name', () => createHarness(rowsByTextAndName));
describeConnector('an array column, tags by code', () =>
  createHarness(
    arrayColumn('text[]', {
      add: 'array_append(tags, $2::text)',
      remove: 'array_remove(tags, $2::text)',
    }),
  ),
);
describeConnector('a JSON column', () =>
  createHarness(
    arrayColumn('jsonb', {
      add: `coalesce(tags, '[]') || to_jsonb($2::text)`,
      remove: 'tags - $2::text',
    }),
  ),
);
describeConnector('a text split by a separator', () =>
  createHarness(
    arrayColumn('text', {
      add: `concat_ws(';', nullif(tags, ''), $2::text)`,
      remove: `array_to_string(array_remove(string_to_array(tags, ';'), $2::text), ';')`,
    }),
  ),
);

describe('a PostgreSQL source', () => {
  let url: string;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let sql: postgres.Sql;
  beforeEach(async () => {
    database = await createEmptyDatabase();
    ({ url } = database);
    sql = postgres(url, { max: 1, onnotice: () => {} });
  });
  afterEach(async () => {
    await sql.end();
    await database.drop();
  });

  const mapping = (overrides: object = {}) =>
    postgresMappingSchema.parse({
      timeZone: 'Asia/Shanghai',
      customers: {
        from: 'customer',
        ref: 'id',
        name: 'name',
        attributes: { spend: 'spend', last_order_at: 'last_order', is_company: 'company' },
      },
      tags: { aliases: { 老VIP: 'vip' } },
      assignments: { kind: 'array', column: 'tags' },
      ...overrides,
    });
  const attributes = [
    { code: 'spend', type: 'number' },
    { code: 'last_order_at', type: 'date' },
    { code: 'is_company', type: 'boolean' },
  ] as const;
  const connect = (overrides: object = {}, at = url) =>
    createPostgresConnector({
      code: 'crm',
      url: at,
      socket: createPromptSockets(),
      mapping: mapping(overrides),
      attributes,
    });

  async function readAll(connector: ReturnType<typeof connect>) {
    const { batches } = await connector.readAll(signal);
    const read = [];
    for await (const batch of batches) read.push(batch);
    await connector.close();
    return {
      customers: read.flatMap((batch) => batch.customers),
      rejected: read.flatMap((batch) => batch.rejected),
    };
  }

  test('rows that cannot be read are told by column, and the rest goes on', async () => {
    await sql.unsafe(`
      create table customer (id text, name text, spend text, last_order text, company text, tags text[]);
      insert into customer values
        ('1', 'fine', '12.5', '2026-11-01T08:00:00+08:00', '是', '{a}'),
        ('2', 'no number', 'a lot', null, null, '{a}'),
        (null, 'no ref', null, null, null, '{}'),
        ('3', 'no date', '', 'yesterday', null, '{}'),
        ('4', 'null tag', null, 'infinity', null, '{}'),
        ('5', 'null tag', null, null, null, array[null]),
        ('6', null, 'NaN', '', '', null)`);
    const { customers, rejected } = await readAll(connect());
    expect(customers).toEqual([
      {
        ref: '1',
        name: 'fine',
        attributes: { spend: 12.5, last_order_at: Date.UTC(2026, 10, 1), is_company: true },
        assignments: [{ tagRef: 'a', sinceSeconds: null, actor: null, importName: null }],
      },
      {
        ref: '6',
        name: '',
        attributes: { spend: null, last_order_at: null, is_company: null },
        assignments: [],
      },
    ]);
    expect(rejected).toEqual([
      { ref: '2', problem: 'spend: found a text, expected a number' },
      { ref: null, problem: 'ref: found NULL, expected 1 to 200 characters' },
      { ref: '3', problem: 'last_order_at: found a text, expected a time stamp' },
      { ref: '4', problem: 'last_order_at: found infinity, expected a time stamp' },
      { ref: '5', problem: 'tag: found NULL, expected a tag' },
    ]);
  });

  test('time stamps without a zone are taken in the zone of the mapping', async () => {
    await sql.unsafe(`
      create table customer (id int, name text, spend numeric, last_order timestamp, company boolean, tags text[]);
      insert into customer values (1, 'x', 1e20, '2026-11-01 08:00:00.25', false, '{a,b,a}')`);
    const { customers } = await readAll(connect());
    expect(customers[0]?.attributes).toEqual({
      spend: 1e20,
      last_order_at: Date.UTC(2026, 10, 1) + 250,
      is_company: false,
    });
    expect(customers[0]?.assignments.map((assignment) => assignment.tagRef)).toEqual(['a', 'b']);
  });

  test('a tag is found in the dictionary by name, by code or by alias', async () => {
    const connector = connect();
    expect(connector.describeTag('黑名单').meaning).toEqual({ kind: 'name', value: '黑名单' });
    expect(connector.describeTag('老VIP').meaning).toEqual({ kind: 'code', value: 'vip' });
    const byCode = connect({ tags: { match: 'code' } });
    expect(byCode.describeTag('black').meaning).toEqual({ kind: 'code', value: 'black' });
    await Promise.all([connector.close(), byCode.close()]);
  });

  test('a mapping that does not fit names the column and what there is', async () => {
    await sql.unsafe('create table customer (id int, name text, spend numeric, tags text[])');
    const connector = connect();
    await expect(connector.readAll(signal)).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining(
        'customers has no column last_order, company; it has id, name, spend, tags',
      ),
    });
    await connector.close();
  });

  test('a source that cannot be reached or signed in to is told without its password', async () => {
    const unreachable = connect({}, 'postgres://someone:hunter2@127.0.0.1:1/nowhere');
    const error = await unreachable
      .readTags(signal)
      .then(
        () => unreachable.readAll(signal),
        (reason: unknown) => reason,
      )
      .catch((reason: unknown) => reason);
    expect((error as ConnectorError).kind).toBe('unreachable');
    expect((error as ConnectorError).message).not.toContain('hunter2');
    await unreachable.close();
    const missing = new URL(url);
    missing.pathname = '/there_is_no_such_database';
    const elsewhere = connect({}, missing.href);
    await expect(elsewhere.readAll(signal)).rejects.toMatchObject({ kind: 'configuration' });
    await elsewhere.close();
  });

  test('two writers at once: one writes, the other sees that the customer changed meanwhile', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean, tags text[]);
      insert into customer select n, 'x', 0, null, null, '{a,b}' from generate_series(1, 50) n`);
    const write = {
      add: 'update customer set tags = array_append(tags, :tag) where id = :customer',
      remove: 'update customer set tags = array_remove(tags, :tag) where id = :customer',
    };
    const writers = [connect({ write }), connect({ write })];
    const outcomes = await Promise.all(
      writers.map((writer, index) =>
        writer.applyChanges(
          Array.from({ length: 50 }, (_, place) => ({
            customerRef: String(index === 0 ? place + 1 : 50 - place),
            expectedTagRefs: ['a', 'b'],
            addTagRefs: [],
            removeTagRefs: [index === 0 ? 'a' : 'b'],
            actor: 'li-lei',
          })),
          signal,
        ),
      ),
    );
    const kinds = outcomes.flat().map((outcome) => outcome.kind);
    expect(kinds.filter((kind) => kind === 'changed')).toHaveLength(50);
    expect(kinds.filter((kind) => kind === 'changed-meanwhile')).toHaveLength(50);
    const rows = await sql`select cardinality(tags) as tags from customer group by 1`;
    expect(rows).toEqual([{ tags: 1 }]);
    await Promise.all(writers.map((writer) => writer.close()));
  });

  test('a tag that somebody takes off between reading and writing is seen, and the customer left alone', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean);
      create table label (customer int, label text);
      insert into customer select n, 'x', 0, null, null from generate_series(1, 2) n;
      insert into label select n, l from generate_series(1, 2) n, unnest('{a,b}'::text[]) l;`);
    const connector = connect({
      assignments: { kind: 'rows', from: 'label', customer: 'customer', tag: 'label' },
      write: {
        add: 'insert into label values (:customer, :tag)',
        remove: 'delete from label where customer = :customer and label = :tag',
        // Comes after the tags were read and before anything is written: there it waits for the test.
        replace: `with waited as materialized (select pg_advisory_xact_lock_shared(7))
          update label set label = :replacement from waited where customer = :customer and label = :tag`,
      },
    });
    await sql`select pg_advisory_lock(7)`;
    const writing = connector.applyChanges(
      ['1', '2'].map((customerRef) => ({
        customerRef,
        expectedTagRefs: ['a', 'b'],
        addTagRefs: ['c'],
        removeTagRefs: ['a'],
        actor: 'li-lei',
      })),
      signal,
    );
    const isWaiting = () =>
      sql`select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`;
    await expect.poll(isWaiting, { timeout: 60_000 }).toHaveLength(1);
    await sql`delete from label where customer = 2 and label = 'b'`;
    await sql`select pg_advisory_unlock(7)`;
    expect((await writing).map(({ kind }) => kind)).toEqual(['changed', 'changed-meanwhile']);
    const rows = await sql`select customer, label from label order by customer, label`;
    expect(rows.map(({ customer, label }) => `${customer}${label}`)).toEqual(['1b', '1c', '2a']);
    await connector.close();
  });

  test('a statement without effect is a refusal, not a success', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean, tags text[]);
      insert into customer values (1, 'x', 0, null, null, '{a}')`);
    const nothing = 'update customer set tags = tags where id = :customer and :tag <> :tag';
    const connector = connect({ write: { add: nothing, remove: nothing } });
    const [outcome] = await connector.applyChanges(
      [
        {
          customerRef: '1',
          expectedTagRefs: ['a'],
          addTagRefs: [],
          removeTagRefs: ['a'],
          actor: 'x',
        },
      ],
      signal,
    );
    expect(outcome).toMatchObject({ kind: 'refused' });
    await connector.close();
  });

  test('an abort in the middle of a write takes it back in the source, and leaves no lock', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean, tags text[]);
      insert into customer values (1, 'x', 0, null, null, '{a}')`);
    const slow = 'update customer set tags = array_remove(tags, :tag) where id = :customer';
    const connector = connect({ write: { add: slow, remove: `${slow} returning pg_sleep(50)` } });
    const controller = new AbortController();
    const change = {
      customerRef: '1',
      expectedTagRefs: ['a'],
      addTagRefs: [],
      removeTagRefs: ['a'],
      actor: 'x',
    };
    const writing = connector.applyChanges([change], controller.signal);
    const stopped = expect(writing).rejects.toThrow('stopped');
    const isSleeping = () => sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`;
    await expect.poll(async () => (await isSleeping()).length).toBe(1);
    controller.abort(new Error('stopped'));
    await stopped;
    await expect.poll(async () => (await isSleeping()).length).toBe(0);
    const [row] = await sql`select tags from customer for update`;
    expect(row).toEqual({ tags: ['a'] });
    await connector.close();
  });

  test('a source that goes away in the middle of a write is tried again on sound connections', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean, tags text[]);
      insert into customer select id, 'x', 0, null, null, '{a}' from generate_series(1, 8) id;
      create table sluggish ();
      create function wait_while_sluggish() returns trigger language plpgsql as $$
      begin
        if exists (select from pg_tables where tablename = 'sluggish') then perform pg_sleep(50); end if;
        return new;
      end $$;
      create trigger sluggish before update on customer for each row execute function wait_while_sluggish();`);
    const remove = 'update customer set tags = array_remove(tags, :tag) where id = :customer::int';
    const connector = connect({ write: { add: remove, remove } });
    const write = (id: number) =>
      connector.applyChanges(
        [
          {
            customerRef: String(id),
            expectedTagRefs: ['a'],
            addTagRefs: [],
            removeTagRefs: ['a'],
            actor: 'x',
          },
        ],
        signal,
      );
    const writers = () => sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`;
    const lost = [1, 2, 3, 4].map((id) =>
      expect(write(id)).rejects.toMatchObject({ kind: 'unreachable' }),
    );
    await expect.poll(async () => (await writers()).length, { timeout: 60_000 }).toBe(4);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`;
    await Promise.all(lost);
    await sql.unsafe('drop table sluggish');
    // Each connection may still tell of its end once.
    const tryAgain = async (id: number) => write(id).catch(() => write(id));
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(await tryAgain(id)).toEqual([{ kind: 'changed', customerRef: String(id) }]);
    }
    await connector.close();
  });

  test('an abort in the middle of a read ends it', async () => {
    await sql.unsafe(`
      create table customer (id int primary key, name text, spend int, last_order date, company boolean, tags text[]);
      insert into customer select n, repeat('x', 500), 0, null, null, '{a}' from generate_series(1, 20000) n`);
    const connector = connect();
    const controller = new AbortController();
    const { batches } = await connector.readAll(controller.signal);
    const read = async () => {
      for await (const batch of batches) {
        if (batch.customers.length > 0) controller.abort(new Error('stopped'));
      }
    };
    await expect(read()).rejects.toThrow('stopped');
    await connector.close();
  });
});
