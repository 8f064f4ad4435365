import { emptyCustomer, type CustomerTags } from '../../domain/customer.ts';

const signatureBytes = 11;
/** Signature, flags and the length of the header's extension. */
const headerBytes = signatureBytes + 4 + 4;
const fieldsPerRow = 9;
const endOfRows = -1;
const nullLength = -1;
/** Dimensions, null flag, element type, and for one dimension its size and lower bound. */
const arrayHeaderBytes = 20;
const emptyArrayBytes = 12;
/** An element of int4[] or int2[] with its length. */
const int4ElementBytes = 8;
const int2ElementBytes = 6;

export interface CustomerParser {
  /**
   * Takes the next bytes of the stream, cut anywhere: `bytes` from `from` until before `until`; they need not stay as
   * they are after the call. Throws on bytes that are not this format.
   */
  readonly push: (bytes: Buffer, from: number, until: number) => void;
  /** Throws if the stream ended in the middle. */
  readonly end: () => void;
}

/**
 * Reads a binary COPY stream of the columns id, tag_ids, since_seconds, numbers, texts, actor_ids, import_ids,
 * present_in and source_ids, in this order, into a reused `CustomerTags`, which is valid only during the call. NULL is
 * an empty array. Of actors and imports an empty array stands for 0, of times for unknown; without sources all tags
 * are from the only one that has the customer.
 */
export function createCustomerParser(onCustomer: (customer: CustomerTags) => void): CustomerParser {
  let left: Buffer | null = null;
  let isHeaderRead = false;
  let isEnded = false;
  const customer = emptyCustomer();
  let source = sourceOf(new ArrayBuffer(0));

  function push(bytes: Buffer, from: number, until: number): void {
    if (left === null) {
      const end = read(bytes, from, until);
      if (end < until) left = Buffer.from(bytes.subarray(end, until));
      return;
    }
    const joined = Buffer.concat([left, bytes.subarray(from, until)]);
    left = null;
    push(joined, 0, joined.length);
  }

  /** Answers until where it has read. */
  function read(bytes: Buffer, from: number, until: number): number {
    // Most of what comes is part of one larger buffer, which is looked at as a whole.
    if (source.view.buffer !== bytes.buffer) source = sourceOf(bytes.buffer);
    let offset = from;
    if (!isHeaderRead) {
      if (until - from < headerBytes) return from;
      checkSignature(bytes, from);
      offset += headerBytes + bytes.readInt32BE(from + headerBytes - 4);
      isHeaderRead = true;
    }
    offset += bytes.byteOffset;
    while (!isEnded) {
      const end = rowEnd(source.view, offset, until + bytes.byteOffset);
      if (end === null) break;
      if (end === endOfRows) {
        isEnded = true;
        return until;
      }
      readCustomer(source, offset + 2, customer);
      onCustomer(customer);
      offset = end;
    }
    return offset - bytes.byteOffset;
  }

  return {
    push,
    end: () => {
      if (!isEnded) throw new Error('The stream of customers ended in the middle.');
    },
  };
}

function checkSignature(bytes: Buffer, from: number): void {
  if (bytes.toString('latin1', from, from + signatureBytes) !== 'PGCOPY\n\xff\r\n\0') {
    throw new Error('The stream of customers is not in the binary COPY format.');
  }
}

/** Where the row at `offset` ends; null: not all of it is here; `endOfRows` for the trailer. */
function rowEnd(view: DataView, offset: number, until: number): number | null {
  if (offset + 2 > until) return null;
  const fields = view.getInt16(offset);
  if (fields === endOfRows) return endOfRows;
  if (fields !== fieldsPerRow) {
    throw new Error(`A row of customers has ${fields} columns instead of ${fieldsPerRow}.`);
  }
  let position = offset + 2;
  for (let field = 0; field < fieldsPerRow; field += 1) {
    if (position + 4 > until) return null;
    position = fieldEnd(view, position);
  }
  return position > until ? null : position;
}

/** The same bytes twice: numbers are read through the view, which costs a fraction of what the buffer's methods do. */
interface Source {
  readonly bytes: Buffer;
  readonly view: DataView;
}

function sourceOf(buffer: ArrayBufferLike): Source {
  return { bytes: Buffer.from(buffer), view: new DataView(buffer) };
}

