import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Sql } from './client.ts';

/**
 * Rows of COPY … FROM STDIN (FORMAT binary), which PostgreSQL takes in at a fraction of what its text format costs both
 * sides (https://www.postgresql.org/docs/current/sql-copy.html; arrays: array_recv in src/backend/utils/adt/arrayfuncs.c).
 */

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const headerBytes = signature.length + 8;
const endOfRows = -1;
const nullLength = -1;
const wordSize = 4_294_967_296;
/** Dimensions, null flag, element type; for one dimension its size and lower bound too. */
const emptyArrayBytes = 12;
const arrayHeaderBytes = 20;
/** Type oids (pg_type.dat). */
const int8Type = 20;
const int4Type = 23;
const textType = 25;
const float8Type = 701;
const bytesMin = 64 * 1024;
const utf8BytesPerCharMax = 3;
const year2000Ms = 946_684_800_000;

/** Gathers rows, each begun with `row` and followed by its fields in order. */
export class BinaryRows {
  #bytes = Buffer.allocUnsafe(bytesMin);
  #view = viewOf(this.#bytes);
  #length = 0;

  constructor() {
    this.#length = signature.copy(this.#bytes);
    this.#bytes.fill(0, this.#length, headerBytes);
    this.#length = headerBytes;
  }

  /** Bytes that have gathered. */
  get length(): number {
    return this.#length;
  }

  row(fields: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#length, fields);
    this.#length += 2;
  }

  /** NUL, which PostgreSQL cannot hold, is left out. */
  text(text: string): void {
    const held = text.includes('\0') ? text.replaceAll('\0', '') : text;
    this.#reserve(4 + held.length * utf8BytesPerCharMax);
    const written = this.#bytes.write(held, this.#length + 4, 'utf8');
    this.#int4(written);
    this.#length += written;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(4 + bytes.length);
    this.#int4(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  boolean(value: boolean): void {
    this.#reserve(5);
    this.#int4(1);
    this.#length = this.#bytes.writeUInt8(value ? 1 : 0, this.#length);
  }

  int4(value: number): void {
    this.#reserve(8);
    this.#int4(4);
    this.#int4(value);
  }

  /** A whole number below 2^53 either way. */
  int8(value: number): void {
    this.#reserve(12);
    this.#int8(value);
  }

  /** Epoch milliseconds (https://www.postgresql.org/docs/current/datatype-datetime.html: microseconds since 2000). */
  instant(atMs: number): void {
    this.int8((atMs - year2000Ms) * 1_000);
  }

  int4Array(values: readonly number[]): void {
    this.#reserve(4 + arrayHeaderBytes + values.length * 8);
    this.#arrayHeader(int4Type, values.length, values.length * 8, false);
    for (let index = 0; index < values.length; index += 1) {
      this.#int4(4);
      this.#int4(values[index] ?? 0);
    }
  }

  /** Whole numbers below 2^53 either way. */
  int8Array(values: readonly number[]): void {
    this.#reserve(4 + arrayHeaderBytes + values.length * 12);
    this.#arrayHeader(int8Type, values.length, values.length * 12, false);
    for (let index = 0; index < values.length; index += 1) {
      this.#int8(values[index] ?? 0);
    }
  }

  float8Array(values: readonly number[]): void {
    this.#reserve(4 + arrayHeaderBytes + values.length * 12);
    this.#arrayHeader(float8Type, values.length, values.length * 12, false);
    for (let index = 0; index < values.length; index += 1) {
      this.#int4(8);
      this.#view.setFloat64(this.#length, values[index] ?? Number.NaN);
      this.#length += 8;
    }
  }

  textArray(values: readonly (string | null)[]): void {
    this.#reserve(4 + arrayHeaderBytes);
    const start = this.#length;
    this.#arrayHeader(textType, values.length, 0, values.includes(null));
    for (const value of values) {
      if (value !== null) this.text(value);
      else {
        this.#reserve(4);
        this.#int4(nullLength);
      }
    }
    this.#view.setInt32(start, this.#length - start - 4);
  }

  /** What has gathered, which is begun anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(this.#bytes.length);
    this.#view = viewOf(this.#bytes);
    this.#length = 0;
    return taken;
  }

  /** The rest, with the end of the stream. */
  end(): Buffer {
    this.row(endOfRows);
    return this.take();
  }

  #arrayHeader(type: number, count: number, elementBytes: number, hasNull: boolean): void {
    if (count === 0) {
      this.#int4(emptyArrayBytes);
      this.#int4(0);
      this.#int4(0);
      this.#int4(type);
      return;
    }
    this.#int4(arrayHeaderBytes + elementBytes);
    this.#int4(1);
    this.#int4(hasNull ? 1 : 0);
    this.#int4(type);
    this.#int4(count);
    this.#int4(1);
  }

  /** Signed, or unsigned: what does not fit is taken modulo 2^32. */
  #int4(value: number): void {
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  #int8(value: number): void {
    const high = Math.floor(value / wordSize);
    this.#int4(8);
    this.#int4(high);
    this.#int4(value - high * wordSize);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** Writes rows that have gathered, on a connection of its own. */
export async function copyRowsIn(
  connection: Sql,
  statement: string,
  rows: BinaryRows,
): Promise<void> {
  const stream: Writable = await connection.unsafe(statement).writable();
  stream.end(rows.end());
  await finished(stream);
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
