/**
 * One customer as the detector sees it. The arrays are parallel, may be longer than `count`
 * (buffers are reused between customers), and only the first `count` entries are valid. They are ordered by
 * tag id, then source id, as the mirror keeps them: a tag that two sources report stands twice, side by side.
 */
export interface CustomerTags {
  customerId: number;
  count: number;
  /** Dictionary ids. An id the dictionary does not know stands for a tag that only the source knows. */
  tagIds: Int32Array;
  /** When each was put on, epoch seconds; NaN where the source does not say. */
  sinceSeconds: Float64Array;
  /** Who put it on (actor ids of the mirror); 0 where unknown. */
  actorIds: Int32Array;
  /** Which source system says so. */
  sourceIds: Int32Array;
  /** The import batch it came with; 0 where none. */
  importIds: Int32Array;
  /** The sources that have the customer, ascending; only the first `presentCount` entries are valid. */
  presentIn: Int32Array;
  presentCount: number;
  /** Number, date (epoch ms) and boolean (0, 1) attributes by slot; NaN where missing. */
  numbers: Float64Array;
  /** Text attributes by slot; null where missing. */
  texts: (string | null)[];
}

/** Whether the customer carries a tag, from whichever source. */
export function hasTag(customer: CustomerTags, tagId: number): boolean {
  const { tagIds } = customer;
  let low = 0;
  let high = customer.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tagIds[middle] ?? 0) < tagId) low = middle + 1;
    else high = middle;
  }
  return low < customer.count && tagIds[low] === tagId;
}

/** The position after all entries of the tag at `position`, so that a tag of two sources is visited once. */
export function afterTag(
  customer: Pick<CustomerTags, 'tagIds' | 'count'>,
  position: number,
): number {
  const { tagIds, count } = customer;
  const tagId = tagIds[position];
  let next = position + 1;
  while (next < count && tagIds[next] === tagId) next += 1;
  return next;
}

/** When a tag was first put on, over its entries from `from` up to `until`; epoch seconds, NaN where no source says. */
export function earliestSince(customer: CustomerTags, from: number, until: number): number {
  let earliest = Number.NaN;
  for (let position = from; position < until; position += 1) {
    const since = customer.sinceSeconds[position] ?? Number.NaN;
    if (Number.isNaN(earliest) || since < earliest) earliest = since;
  }
  return earliest;
}

/** When a tag was last put on, over its entries from `from` up to `until`; epoch seconds, NaN where no source says. */
export function latestSince(customer: CustomerTags, from: number, until: number): number {
  let latest = Number.NaN;
  for (let position = from; position < until; position += 1) {
    const since = customer.sinceSeconds[position] ?? Number.NaN;
    if (Number.isNaN(latest) || since > latest) latest = since;
  }
  return latest;
}

/** A customer without tags or attributes: the buffers to fill. */
export function emptyCustomer(): CustomerTags {
  return {
    customerId: 0,
    count: 0,
    tagIds: new Int32Array(0),
    sinceSeconds: new Float64Array(0),
    actorIds: new Int32Array(0),
    sourceIds: new Int32Array(0),
    importIds: new Int32Array(0),
    presentIn: new Int32Array(0),
    presentCount: 0,
    numbers: new Float64Array(0),
    texts: [],
  };
}
