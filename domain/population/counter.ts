import type { CustomerTags } from '../customer.ts';
import { CountTable } from './count-table.ts';

/**
 * Tags whose pairs are counted in a triangular array (75 MB when full); pairs with a tag that came later are counted
 * in a table that takes as much memory as there are such pairs.
 */
const denseSlotsMax = 6_144;
const slotsMin = 256;
/** Up to this share of the triangle its pairs are listed, which takes longer for each of them. */
const sparseShareMax = 1 / 16;
const listedPairsMax = 100_000;

/**
 * A customer with more different tags than this is left out of the pairs, and of nothing else: it says nothing about
 * which two tags belong together, and ten thousand tags would be fifty million pairs.
 */
export const pairedTagsMax = 1_024;

/** Ids up to this one are looked up in an array; the few beyond it in a map. */
const denseTagIdMax = 1_048_575;

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
  #pairs = new Int32Array(trianglesBelow(slotsMin));
  /** By greater and smaller slot, where the greater is beyond the triangle. */
  readonly #sparsePairs = new CountTable();
  /** By slot and source id. */
  readonly #sources = new CountTable();
  /** By slot and import id. */
  readonly #imports = new CountTable();
  #present = new Int32Array(pairedTagsMax);

  /** Counts a customer, or with `sign` −1 takes it off. Nothing is kept of it. */
  add(customer: CustomerTags, sign: 1 | -1): void {
    const { count, tagIds, sourceIds, importIds } = customer;
    this.customers += sign;
    this.assignments += sign * count;
    let different = 0;
    let from = 0;
    while (from < count) {
      const tagId = tagIds[from] ?? 0;
      const slot = this.#slotOf(tagId);
      this.#tagCounts[slot] = (this.#tagCounts[slot] ?? 0) + sign;
      if (different < pairedTagsMax) this.#present[different] = slot;
      different += 1;
      let position = from;
      while (position < count && tagIds[position] === tagId) {
        this.#sources.add(slot, sourceIds[position] ?? 0, sign);
        const importId = importIds[position] ?? 0;
        if (importId !== 0 && isFirstOf(importIds, from, position)) {
          this.#imports.add(slot, importId, sign);
        }
        position += 1;
      }
      from = position;
    }
    if (different <= pairedTagsMax) this.#addPairs(different, sign);
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
    const isFew = this.#triangleIsSparse();
    const listed = this.#listedPairs(isFew, placesBySlot(slots));
    const others = new Int32Array(tagIds.length);
    const counts = new Int32Array(tagIds.length);
    for (let low = 0; low < tagIds.length; low += 1) {
      const beyond = listed.get(low);
      let met = 0;
      if (isFew) {
        if (beyond === undefined) {
          visit(low, others.subarray(0, 0), counts.subarray(0, 0));
          continue;
        }
        for (const other of Int32Array.from(beyond.keys()).sort()) {
          others[met] = other;
          counts[met] = beyond.get(other) ?? 0;
          met += 1;
        }
      } else {
        const slot = slots[low] ?? 0;
        for (let high = low + 1; high < tagIds.length; high += 1) {
          const otherSlot = slots[high] ?? 0;
          const greater = slot > otherSlot ? slot : otherSlot;
          const smaller = slot > otherSlot ? otherSlot : slot;
          const count =
            greater < denseSlotsMax
              ? (this.#pairs[trianglesBelow(greater) + smaller] ?? 0)
              : (beyond?.get(high) ?? 0);
          if (count === 0) continue;
          others[met] = high;
          counts[met] = count;
          met += 1;
        }
      }
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

  #addPairs(different: number, sign: 1 | -1): void {
    const present = this.#present;
    const pairs = this.#pairs;
    if (this.#size > denseSlotsMax) {
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
    if (greater >= denseSlotsMax) {
      this.#sparsePairs.add(greater, smaller, amount);
      return;
    }
    const index = trianglesBelow(greater) + smaller;
    this.#pairs[index] = (this.#pairs[index] ?? 0) + amount;
  }

  /** Whether so few of its pairs occur, as with some changed customers, that going through them all is not worth it. */
  #triangleIsSparse(): boolean {
    const slots = Math.min(this.#size, denseSlotsMax);
    const until = trianglesBelow(slots);
    const max = Math.min(until * sparseShareMax, listedPairsMax);
    let met = 0;
    for (let index = 0; index < until && met <= max; index += 1) {
      if (this.#pairs[index] !== 0) met += 1;
    }
    return met <= max;
  }

  /** By smaller and greater place: pairs beyond the triangle, and those in it too where it is asked. */
  #listedPairs(
    withTriangle: boolean,
    places: Int32Array,
  ): ReadonlyMap<number, ReadonlyMap<number, number>> {
    const byPlace = new Map<number, Map<number, number>>();
    const list = (greaterSlot: number, smallerSlot: number, count: number) => {
      const left = places[greaterSlot] ?? 0;
      const right = places[smallerSlot] ?? 0;
      const low = Math.min(left, right);
      const others = byPlace.get(low);
      if (others === undefined) byPlace.set(low, new Map([[Math.max(left, right), count]]));
      else others.set(Math.max(left, right), count);
    };
    this.#sparsePairs.forEach(list);
    if (!withTriangle) return byPlace;
    let index = 0;
    for (let greater = 1; greater < Math.min(this.#size, denseSlotsMax); greater += 1) {
      for (let smaller = 0; smaller < greater; smaller += 1) {
        const count = this.#pairs[index] ?? 0;
        index += 1;
        if (count !== 0) list(greater, smaller, count);
      }
    }
    return byPlace;
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
    if (slot < denseSlotsMax && trianglesBelow(slot + 1) > this.#pairs.length) {
      const slots = Math.min(denseSlotsMax, this.#tagIds.length);
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
