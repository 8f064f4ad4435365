/** A stretch of text that both have, or only the one before, or only the one after. */
export interface TextPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are told as a whole: the table below would grow with the square of their length. */
const tokensMax = 1_500;

/**
 * What became of a text, word by word; of Chinese, character by character. The longest common subsequence stays, so
 * that joining what is not removed gives `after`, and joining what is not added gives `before`.
 */
export function textDifference(before: string, after: string): readonly TextPart[] {
  const old = tokensOf(before);
  const young = tokensOf(after);
  if (old.length > tokensMax || young.length > tokensMax) {
    return joined([
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]);
  }
  const width = young.length + 1;
  const longest = commonLengths(old, young);
  const parts: TextPart[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < young.length) {
    const here = old[row];
    const there = young[column];
    if (here !== undefined && here === there) {
      parts.push({ kind: 'same', text: here });
      row += 1;
      column += 1;
    } else if (
      here !== undefined &&
      (there === undefined ||
        (longest[(row + 1) * width + column] ?? 0) >= (longest[row * width + column + 1] ?? 0))
    ) {
      parts.push({ kind: 'removed', text: here });
      row += 1;
    } else {
      parts.push({ kind: 'added', text: there ?? '' });
      column += 1;
    }
  }
  return joined(parts);
}

function tokensOf(text: string): readonly string[] {
  return text.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+|\s+|./gsu) ?? [];
}

/** Entry `row * (young.length + 1) + column`: how long a subsequence the rests from there on share. */
function commonLengths(old: readonly string[], young: readonly string[]): Uint16Array {
  const width = young.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = young.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === young[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(
              lengths[(row + 1) * width + column] ?? 0,
              lengths[row * width + column + 1] ?? 0,
            );
    }
  }
  return lengths;
}

/** Neighbours of one kind become one; of what changed side by side, what went stands first. */
function joined(parts: readonly TextPart[]): readonly TextPart[] {
  const whole: TextPart[] = [];
  let gone = '';
  let came = '';
  const flush = () => {
    if (gone !== '') whole.push({ kind: 'removed', text: gone });
    if (came !== '') whole.push({ kind: 'added', text: came });
    gone = '';
    came = '';
  };
  for (const { kind, text } of parts) {
    if (kind === 'removed') gone += text;
    if (kind === 'added') came += text;
    if (kind !== 'same') continue;
    flush();
    const last = whole.at(-1);
    if (last?.kind === 'same') whole[whole.length - 1] = { kind, text: last.text + text };
    else whole.push({ kind, text });
  }
  flush();
  return whole;
}
