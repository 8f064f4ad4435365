import { afterTag, type CustomerTags } from '../customer.ts';
import { CountTable } from './count-table.ts';

/**
 * Tags whose pairs are counted in a triangular array (75 MB when full); pairs with a tag that came later are counted
 * in a table that takes as much memory as there are such pairs.
 */
const denseSlotsMax = 6_144;
const slotsMin = 256;

/**
 * A customer with more different tags than this is left out of the pairs, and of nothing else: it says nothing about
 * which two tags belong together, and ten thousand tags would be fifty million pairs.
 */
export const pairedTagsMax = 1_024;

/** Ids up to this one are looked up in an array; the few beyond it in a map. */
const denseTagIdMax = 1_048_575;

/** What is counted of a customer. */
export type CountedTags = Pick<CustomerTags, 'count' | 'tagIds' | 'sourceIds' | 'importIds'>;

/**
 * Counts how many customers carry each tag, each two tags together, each tag from each source and with each import.
 * Exact; counts may be negative, so that a customer as it was can be taken off. Customers are below 2^31.
 */
export class PopulationCounter {
  customers = 0;
  assignments = 0;
  /** Tag id → slot + 1, in the order in which tags were met. */
  #slots = new Int32Array(slotsMin);
  readonly #sparseSlots = new Map<number, number>();
  #tagIds = new Int32Array(slotsMin);
  #tagCounts = new Int32Array(slotsMin);
  #size = 0;
  /** Of slots a > b at a × (a − 1) / 2 + b. */
  #pairs: Int32Array<ArrayBuffer>;
  readonly #denseSlots: number;
  /** By greater and smaller slot, where the greater is beyond the triangle. */
  readonly #sparsePairs = new CountTable();
  /** By slot and source id. */
  readonly #sources = new CountTable();
  /** By slot and import id. */
  readonly #imports = new CountTable();
  #present = new Int32Array(pairedTagsMax);

  /** `few`: of what changed on some customers there are few different pairs, which do without the triangle. */
  constructor(pairs: 'many' | 'few' = 'many') {
    this.#denseSlots = pairs === 'many' ? denseSlotsMax : 0;
    this.#pairs = new Int32Array(pairs === 'many' ? trianglesBelow(slotsMin) : 0);
  }

  /** Counts a customer, or with `sign` −1 takes it off. Nothing is kept of it. */
  add(customer: CountedTags, sign: 1 | -1): void {
    const { count, tagIds } = customer;
    this.customers += sign;
    this.assignments += sign * count;
    let different = 0;
    let from = 0;
    while (from < count) {
      const slot = this.#slotOf(tagIds[from] ?? 0);
      this.#tagCounts[slot] = (this.#tagCounts[slot] ?? 0) + sign;
      if (different < pairedTagsMax) this.#present[different] = slot;
      different += 1;
      from = this.#addParts(customer, { from, slot, sign });
    }
    if (different <= pairedTagsMax) this.#addPairs(different, sign);
  }

  /** Takes a customer off as it was `before` and adds it as it is `after`, at the cost of what differs. */
  change(before: CountedTags, after: CountedTags): void {
    this.assignments += after.count - before.count;
    const gone: number[] = [];
    const come: number[] = [];
    const staying: number[] = [];
    let left = 0;
    let right = 0;
    while (left < before.count || right < after.count) {
      const leftId = left < before.count ? (before.tagIds[left] ?? 0) : Number.POSITIVE_INFINITY;
      const rightId = right < after.count ? (after.tagIds[right] ?? 0) : Number.POSITIVE_INFINITY;
      const slot = this.#slotOf(Math.min(leftId, rightId));
      if (leftId === rightId) staying.push(slot);
      else if (leftId < rightId) gone.push(slot);
      else come.push(slot);
      const isSame = leftId === rightId && hasSameParts(before, left, after, right);
      if (leftId <= rightId) {
        left = isSame
          ? afterTag(before, left)
          : this.#addParts(before, { from: left, slot, sign: -1 });
      }
      if (rightId <= leftId) {
        right = isSame
          ? afterTag(after, right)
          : this.#addParts(after, { from: right, slot, sign: 1 });
      }
    }
    for (const slot of gone) this.#tagCounts[slot] = (this.#tagCounts[slot] ?? 0) - 1;
    for (const slot of come) this.#tagCounts[slot] = (this.#tagCounts[slot] ?? 0) + 1;
    this.#changePairs(gone, come, staying);
  }

  /** Adds to the count of a tag. */
  addTag(tagId: number, amount: number): void {
    const slot = this.#slotOf(tagId);
    this.#tagCounts[slot] = (this.#tagCounts[slot] ?? 0) + amount;
  }

  addPair(leftTagId: number, rightTagId: number, amount: number): void {
    this.#addPair(this.#slotOf(leftTagId), this.#slotOf(rightTagId), amount);
  }

  addSource(tagId: number, sourceId: number, amount: number): void {
    this.#sources.add(this.#slotOf(tagId), sourceId, amount);
  }

