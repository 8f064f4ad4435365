import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startPostgres } from '../../../app/embedded/postgres.ts';
import { migrateDatabase, openDatabase, type Database } from '../../../db/client.ts';
import { appendAudit } from '../../../db/stores/audit.ts';
import { verifyAudit } from '../../../db/stores/audit-verification.ts';

const execute = promisify(execFile);

/** As docs/operations.md tells it: stopped, copied with owners and times as they are, put back, started. */
test('a copy of the data folder brings everything back as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwarden-backup-'));
  await chmod(folder, 0o755);
  const directory = join(folder, 'data');
  const backup = join(folder, 'backup');
  try {
    await withDatabase(directory, async (database) => {
      await migrateDatabase(database);
      await write(database, 'before the backup');
    });
    await execute('cp', ['-a', directory, backup]);
    await withDatabase(directory, (database) => write(database, 'after the backup'));
    await rm(directory, { recursive: true });
    await execute('cp', ['-a', backup, directory]);
    await withDatabase(directory, async ({ sql }) => {
      const rows = await sql`select subject_id from audit_row`;
      expect([...rows]).toEqual([{ subject_id: 'before the backup' }]);
      expect(await verifyAudit(sql)).toMatchObject({ rows: 1, fault: null });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function withDatabase(
  directory: string,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const server = await startPostgres({ directory });
  const database = openDatabase(await server.openDatabase('tagwarden'));
  try {
    await work(database);
  } finally {
    await database.close();
    await server.stop();
  }
}

async function write({ query }: Database, subjectId: string): Promise<void> {
  const entry = { actorCode: null, through: 'cli', action: 'test', subjectKind: 'test', subjectId };
  await query.transaction((transaction) =>
    appendAudit(transaction, [{ ...entry, before: null, after: null }], Date.now()),
  );
}
