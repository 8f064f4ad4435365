/** A document by its position, and how like the question it is: 0–1. */
export interface Hit {
  readonly index: number;
  readonly score: number;
}

/** Finds the documents that share most with one of them or with a text from outside. */
export interface InvertedIndex {
  /** The best `limit` documents, most alike first; never `except`. */
  search(terms: readonly string[], limit: number, except: number | null): readonly Hit[];
}

interface Posting {
  readonly documents: Int32Array;
  readonly weights: Float64Array;
  readonly rarity: number;
}

/** Terms in more documents than this are passed over while a question has rarer ones: they say little and cost most. */
const commonTermDocuments = 2_000;

/**
 * Cosine of TF-IDF vectors (Salton and Buckley 1988: logarithmic frequency, inverse document frequency) over postings.
 * A search costs the postings of its terms, and a glance at each document.
 */
export function createInvertedIndex(documents: readonly (readonly string[])[]): InvertedIndex {
  const counted = documents.map(countTerms);
  const holders = new Map<string, number[]>();
  for (const [index, terms] of counted.entries()) {
    for (const term of terms.keys()) {
      const list = holders.get(term);
      if (list === undefined) holders.set(term, [index]);
      else list.push(index);
    }
  }
  const rarityOf = (count: number) => Math.log(1 + documents.length / count);
  const rarity = new Map([...holders].map(([term, list]) => [term, rarityOf(list.length)]));
  const lengths = counted.map((terms) => vectorLength(terms, (term) => rarity.get(term) ?? 0));
  const postings = new Map<string, Posting>();
  for (const [term, list] of holders) {
    const termRarity = rarity.get(term) ?? 0;
    postings.set(term, {
      documents: Int32Array.from(list),
      weights: Float64Array.from(
        list,
        (index) =>
          (frequencyWeight(counted[index]?.get(term) ?? 0) * termRarity) / (lengths[index] || 1),
      ),
      rarity: termRarity,
    });
  }
  const unseen = rarityOf(1);
  const sums = new Float64Array(documents.length);
  return {
    search: (terms, limit, except) => {
      const counts = countTerms(terms);
      const length = vectorLength(counts, (term) => rarity.get(term) ?? unseen) || 1;
      for (const { posting, weight } of telling(counts, postings)) addUp(sums, posting, weight);
      const best = takeBest(sums, { length, limit, except });
      sums.fill(0);
      return best;
    },
  };
}

interface Weighted {
  readonly posting: Posting;
  readonly weight: number;
}

function telling(
  counts: ReadonlyMap<string, number>,
  postings: ReadonlyMap<string, Posting>,
): readonly Weighted[] {
  const found = [...counts].flatMap(([term, count]): Weighted[] => {
    const posting = postings.get(term);
    if (posting === undefined) return [];
    return [{ posting, weight: frequencyWeight(count) * posting.rarity }];
  });
  const rare = found.filter(({ posting }) => posting.documents.length <= commonTermDocuments);
  return rare.length > 0 ? rare : found;
}

function addUp(sums: Float64Array, { documents, weights }: Posting, weight: number): void {
  for (let at = 0; at < documents.length; at += 1) {
    const index = documents[at] ?? 0;
    sums[index] = (sums[index] ?? 0) + weight * (weights[at] ?? 0);
  }
}

function takeBest(
  sums: Float64Array,
  question: { readonly length: number; readonly limit: number; readonly except: number | null },
): readonly Hit[] {
  const { length, limit, except } = question;
  const best = createBest(limit);
  let floor = 0;
  for (let index = 0; index < sums.length; index += 1) {
    const sum = sums[index] ?? 0;
    // At most 1, and ties go to the earlier document, so what does not pass the floor is not kept.
    if (sum <= floor || index === except) continue;
    best.offer(index, Math.min(1, sum / length));
    floor = best.floor() * length;
  }
  return best.take();
}

/** Keeps the best few of many, most alike first; ties go to the earlier document. */
export function createBest(limit: number) {
  const indexes: number[] = [];
  const scores: number[] = [];
  let count = 0;
  const isBefore = (index: number, score: number, place: number): boolean => {
    const other = scores[place] ?? 0;
    return score > other || (score === other && index < (indexes[place] ?? 0));
  };
  return {
    offer(index: number, score: number): void {
      if (score <= 0 || (count === limit && !isBefore(index, score, count - 1))) return;
      if (count < limit) count += 1;
      let at = count - 1;
      for (; at > 0 && isBefore(index, score, at - 1); at -= 1) {
        indexes[at] = indexes[at - 1] ?? 0;
        scores[at] = scores[at - 1] ?? 0;
      }
      indexes[at] = index;
      scores[at] = score;
    },
    /** What scores less is not kept; 0 while there is room. */
    floor: (): number => (count < limit ? 0 : (scores[count - 1] ?? 0)),
    take: (): readonly Hit[] =>
      Array.from({ length: count }, (_, place) => ({
        index: indexes[place] ?? 0,
        score: scores[place] ?? 0,
      })),
  };
}

function countTerms(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function frequencyWeight(count: number): number {
  return 1 + Math.log(count);
}

function vectorLength(
  counts: ReadonlyMap<string, number>,
  rarityOf: (term: string) => number,
): number {
  let sum = 0;
  for (const [term, count] of counts) sum += (frequencyWeight(count) * rarityOf(term)) ** 2;
  return Math.sqrt(sum);
}
