import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPostgres, type PostgresServer } from '../../../app/embedded/postgres.ts';

let directory: string;
let server: PostgresServer | undefined;
beforeEach(async () => {
  // mkdtemp makes a folder that only its owner may enter, like many places of a clone.
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-postgres-'));
});
afterEach(async () => {
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<PostgresServer> {
  server = await startPostgres({ directory, durable: false });
  return server;
}

async function run<T>(url: string, work: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('data stays between starts, in a folder that only its owner may enter', async () => {
  const first = await start();
  const firstUrl = await first.openDatabase('tagwarden');
  await run(firstUrl, (client) => client.unsafe('create table kept as select 7 as number'));
  await first.stop();
  const second = await start();
  const [row] = await run(await second.openDatabase('tagwarden'), (client) => client`table kept`);
  expect(row).toEqual({ number: 7 });
});

test('a cluster that was half made is made again', async () => {
  await mkdir(join(directory, 'postgres.unfinished'));
  await writeFile(join(directory, 'postgres.unfinished', 'PG_VERSION'), '18');
  const [row] = await run((await start()).url, (client) => client`select 1 as one`);
  expect(row).toEqual({ one: 1 });
});

test('a lock file of a crashed server, whose process id is somebody else now, does not stop it', async () => {
  await (await start()).stop();
  await writeFile(join(directory, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
  const [row] = await run((await start()).url, (client) => client`select 1 as one`);
  expect(row).toEqual({ one: 1 });
});

test('sorts and lowers Chinese text the same on every system', async () => {
  const [row] = await run(
    (await start()).url,
    (client) => client`select datlocprovider as provider, datlocale as locale from pg_database
      where datname = current_database()`,
  );
  expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8' });
});
