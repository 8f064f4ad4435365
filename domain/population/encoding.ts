import type { PopulationCounter } from './counter.ts';

/**
 * The counts of a counter but for its pairs in few bytes, so that a shard can leave them for the end of its scan.
 * Whole numbers are written seven bits a byte, the lowest first; signed ones zigzag
 * (https://protobuf.dev/programming-guides/encoding/).
 */
export function encodePopulation(counter: PopulationCounter): Uint8Array {
  const writer = new Writer();
  writer.signed(counter.customers);
  writer.signed(counter.assignments);
  const positions = writeTags(writer, counter.tagIds());
  for (const tagId of positions.keys()) writer.signed(counter.tagCount(tagId));
  const positionOf = (tagId: number) => positions.get(tagId) ?? 0;
  writeParts(writer, (visit) => {
    counter.forEachSource((tagId, id, count) => visit(positionOf(tagId), id, count));
  });
  writeParts(writer, (visit) => {
    counter.forEachImport((tagId, id, count) => visit(positionOf(tagId), id, count));
  });
  return writer.bytes();
}

/** How often two tags go together, in two or three bytes a pair that is not 0. Empty where there is none. */
export function encodePairs(counter: PopulationCounter): Uint8Array {
  const writer = new Writer();
  writeTags(writer, counter.tagIds());
  let isEmpty = true;
  counter.forEachPlacePairs((place, others, counts) => {
    writer.whole(others.length);
    let before = place;
    for (let index = 0; index < others.length; index += 1) {
      const other = others[index] ?? 0;
      writer.whole(other - before);
      writer.signed(counts[index] ?? 0);
      before = other;
      isEmpty = false;
    }
  });
  return isEmpty ? new Uint8Array(0) : writer.bytes();
}

/** Writes ascending tag ids; answers with the place of each. */
function writeTags(writer: Writer, tagIds: Int32Array): ReadonlyMap<number, number> {
  const positions = new Map<number, number>();
  writer.whole(tagIds.length);
  let previous = 0;
  for (const [position, tagId] of tagIds.entries()) {
    positions.set(tagId, position);
    writer.whole(tagId - previous);
    previous = tagId;
  }
  return positions;
}

function writeParts(
  writer: Writer,
  forEach: (visit: (position: number, id: number, count: number) => void) => void,
): void {
  let parts = 0;
  forEach(() => {
    parts += 1;
  });
  writer.whole(parts);
  forEach((position, id, count) => {
    writer.whole(position);
    writer.whole(id);
    writer.signed(count);
  });
}

/** Adds what was encoded to a counter. Throws on bytes that end too early. */
export function addEncodedPopulation(counter: PopulationCounter, bytes: Uint8Array): void {
  const reader = new Reader(bytes);
  counter.customers += reader.signed();
  counter.assignments += reader.signed();
  const tagIds = readTags(reader);
  for (const tagId of tagIds) counter.addTag(tagId, reader.signed());
  const tagAt = (position: number) => tagIds[position] ?? 0;
  for (let left = reader.whole(); left > 0; left -= 1) {
    counter.addSource(tagAt(reader.whole()), reader.whole(), reader.signed());
  }
  for (let left = reader.whole(); left > 0; left -= 1) {
    counter.addImport(tagAt(reader.whole()), reader.whole(), reader.signed());
  }
}

/** Adds pairs that were encoded to a counter. Throws on bytes that end too early. */
export function addEncodedPairs(counter: PopulationCounter, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const reader = new Reader(bytes);
  const tagIds = readTags(reader);
  for (let low = 0; low < tagIds.length; low += 1) {
    const others = reader.whole();
    let high = low;
    for (let index = 0; index < others; index += 1) {
      high += reader.whole();
      counter.addPair(tagIds[low] ?? 0, tagIds[high] ?? 0, reader.signed());
    }
  }
}

function readTags(reader: Reader): Int32Array {
  const tagIds = new Int32Array(reader.whole());
  let tagId = 0;
  for (let position = 0; position < tagIds.length; position += 1) {
    tagId += reader.whole();
    tagIds[position] = tagId;
  }
  return tagIds;
}

const bytesMin = 4_096;
/** A whole number below 2^53 takes eight bytes of seven bits. */
const numberBytesMax = 8;

class Writer {
  #bytes = new Uint8Array(bytesMin);
  #length = 0;

  whole(value: number): void {
    if (this.#length + numberBytesMax > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  whole(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) throw new Error('The counts of a shard end in the middle.');
      this.#position += 1;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}
