import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendAudit, type AuditEntry } from '../../../db/stores/audit.ts';
import { verifyAudit } from '../../../db/stores/audit-verification.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const nowMs = 1_795_312_166_123;

function entry(subjectId: string, after: unknown = { state: 'claimed' }): AuditEntry {
  return {
    actorCode: 'li-lei',
    through: 'slack',
    action: 'warning.claimed',
    subjectKind: 'warning',
    subjectId,
    before: null,
    after,
  };
}

/** Five rows with ids 1 to 5. */
beforeEach(async () => {
  const { query, sql } = testDatabase.database;
  await sql`truncate audit_row, audit_head restart identity`;
  await query.transaction(async (transaction) => {
    const rows = [1, 2, 3, 4, 5].map((id) => entry(String(id), { b: id, a: [null, '中文'] }));
    await appendAudit(transaction, rows, nowMs);
  });
});

async function fault(): Promise<unknown> {
  return (await verifyAudit(testDatabase.database.sql)).fault;
}

test('an untouched trail is whole', async () => {
  const verdict = await verifyAudit(testDatabase.database.sql);
  expect(verdict).toMatchObject({ rows: 5, fault: null });
});

test('an empty trail is whole', async () => {
  await testDatabase.database.sql`truncate audit_row, audit_head`;
  expect(await verifyAudit(testDatabase.database.sql)).toMatchObject({ rows: 0, fault: null });
});

test.each(['at', 'actor_code', 'through', 'action', 'subject_id', 'before', 'after'] as const)(
  'a row whose %s was changed is named',
  async (column) => {
    const { sql } = testDatabase.database;
    const values = { at: nowMs + 1, before: sql.json({ x: 1 }), after: sql.json({ x: 1 }) };
    const value = column in values ? values[column as keyof typeof values] : 'forged';
    await sql`update audit_row set ${sql(column)} = ${value} where id = 3`;
    expect(await fault()).toEqual({ kind: 'changed', rowId: 3 });
  },
);

test('a removed row is named by its neighbours', async () => {
  await testDatabase.database.sql`delete from audit_row where id = 3`;
  expect(await fault()).toEqual({ kind: 'removed', afterRowId: 2, beforeRowId: 4 });
});

test('a removed first row is noticed', async () => {
  await testDatabase.database.sql`delete from audit_row where id = 1`;
  expect(await fault()).toEqual({ kind: 'removed', afterRowId: null, beforeRowId: 2 });
});

test('a removed last row is noticed', async () => {
  await testDatabase.database.sql`delete from audit_row where id = 5`;
  expect(await fault()).toEqual({ kind: 'cut-off', afterRowId: 4, lastRowId: 5 });
});

test('a trail of which nothing is left is noticed', async () => {
  await testDatabase.database.sql`delete from audit_row`;
  expect(await fault()).toEqual({ kind: 'cut-off', afterRowId: null, lastRowId: 5 });
});

test('a removed last row is noticed after the next one was written, too', async () => {
  const { query, sql } = testDatabase.database;
  await sql`delete from audit_row where id = 5`;
  await query.transaction((transaction) => appendAudit(transaction, [entry('6')], nowMs));
  expect(await fault()).toEqual({ kind: 'removed', afterRowId: 4, beforeRowId: 6 });
});

/** Whoever puts a row in with a right hash of its own changes what is noted of the end, too. */
async function appendAfter(rowId: number, added: AuditEntry): Promise<void> {
  const { query, sql } = testDatabase.database;
  const [before] = await sql<{ id: number; hash: string }[]>`
    select last_row_id as id, hash from audit_head`;
  await sql`update audit_head set hash = (select hash from audit_row where id = ${rowId})`;
  await query.transaction((transaction) => appendAudit(transaction, [added], nowMs));
  await sql`
    update audit_head set last_row_id = ${before?.id ?? 0}, hash = ${before?.hash ?? ''}`;
}

test('a row that somebody put in between, with a right hash of its own, is named', async () => {
  const { sql } = testDatabase.database;
  await sql`create table true_rows as select * from audit_row where id > 3`;
  await sql`delete from audit_row where id > 3`;
  await appendAfter(3, entry('forged'));
  await sql`update audit_row set id = 4 where id = 6`;
  await sql`update true_rows set id = id + 1`;
  await sql`insert into audit_row select * from true_rows`;
  await sql`drop table true_rows`;
  expect(await fault()).toEqual({ kind: 'inserted', rowId: 4 });
});

test('a row that was rewritten together with its hash breaks the chain after it', async () => {
  const { sql } = testDatabase.database;
  await sql`create table kept as select * from audit_row where id > 3`;
  await sql`delete from audit_row where id >= 3`;
  await appendAfter(2, entry('forged'));
  await sql`update audit_row set id = 3 where id = 6`;
  await sql`insert into audit_row select * from kept`;
  await sql`drop table kept`;
  expect(await fault()).toEqual({ kind: 'removed', afterRowId: 3, beforeRowId: 4 });
});

test('a trail longer than a page is walked to its end', async () => {
  const { query, sql } = testDatabase.database;
  const more = Array.from({ length: 2_100 }, (_, index) => entry(String(index)));
  await query.transaction((transaction) => appendAudit(transaction, more, nowMs));
  expect(await verifyAudit(sql)).toMatchObject({ rows: 2_105, fault: null });
  await sql`delete from audit_row where id = 2003`;
  expect(await fault()).toEqual({ kind: 'removed', afterRowId: 2002, beforeRowId: 2004 });
});
