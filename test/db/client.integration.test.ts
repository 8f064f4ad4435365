import { eq, sql as expression } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database, type Sql } from '../../db/client.ts';
import { copyOut, type CopyOutHandlers } from '../../db/copy-out.ts';
import { scans } from '../../db/schema/scans.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

test('instants are epoch milliseconds through the query builder and through sql alike', async () => {
  const { query, sql } = testDatabase.database;
  const startedAt = 1_795_312_166_123;
  const [inserted] = await query
    .insert(scans)
    .values({ kind: 'full', state: 'running', startedAt })
    .returning({ id: scans.id });
  const id = inserted?.id ?? 0;
  const [viaQuery] = await query.select().from(scans).where(eq(scans.id, id));
  expect(viaQuery?.startedAt).toBe(startedAt);
  const [viaSql] =
    await sql`select started_at, customers from scan where started_at = ${startedAt}`;
  expect(viaSql).toEqual({ started_at: startedAt, customers: 0 });
});

test('jsonb goes in and out as a value through sql', async () => {
  const { sql } = testDatabase.database;
  const [row] = await sql`select ${sql.json({ a: [1, '2'] })}::jsonb as body`;
  expect(row?.body).toEqual({ a: [1, '2'] });
});

const transactionsOf: Readonly<
  Record<
    'sql' | 'the query builder',
    (database: Database, statement: string) => Promise<readonly object[]>
  >
> = {
  sql: (database, statement) =>
    database.sql.begin(async (transaction) => [...(await transaction.unsafe(statement))]),
  'the query builder': (database, statement) =>
    database.query.transaction(async (transaction) => [
      ...(await transaction.execute(expression.raw(statement))),
    ]),
};

test.each(['sql', 'the query builder'] as const)(
  'connections of %s that PostgreSQL ends in the middle of a transaction leave none behind that never answers',
  async (which) => {
    const database = openDatabase(testDatabase.url);
    const begin = transactionsOf[which];
    const pool = Array.from({ length: 8 }, (_, index) => index);
    const lost = pool.map(() => expect(begin(database, 'select pg_sleep(50)')).rejects.toThrow());
    const sleeping = () => testDatabase.database.sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    await expect.poll(async () => (await sleeping()).length, { timeout: 60_000 }).toBe(8);
    await testDatabase.database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`;
    await Promise.all(lost);
    // Each connection may still tell of its end once.
    const tryAgain = () =>
      begin(database, 'select 1 as one').catch(() => begin(database, 'select 1 as one'));
    expect(await Promise.all([...pool, ...pool].map(tryAgain))).toEqual(
      [...pool, ...pool].map(() => [{ one: 1 }]),
    );
    await database.close();
  },
);

test.each(['sql', 'the query builder'] as const)(
  'what fails in a transaction of %s for another reason takes it back and comes out',
  async (which) => {
    const { database } = testDatabase;
    await expect(transactionsOf[which](database, 'select 1 / 0')).rejects.toThrow();
    const elsewhere = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const fail = () => Promise.reject(elsewhere);
    const failed = which === 'sql' ? database.sql.begin(fail) : database.query.transaction(fail);
    await expect(failed).rejects.toBe(elsewhere);
  },
);

test('a lent connection is lent again, also after a COPY that was slowed, but not after work that failed', async () => {
  const { database } = testDatabase;
  const pidOf = async (connection: Sql) => {
    const [row] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return row?.pid;
  };
  const copied: number[] = [];
  const copy = async (connection: Sql, rows: number) => {
    let bytes = 0;
    await copyOut(
      connection,
      `copy (select repeat('x', 1000) from generate_series(1, ${rows})) to stdout`,
      {
        onBytes: (_bytes, from, until) => {
          bytes += until - from;
        },
        pause: () => new Promise((resolve) => setImmediate(resolve)),
        signal: new AbortController().signal,
      },
    );
    copied.push(bytes);
  };
  const first = await database.lendConnection(async (connection) => {
    // At first the connection is not there yet, and rows come through the client; then from the socket itself.
    await copy(connection, 1_000);
    await copy(connection, 1_000);
    await expect(copyOut(connection, 'copy (select 1 / 0) to stdout', ignoring())).rejects.toThrow(
      'division by zero',
    );
    await copy(connection, 1);
    await copy(connection, 0);
    return pidOf(connection);
  });
  expect(copied).toEqual([1_001_000, 1_001_000, 1_001, 0]);
  const second = await database.lendConnection(async (connection) => {
    const [pid, other] = await Promise.all([pidOf(connection), database.lendConnection(pidOf)]);
    expect(other).not.toBe(pid);
    return pid;
  });
  expect(second).toBe(first);
  const failing = database.lendConnection(async (connection) => {
    await connection.unsafe('begin');
    throw new Error(`failed on ${await pidOf(connection)}`);
  });
  await expect(failing).rejects.toThrow(/failed on/);
  const inTransaction = () => database.sql`
    select pid from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%'`;
  await expect.poll(async () => (await inTransaction()).length, { timeout: 60_000 }).toBe(0);
});

test('a COPY ends with its signal, with what reading it throws, and with its connection', async () => {
  const { database } = testDatabase;
  const long = `copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout`;
  const copyLong = (handlers: Partial<CopyOutHandlers>) =>
    database.lendConnection(async (connection) => {
      await connection`select 1`;
      await copyOut(connection, long, { ...ignoring(), ...handlers });
    });
  const stop = new AbortController();
  const stopped = copyLong({
    pause: async () => stop.abort(new Error('asked to stop')),
    signal: stop.signal,
  });
  await expect(stopped).rejects.toThrow('asked to stop');
  const thrown = copyLong({
    onBytes: () => {
      throw new Error('not understood');
    },
  });
  await expect(thrown).rejects.toThrow('not understood');
  const refused = copyLong({ pause: () => Promise.reject(new Error('cannot write')) });
  await expect(refused).rejects.toThrow('cannot write');
  let isKilled = false;
  const lost = copyLong({
    pause: async () => {
      if (isKilled) return;
      isKilled = true;
      await database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'copy (select repeat%' and state = 'active'`;
    },
  });
  await expect(lost).rejects.toThrow(/CONNECTION|terminating|lost/);
});

function ignoring(): CopyOutHandlers {
  return { onBytes: () => {}, pause: async () => {}, signal: new AbortController().signal };
}
