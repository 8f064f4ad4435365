/**
 * One customer as the detector sees it. The arrays are parallel, may be longer than `count`
 * (buffers are reused between customers), and only the first `count` entries are valid.
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
  /** Number, date (epoch ms) and boolean (0, 1) attributes by slot; NaN where missing. */
  numbers: Float64Array;
  /** Text attributes by slot; null where missing. */
  texts: (string | null)[];
}
