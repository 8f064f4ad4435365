import { Connection } from '@temporalio/client';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { temporalConfig } from '../../temporal.config.ts';
import { startGuarded, waitUntilReady } from './guarded-process.ts';
import { stopLeftover } from './leftover.ts';
import { findFreePort } from './port.ts';
import type { Say } from './program-cache.ts';
import { resolveDevServer } from './temporal-programs.ts';

export interface TemporalServer {
  /** host:port */
  readonly address: string;
  /** Temporal's own web page; null where it was not asked for. */
  readonly uiUrl: string | null;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const stopWithinMs = 10_000;
const startTriesMax = 3;

/** With these the dev server's SQLite is more than twice as fast. */
const sqlitePragmas = ['journal_mode=wal', 'synchronous=normal'];

/** Starts Temporal's dev server on 127.0.0.1, with its state, log and Tagwarden's search attributes in `directory`. */
export async function startTemporal(options: {
  readonly directory: string;
  /** Whether Temporal's own web page is wanted. */
  readonly ui: boolean;
  /** @default a free one */
  readonly port?: number;
  readonly say: Say;
}): Promise<TemporalServer> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const command = await resolveDevServer(options.say);
  const stateFile = join(directory, 'temporal.db');
  const logFile = join(directory, 'temporal.log');
  const pidFile = join(directory, 'temporal.pid');
  const leftPid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  await stopLeftover(leftPid, stateFile, 'SIGTERM');

  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await findFreePort());
    const uiPort = options.ui ? await findFreePort() : null;
    const address = `127.0.0.1:${port}`;
    const guarded = await startGuarded({
      command,
      args: serverArguments({ port, uiPort, stateFile }),
      pidFile,
      logFile,
      stopSignal: 'SIGTERM',
      stopWithinMs,
    });
    try {
      await waitUntilReady({
        name: 'Temporal',
        guarded,
        logFile,
        withinMs: readyWithinMs,
        isReady: () => answers(address),
      });
    } catch (error) {
      // Somebody may have taken a free port in between.
      if (options.port !== undefined || tries >= startTriesMax) throw error;
      continue;
    }
    return {
      address,
      uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
      ended: guarded.ended,
      stop: () => guarded.stop(),
    };
  }
}

function serverArguments(options: {
  readonly port: number;
  readonly uiPort: number | null;
  readonly stateFile: string;
}): readonly string[] {
  const { port, uiPort, stateFile } = options;
  const attributes = Object.values(temporalConfig.searchAttributes);
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    '--namespace',
    temporalConfig.namespace,
    '--db-filename',
    stateFile,
    ...sqlitePragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...attributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${cliType[type]}`]),
    '--log-level',
    'warn',
  ];
}

const cliType = { KEYWORD: 'Keyword' } as const;

/** The server answers for its namespace only once that is there. */
async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: temporalConfig.namespace });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
