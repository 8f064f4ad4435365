/** Ids up to this one are looked up in an array; the few beyond it in a map. */
export const denseTagIdMax = 1_048_575;

/** A number for each of some tag ids; `missing` for every other id. Looking one up allocates nothing. */
export class TagTable {
  readonly #dense: Float64Array;
  readonly #sparse: ReadonlyMap<number, number>;
  readonly #missing: number;

  constructor(entries: readonly (readonly [tagId: number, value: number])[], missing: number) {
    const denseEntries = entries.filter(([tagId]) => tagId >= 0 && tagId <= denseTagIdMax);
    const length = denseEntries.reduce((max, [tagId]) => Math.max(max, tagId + 1), 0);
    this.#dense = new Float64Array(length).fill(missing);
    for (const [tagId, value] of denseEntries) this.#dense[tagId] = value;
    this.#sparse = new Map(entries.filter(([tagId]) => tagId > denseTagIdMax));
    this.#missing = missing;
  }

  get(tagId: number): number {
    if (tagId < this.#dense.length) return this.#dense[tagId] ?? this.#missing;
    if (tagId <= denseTagIdMax) return this.#missing;
    return this.#sparse.get(tagId) ?? this.#missing;
  }
}
