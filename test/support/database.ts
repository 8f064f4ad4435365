import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../db/client.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pools and drops the database. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own on the run's test server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await createDatabase(inject('databaseTemplate'));
  const database = openDatabase(url);
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await drop();
    },
  };
}

interface OwnDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A database without any table, such as for somebody else's CRM. */
export function createEmptyDatabase(): Promise<OwnDatabase> {
  return createDatabase('template1');
}

async function createDatabase(template: string): Promise<OwnDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name} template ${template}`);
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
