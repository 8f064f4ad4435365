import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';

const chunkCharsMin = 256 * 1024;

/** A table that lines of COPY's text format go into; the connection is taken until it is finished. */
export interface CopyTarget {
  /** Buffers; resolves at once but for every few thousand lines. */
  write(line: string): Promise<void> | undefined;
  finish(): Promise<void>;
}

export async function openCopy(sql: postgres.Sql, table: string): Promise<CopyTarget> {
  const stream: Writable = await sql.unsafe(`copy ${table} from stdin`).writable();
  let failure: Error | null = null;
  stream.on('error', (error: Error) => {
    failure = error;
  });
  let chunk = '';
  const flush = async () => {
    if (failure !== null) throw failure;
    const text = chunk;
    chunk = '';
    if (!stream.write(text)) await once(stream, 'drain');
  };
  return {
    write: (line) => {
      chunk += line;
      return chunk.length >= chunkCharsMin ? flush() : undefined;
    },
    finish: async () => {
      await flush();
      stream.end();
      await once(stream, 'finish');
    },
  };
}
