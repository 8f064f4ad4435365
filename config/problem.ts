/** Where something stands in a file: keys and list positions from the top, such as ['tags', 3, 'owner']. */
export type NodePath = readonly (string | number)[];

/** One thing wrong with a configuration. Nothing of a configuration with a problem is applied. */
export interface ConfigurationProblem {
  readonly file: string;
  /** 1-based; 1:1 where the file as a whole is meant. */
  readonly line: number;
  readonly column: number;
  readonly path: NodePath;
  /** Completes "found …". Never a secret. */
  readonly found: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** What was probably meant; null where nothing is near. */
  readonly suggestion: string | null;
}

/** `tags.yaml:41:7 tags[3].owner: found "li-le", expected the code of a person in people.yaml (did you mean "li-lei"?)` */
export function describeProblem(problem: ConfigurationProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = describePath(problem.path);
  const hint = problem.suggestion === null ? '' : ` (did you mean "${problem.suggestion}"?)`;
  return `${path === '' ? place : `${place} ${path}`}: found ${problem.found}, expected ${problem.expected}${hint}`;
}

/** Every problem as a line of its own, and how many there are. */
export function describeProblems(problems: readonly ConfigurationProblem[]): readonly string[] {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [...problems.map(describeProblem), `${count}; nothing was applied.`];
}

/** What is sound and yet not as it should be, as lines; they hold nothing up. */
export function describeAdvice(advice: readonly ConfigurationProblem[]): readonly string[] {
  return advice.map((problem) => `advice: ${describeProblem(problem)}`);
}

export function describePath(path: NodePath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

const foundCharsMax = 60;

/** A value as an error may show it: short, and no url, since urls carry passwords. */
export function describeFound(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return describeMap(Object.keys(value));
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value.includes('://')) return 'a url';
  return JSON.stringify(value.length > foundCharsMax ? `${value.slice(0, foundCharsMax)}…` : value);
}

const foundKeysMax = 8;

function describeMap(keys: readonly string[]): string {
  if (keys.length === 0) return 'an empty map';
  const shown = keys.slice(0, foundKeysMax).map((key) => key.slice(0, foundCharsMax));
  return `a map of ${shown.join(', ')}${keys.length > foundKeysMax ? ', …' : ''}`;
}

/** The candidate that differs from `text` by few letters; null where none does. */
export function nearest(text: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours; `giveUpAt` where it is that many or more. */
function editDistance(a: string, b: string, giveUpAt: number): number {
  if (Math.abs(a.length - b.length) >= giveUpAt) return giveUpAt;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? giveUpAt, giveUpAt);
}
