import { createBest, type Hit } from './inverted-index.ts';
import type { InventoryTag } from './suggest.ts';

/** What of a tag is embedded; a model sees no more of a long definition. */
const textCharsMax = 1_000;

/** The words of a tag for a model of meaning: the dictionary's, never customers. */
export function embeddedText({ name, definition }: InventoryTag): string {
  const lines = (['zh-CN', 'en'] as const).map((locale) =>
    [name[locale], definition[locale]].filter((text) => text.trim() !== '').join(': '),
  );
  return [...new Set(lines)]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, textCharsMax);
}

/** Vectors are compared in this many dimensions first. */
const sketchDimensions = 256;
/** So many times what is asked for is then compared in all dimensions. */
const sketchFactor = 3;
/** With fewer tags their middle says nothing about the model. */
const centredTagsMin = 20;

/**
 * Ranks tags by the cosine of their vectors; `vectors[n]` null: nothing is known of tag n. All lie in one direction
 * of the space, whichever the model, so their middle is taken off first (Mu and Viswanath, ICLR 2018): then two tags at
 * random come to about 0. Long vectors are compared by a random projection (Johnson and Lindenstrauss 1984) and the best
 * of these exactly. A question costs the tags there are.
 */
export function createMeaningRanking(
  vectors: readonly (Float32Array | null)[],
): (index: number, limit: number) => readonly Hit[] {
  const length = vectors.find((vector) => vector !== null)?.length ?? 0;
  const known = vectors.map((vector) => (vector?.length === length ? vector : null));
  const exact = centred(known, length);
  const sketches = length > sketchDimensions ? exact.map(createSketcher(length)) : exact;
  return (index, limit) => {
    const [own, ownSketch] = [exact[index] ?? null, sketches[index] ?? null];
    if (own === null || ownSketch === null) return [];
    const rough = createBest(sketches === exact ? limit : limit * sketchFactor);
    for (const [other, sketch] of sketches.entries()) {
      if (other !== index && sketch !== null) rough.offer(other, dot(ownSketch, sketch));
    }
    if (sketches === exact) return rough.take();
    const best = createBest(limit);
    for (const { index: other } of rough.take()) {
      const vector = exact[other] ?? null;
      if (vector !== null) best.offer(other, dot(own, vector));
    }
    return best.take();
  };
}

/** Without their middle, of length 1. */
function centred(
  vectors: readonly (Float32Array | null)[],
  length: number,
): readonly (Float32Array | null)[] {
  const middle = new Float64Array(length);
  const present = vectors.filter((vector) => vector !== null);
  if (present.length >= centredTagsMin) {
    for (const vector of present) {
      for (let at = 0; at < length; at += 1) {
        middle[at] = (middle[at] ?? 0) + (vector[at] ?? 0) / present.length;
      }
    }
  }
  return vectors.map((vector) =>
    vector === null ? null : unit(vector.map((value, at) => value - (middle[at] ?? 0))),
  );
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

/** Signs of a hash in place of random numbers (Achlioptas 2003), so that the same tags rank alike each time. */
function createSketcher(length: number) {
  const signs = new Int8Array(length * sketchDimensions);
  let state = 1;
  for (let at = 0; at < signs.length; at += 1) {
    // Xorshift (Marsaglia 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    signs[at] = (state & 1) === 0 ? 1 : -1;
  }
  return (vector: Float32Array | null): Float32Array | null => {
    if (vector === null) return null;
    const sketch = new Float32Array(sketchDimensions);
    for (let row = 0; row < sketchDimensions; row += 1) {
      let sum = 0;
      for (let at = 0; at < length; at += 1) {
        sum += (signs[row * length + at] ?? 0) * (vector[at] ?? 0);
      }
      sketch[row] = sum;
    }
    return unit(sketch);
  };
}
