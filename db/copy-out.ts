import type { Readable } from 'node:stream';
import type { Sql } from './client.ts';

/** How much is taken between two pauses; what a socket gives at a time. */
const bytesBetweenPauses = 64 * 1024;

/**
 * Runs a COPY … TO STDOUT statement on a connection of its own (`lendConnection`) and hands on what comes, cut
 * anywhere. `pause` is awaited now and then, and slows the stream down. Rejects when the signal aborts, with its reason.
 *
 * postgres.js pushes each row to a stream, which queues and joins them again at more than it costs to parse them. So
 * rows are taken where they are pushed.
 */
export async function copyOut(
  connection: Sql,
  statement: string,
  handlers: {
    readonly onBytes: (bytes: Buffer) => void;
    readonly pause: () => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { onBytes, pause, signal } = handlers;
  signal.throwIfAborted();
  const stream: Readable = await connection.unsafe(statement).readable();
  let taken = 0;
  let pausing: Promise<void> | null = null;
  let resolve: (value?: Promise<void>) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const ended = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  const fail = (error: unknown) => {
    reject(error);
    stream.destroy();
  };
  const take = (bytes: Buffer): void => {
    onBytes(bytes);
    taken += bytes.length;
    if (taken < bytesBetweenPauses || pausing !== null) return;
    taken = 0;
    pausing = readOnAfterPause();
  };
  const readOnAfterPause = async () => {
    try {
      await pause();
      pausing = null;
      // By which postgres.js reads on.
      stream._read(0);
    } catch (error) {
      fail(error);
    }
  };
  const end = (): void => resolve(pausing ?? undefined);
  const push = (bytes: Buffer | null): boolean => {
    if (stream.destroyed) return true;
    try {
      if (bytes === null) end();
      else take(bytes);
    } catch (error) {
      fail(error);
    }
    return pausing === null;
  };
  const abort = () => fail(signal.reason);
  signal.addEventListener('abort', abort);
  stream.once('error', reject);
  stream.once('end', end);
  stream.once('close', () => reject(new Error('The connection was lost in the middle of a COPY.')));
  stream.push = push;
  // What came together with the answer to the statement is queued already.
  for (let bytes = readQueued(stream); bytes !== null; bytes = readQueued(stream)) push(bytes);
  try {
    await ended;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
}

function readQueued(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}
