import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';

export interface FolderLock {
  release(): Promise<void>;
}

const lockSchema = z.object({ id: z.string(), port: z.int(), pid: z.int() });
type LockFile = z.infer<typeof lockSchema>;

const answerWithinMs = 2_000;
const triesMax = 5;

/**
 * Takes a folder for this process; null where a living process has it. Whether the holder lives is asked of itself on
 * a local port, since after a crash its process id may belong to somebody else.
 */
export async function lockFolder(directory: string): Promise<FolderLock | null> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'start.lock');
  const id = randomUUID();
  const holder = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(id);
  });
  const port = await listen(holder);
  holder.unref();
  const mine: LockFile = { id, port, pid: process.pid };
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await create(path, mine)) {
      return {
        release: async () => {
          await rm(path, { force: true });
          await new Promise((resolve) => holder.close(resolve));
        },
      };
    }
    const other = await read(path);
    if (other !== null && (await ask(other.port)) === other.id) break;
    await rm(path, { force: true });
  }
  holder.close();
  return null;
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The system gave no port.'));
    });
  });
}

async function create(path: string, lock: LockFile): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function read(path: string): Promise<LockFile | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let said = '';
    socket.setEncoding('utf8').setTimeout(answerWithinMs, () => socket.destroy());
    socket.on('data', (data: string) => {
      said += data;
    });
    socket.on('error', () => {}).once('close', () => resolve(said));
  });
}
