import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Sql } from './client.ts';
import { CopyFrames } from './copy-frames.ts';

/** How much is taken between two pauses; what a socket gives at a time. */
const bytesBetweenPauses = 64 * 1024;

export interface CopyOutHandlers {
  /** `bytes` from `from` until before `until`, valid only during the call. */
  readonly onBytes: (bytes: Buffer, from: number, until: number) => void;
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

const sockets = new WeakMap<Sql, Socket>();

/** Lets `copyOut` read from the socket that a client of one connection has now. */
export function noteSocket(connection: Sql, socket: Socket): void {
  sockets.set(connection, socket);
}

/**
 * Runs a COPY … TO STDOUT statement on a connection of its own (`lendConnection`) and hands on what comes, cut
 * anywhere. `pause` is awaited now and then, and slows the stream down. Rejects when the signal aborts, with its reason.
 */
export async function copyOut(
  connection: Sql,
  statement: string,
  handlers: CopyOutHandlers,
): Promise<void> {
  const { signal } = handlers;
  signal.throwIfAborted();
  const socket = plainSocketOf(connection);
  if (socket === null) await readFromClient(connection, statement, handlers);
  else await readFromSocket({ connection, ...socket }, statement, handlers);
  signal.throwIfAborted();
}

interface PlainSocket {
  readonly socket: Socket;
  /** By which postgres.js takes what the server sends. */
  readonly clientTakes: (bytes: Buffer) => void;
}

/** null where the connection is not there yet, or is encrypted: then what this socket gives is for TLS. */
function plainSocketOf(connection: Sql): PlainSocket | null {
  const socket = sockets.get(connection);
  const [clientTakes, ...others] = socket?.listeners('data') ?? [];
  if (socket === undefined || clientTakes === undefined || others.length > 0) return null;
  return { socket, clientTakes: (bytes) => clientTakes.call(socket, bytes) };
}

/**
 * postgres.js makes three objects of each row and queues them in a stream, at more than it costs to parse the row. So
 * rows are taken from the socket where they arrive, and postgres.js gets all other messages.
 */
async function readFromSocket(
  from: PlainSocket & { readonly connection: Sql },
  statement: string,
  { onBytes, pause, signal }: CopyOutHandlers,
): Promise<void> {
  const { connection, socket, clientTakes } = from;
  const clientListeners = socket.listeners('data');
  let taken = 0;
  let isCopying = false;
  let isPausing = false;
  let paused: Promise<void> = Promise.resolve();
  const { promise: failed, reject } = createDeferred();
  const frames = new CopyFrames({
    onData: (bytes, start, until) => {
      taken += until - start;
      onBytes(bytes, start, until);
    },
    onOther: clientTakes,
  });
  const readOnAfterPause = async () => {
    await pause();
    isPausing = false;
    socket.resume();
  };
  const take = (chunk: Buffer): void => {
    try {
      frames.push(chunk);
    } catch (error) {
      reject(error);
      socket.off('data', take);
    }
    if (taken < bytesBetweenPauses || isPausing) return;
    taken = 0;
    isPausing = true;
    socket.pause();
    paused = readOnAfterPause();
    paused.catch(reject);
  };
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  socket.removeAllListeners('data').on('data', take);
  try {
    const stream: Readable = await connection.unsafe(statement).readable();
    isCopying = true;
    await Promise.race([failed, untilClientSawEnd(stream)]);
    await paused;
    isCopying = false;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.off('data', take);
    if (isCopying) {
      // The server hears nothing while it sends, and would send all the rest.
      socket.destroy();
    } else {
      for (const listener of clientListeners) socket.on('data', listener as typeof clientTakes);
      clientTakes(frames.rest());
    }
  }
}

/** The stream stays empty: what is for it is taken before. It ends when the client hears that all rows are sent. */
async function untilClientSawEnd(stream: Readable): Promise<void> {
  const { promise, resolve, reject } = createDeferred();
  stream.once('error', reject);
  stream.once('end', resolve);
  stream.once('close', () => reject(new Error('The connection was lost in the middle of a COPY.')));
  stream.resume();
  await promise;
}

/** The same from where postgres.js pushes rows to its stream, which would queue and join them again. */
async function readFromClient(
  connection: Sql,
  statement: string,
  { onBytes, pause, signal }: CopyOutHandlers,
): Promise<void> {
  const stream: Readable = await connection.unsafe(statement).readable();
  let taken = 0;
  let pausing: Promise<void> | null = null;
  const { promise: ended, resolve, reject } = createDeferred();
  const fail = (error: unknown) => {
    reject(error);
    stream.destroy();
  };
  const take = (bytes: Buffer): void => {
    onBytes(bytes, 0, bytes.length);
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
}

/** A promise to settle from outside; that nobody waits for its failure yet is no unhandled one. */
function createDeferred() {
  let resolve: (value?: Promise<void>) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

function readQueued(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}