function readCustomer(source: Source, offset: number, customer: CustomerTags): void {
  const { view } = source;
  let position = offset + 4;
  customer.customerId = readInt64(view, position);
  position += 8;
  const count = arraySize(view, position);
  ensureTags(customer, count);
  customer.count = count;
  const { tagIds, sinceSeconds } = customer;
  let element = position + 4 + arrayHeaderBytes;
  for (let index = 0; index < count; index += 1) {
    tagIds[index] = view.getInt32(element + 4);
    element += 8;
  }
  position = fieldEnd(view, position);
  const sinceCount = arraySize(view, position);
  if (sinceCount === 0) sinceSeconds.fill(Number.NaN, 0, count);
  else if (sinceCount !== count) {
    throw new Error(`The tag arrays of customer ${customer.customerId} differ in length.`);
  }
  element = position + 4 + arrayHeaderBytes;
  for (let index = 0; index < sinceCount; index += 1) {
    const since = readInt64(view, element + 4);
    // 0 stands for unknown in the mirror.
    sinceSeconds[index] = since === 0 ? Number.NaN : since;
    element += 12;
  }
  position = fieldEnd(view, position);
  readNumbers(view, position, customer);
  position = fieldEnd(view, position);
  readTexts(source, position, customer);
  position = fieldEnd(view, position);
  readIds(view, position, customer.actorIds, count);
  position = fieldEnd(view, position);
  readIds(view, position, customer.importIds, count);
  position = fieldEnd(view, position);
  const present = arraySize(view, position);
  if (customer.presentIn.length < present) customer.presentIn = new Int32Array(present);
  customer.presentCount = present;
  readSmallIds(view, position, customer.presentIn, present);
  position = fieldEnd(view, position);
  if (arraySize(view, position) === 0) {
    fill(customer.sourceIds, present === 1 ? (customer.presentIn[0] ?? 0) : 0, count);
  } else {
    readSmallIds(view, position, customer.sourceIds, count);
  }
}

/** Where the field at `position` (its length word) ends. */
function fieldEnd(view: DataView, position: number): number {
  return position + 4 + Math.max(0, view.getInt32(position));
}

function readIds(view: DataView, position: number, ids: Int32Array, count: number): void {
  const size = arraySize(view, position);
  const element = position + 4 + arrayHeaderBytes + 4;
  if (size !== count) {
    fill(ids, 0, count);
    return;
  }
  for (let index = 0; index < count; index += 1) {
    ids[index] = view.getInt32(element + index * int4ElementBytes);
  }
}

/** Quicker than the array's own method for the few tags of a customer. */
function fill(ids: Int32Array, id: number, count: number): void {
  for (let index = 0; index < count; index += 1) ids[index] = id;
}

function readSmallIds(view: DataView, position: number, ids: Int32Array, count: number): void {
  const element = position + 4 + arrayHeaderBytes + 4;
  for (let index = 0; index < count; index += 1) {
    ids[index] = view.getInt16(element + index * int2ElementBytes);
  }
}

function ensureTags(customer: CustomerTags, count: number): void {
  if (customer.tagIds.length >= count) return;
  const capacity = Math.max(64, count * 2);
  customer.tagIds = new Int32Array(capacity);
  customer.sinceSeconds = new Float64Array(capacity);
  customer.actorIds = new Int32Array(capacity);
  customer.sourceIds = new Int32Array(capacity);
  customer.importIds = new Int32Array(capacity);
}

function readNumbers(view: DataView, position: number, customer: CustomerTags): void {
  const size = arraySize(view, position);
  if (customer.numbers.length < size) customer.numbers = new Float64Array(size);
  const { numbers } = customer;
  let element = position + 4 + arrayHeaderBytes;
  for (let slot = 0; slot < size; slot += 1) {
    const length = view.getInt32(element);
    numbers[slot] = length === nullLength ? Number.NaN : view.getFloat64(element + 4);
    element += 4 + Math.max(0, length);
  }
  for (let slot = size; slot < numbers.length; slot += 1) numbers[slot] = Number.NaN;
}

function readTexts({ bytes, view }: Source, position: number, customer: CustomerTags): void {
  const { texts } = customer;
  const size = arraySize(view, position);
  if (texts.length !== size) texts.length = size;
  let element = position + 4 + arrayHeaderBytes;
  for (let slot = 0; slot < size; slot += 1) {
    const length = view.getInt32(element);
    texts[slot] =
      length === nullLength ? null : bytes.toString('utf8', element + 4, element + 4 + length);
    element += 4 + Math.max(0, length);
  }
}

/** How many elements the array at `position` (its length word) has. */
function arraySize(view: DataView, position: number): number {
  const length = view.getInt32(position);
  if (length <= emptyArrayBytes || view.getInt32(position + 4) === 0) return 0;
  return view.getInt32(position + 16);
}

const wordSize = 4_294_967_296;

function readInt64(view: DataView, position: number): number {
  return view.getInt32(position) * wordSize + view.getUint32(position + 4);
}
