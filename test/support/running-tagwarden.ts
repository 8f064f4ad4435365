import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunningSystem, type RunningSystem } from '../../app/embedded/running-system.ts';
import { systemEnvironment } from '../../app/env.ts';

const rootFolder = fileURLToPath(new URL('../..', import.meta.url));
const readyWithinMs = 240_000;
const pollMs = 250;

export interface RunningTagwarden {
  readonly system: RunningSystem;
  /** Stops every process and removes its data. */
  stop(): Promise<void>;
}

/** The whole product as `npm start` runs it, in a data folder of its own, with a small sample CRM. */
export async function runTagwarden(options: {
  readonly customers: number;
  readonly port: number;
}): Promise<RunningTagwarden> {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-e2e-'));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'app/start.ts', '--customers', String(options.customers)],
    {
      cwd: rootFolder,
      env: {
        ...systemEnvironment().all,
        DATA_DIR: directory,
        PORT: String(options.port),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = collect(child);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { system: await waitUntilReady(child, directory, said), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return () => text;
}

/** The state file is written when everything answers. */
async function waitUntilReady(
  child: ChildProcess,
  directory: string,
  said: () => string,
): Promise<RunningSystem> {
  const giveUpAtMs = Date.now() + readyWithinMs;
  while (Date.now() < giveUpAtMs) {
    if (child.exitCode !== null) throw new Error(`Tagwarden ended while starting:\n${said()}`);
    const system = await readRunningSystem(directory);
    if (system !== null) return system;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`Tagwarden was not ready within ${readyWithinMs} ms:\n${said()}`);
}
