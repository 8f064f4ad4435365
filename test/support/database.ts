import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { migrateDatabase, openDatabase, type Database } from '../../db/client.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pools and drops the database. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own on the run's test server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const empty = await createEmptyDatabase();
  const database = openDatabase(empty.url);
  await migrateDatabase(database);
  return {
    database,
    url: empty.url,
    drop: async () => {
      await database.close();
      await empty.drop();
    },
  };
}

/** A database without any table, such as for somebody else's CRM. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await server.unsafe(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