  addImport(tagId: number, importId: number, amount: number): void {
    this.#imports.add(this.#slotOf(tagId), importId, amount);
  }

  /** Every tag that was met, ascending; also those whose count is 0. */
  tagIds(): Int32Array {
    return this.#tagIds.slice(0, this.#size).sort();
  }

  tagCount(tagId: number): number {
    return this.#tagCounts[this.#slotOf(tagId)] ?? 0;
  }

  /**
   * Visits each tag of `tagIds()` with the greater tags that it meets, ascending, and how often; a tag that meets none
   * has empty lists.
   */
  forEachTagPairs(
    visit: (tagId: number, otherTagIds: readonly number[], counts: readonly number[]) => void,
  ): void {
    const tagIds = this.tagIds();
    this.forEachPlacePairs((place, others, counts) => {
      const otherIds = Array.from(others, (other) => tagIds[other] ?? 0);
      visit(tagIds[place] ?? 0, otherIds, Array.from(counts));
    });
  }

  /** The same with places in `tagIds()` instead of ids. What is visited is valid only during the call. */
  forEachPlacePairs(
    visit: (place: number, otherPlaces: Int32Array, counts: Int32Array) => void,
  ): void {
    const tagIds = this.tagIds();
    const slots = tagIds.map((tagId) => this.#slotOf(tagId));
    const listed = this.#listedPairs(placesBySlot(slots));
    const others = new Int32Array(tagIds.length);
    const counts = new Int32Array(tagIds.length);
    for (let low = 0; low < tagIds.length; low += 1) {
      const beyond = listed.of(low);
      let next = 0;
      let met = 0;
      const meet = (high: number, count: number) => {
        others[met] = high;
        counts[met] = count;
        met += 1;
      };
      const meetBeyond = (until: number) => {
        for (; next < beyond.length && highOf(beyond[next] ?? 0) < until; next += 1) {
          meet(highOf(beyond[next] ?? 0), countOf(beyond[next] ?? 0));
        }
      };
      const slot = slots[low] ?? 0;
      if (slot < this.#denseSlots) {
        for (let high = low + 1; high < tagIds.length; high += 1) {
          const otherSlot = slots[high] ?? 0;
          if (otherSlot >= this.#denseSlots) continue;
          const greater = slot > otherSlot ? slot : otherSlot;
          const smaller = slot > otherSlot ? otherSlot : slot;
          const count = this.#pairs[trianglesBelow(greater) + smaller] ?? 0;
          if (count === 0) continue;
          meetBeyond(high);
          meet(high, count);
        }
      }
      meetBeyond(tagIds.length);
      visit(low, others.subarray(0, met), counts.subarray(0, met));
    }
  }

  /** Visits the counts by tag and source that are not 0, in no order. */
  forEachSource(visit: (tagId: number, sourceId: number, count: number) => void): void {
    this.#sources.forEach((slot, id, count) => visit(this.#tagIds[slot] ?? 0, id, count));
  }

  /** Visits the counts by tag and import that are not 0, in no order. */
  forEachImport(visit: (tagId: number, importId: number, count: number) => void): void {
    this.#imports.forEach((slot, id, count) => visit(this.#tagIds[slot] ?? 0, id, count));
  }

  /** Counts the sources and imports of the tag at `from`, and answers with the position after it. */
  #addParts(
    customer: CountedTags,
    { from, slot, sign }: { readonly from: number; readonly slot: number; readonly sign: 1 | -1 },
  ): number {
    const { count, tagIds, sourceIds, importIds } = customer;
    const tagId = tagIds[from];
    let position = from;
    while (position < count && tagIds[position] === tagId) {
      this.#sources.add(slot, sourceIds[position] ?? 0, sign);
      const importId = importIds[position] ?? 0;
      if (importId !== 0 && isFirstOf(importIds, from, position)) {
        this.#imports.add(slot, importId, sign);
      }
      position += 1;
    }
    return position;
  }

  #changePairs(gone: readonly number[], come: readonly number[], staying: readonly number[]): void {
    const wasPaired = gone.length + staying.length <= pairedTagsMax;
    const isPaired = come.length + staying.length <= pairedTagsMax;
    if (wasPaired) this.#addPairsWith(gone, staying, -1);
    if (isPaired) this.#addPairsWith(come, staying, 1);
    if (wasPaired !== isPaired) this.#addPairsWith(staying, [], isPaired ? 1 : -1);
  }

  /** Pairs among `slots`, and of each of them with each of `others`. */
  #addPairsWith(slots: readonly number[], others: readonly number[], sign: 1 | -1): void {
    for (const [index, slot] of slots.entries()) {
      for (let next = index + 1; next < slots.length; next += 1) {
        this.#addPair(slot, slots[next] ?? 0, sign);
      }
      for (const other of others) this.#addPair(slot, other, sign);
    }
  }

  #addPairs(different: number, sign: 1 | -1): void {
    const present = this.#present;
    const pairs = this.#pairs;
    if (this.#size > this.#denseSlots) {
      for (let left = 1; left < different; left += 1) {
        for (let right = 0; right < left; right += 1) {
          this.#addPair(present[left] ?? 0, present[right] ?? 0, sign);
        }
      }
      return;
    }
    for (let left = 1; left < different; left += 1) {
      const a = present[left] ?? 0;
      for (let right = 0; right < left; right += 1) {
        // Which slot is greater is a matter of chance, which a branch would pay for: all bits of `swap` are 1 where it is b.
        const b = present[right] ?? 0;
        const swap = (a - b) >> 31;
        const difference = (a - b) & swap;
        const greater = a - difference;
        const index = (Math.imul(greater, greater - 1) >>> 1) + b + difference;
        pairs[index] = (pairs[index] ?? 0) + sign;
      }
    }
  }

  #addPair(left: number, right: number, amount: number): void {
    const greater = Math.max(left, right);
    const smaller = Math.min(left, right);
    if (greater >= this.#denseSlots) {
      this.#sparsePairs.add(greater, smaller, amount);
      return;
    }
    const index = trianglesBelow(greater) + smaller;
    this.#pairs[index] = (this.#pairs[index] ?? 0) + amount;
  }

  /** Pairs beyond the triangle by their smaller place, those of each packed and ascending by the greater. */
  #listedPairs(places: Int32Array): { of(low: number): Float64Array } {
    const starts = new Int32Array(places.length + 1);
    this.#sparsePairs.forEach((left, right) => {
      const low = Math.min(places[left] ?? 0, places[right] ?? 0);
      starts[low + 1] = (starts[low + 1] ?? 0) + 1;
    });
    for (let low = 0; low < places.length; low += 1) {
      starts[low + 1] = (starts[low + 1] ?? 0) + (starts[low] ?? 0);
    }
    const packed = new Float64Array(starts[places.length] ?? 0);
    const ends = starts.slice();
    this.#sparsePairs.forEach((left, right, count) => {
      const [a, b] = [places[left] ?? 0, places[right] ?? 0];
      const low = Math.min(a, b);
      const end = ends[low] ?? 0;
      packed[end] = pack(Math.max(a, b), count);
      ends[low] = end + 1;
    });
    return { of: (low) => packed.subarray(starts[low], starts[low + 1]).sort() };
  }

  #slotOf(tagId: number): number {
    const slot = tagId < this.#slots.length ? this.#slots[tagId] : this.#sparseSlots.get(tagId);
    return slot === undefined || slot === 0 ? this.#newSlot(tagId) : slot - 1;
  }

  #newSlot(tagId: number): number {
    const slot = this.#size;
    this.#size += 1;
    if (tagId <= denseTagIdMax) {
      if (tagId >= this.#slots.length) this.#slots = grown(this.#slots, tagId + 1);
      this.#slots[tagId] = slot + 1;
    } else {
      this.#sparseSlots.set(tagId, slot + 1);
    }
    if (slot >= this.#tagIds.length) {
      this.#tagIds = grown(this.#tagIds, slot + 1);
      this.#tagCounts = grown(this.#tagCounts, slot + 1);
    }
    if (slot < this.#denseSlots && trianglesBelow(slot + 1) > this.#pairs.length) {
      const slots = Math.min(this.#denseSlots, this.#tagIds.length);
      this.#pairs = grown(this.#pairs, trianglesBelow(slots), 1);
    }
    this.#tagIds[slot] = tagId;
    return slot;
  }
}

/** Slot → its place among slots in the order of their tags. */
function placesBySlot(slots: Int32Array): Int32Array {
  const places = new Int32Array(slots.length);
  for (const [place, slot] of slots.entries()) places[slot] = place;
  return places;
}

/** Pairs among so many slots; also where the row of a slot begins. */
function trianglesBelow(slots: number): number {
  return (slots * (slots - 1)) / 2;
}

const wordSize = 4_294_967_296;
const countOffset = 2_147_483_648;

/** A place below 2^21 and a count in one number, which sorts by the place. */
function pack(place: number, count: number): number {
  return place * wordSize + count + countOffset;
}

function highOf(packed: number): number {
  return Math.floor(packed / wordSize);
}

function countOf(packed: number): number {
  return (packed % wordSize) - countOffset;
}

function hasSameParts(
  before: CountedTags,
  left: number,
  after: CountedTags,
  right: number,
): boolean {
  const entries = afterTag(before, left) - left;
  if (afterTag(after, right) - right !== entries) return false;
  for (let entry = 0; entry < entries; entry += 1) {
    if (before.sourceIds[left + entry] !== after.sourceIds[right + entry]) return false;
    if (before.importIds[left + entry] !== after.importIds[right + entry]) return false;
  }
  return true;
}

function grown(
  array: Int32Array<ArrayBuffer>,
  lengthMin: number,
  factor = 2,
): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(lengthMin, array.length * factor));
  larger.set(array);
  return larger;
}

function isFirstOf(ids: Int32Array, from: number, position: number): boolean {
  const id = ids[position];
  for (let earlier = from; earlier < position; earlier += 1) {
    if (ids[earlier] === id) return false;
  }
  return true;
}
