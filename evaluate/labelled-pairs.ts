import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** Names that people say mean the same. */
export interface LabelledPair {
  readonly a: string;
  readonly b: string;
}

/** What was looked at while weights were set, and what was not. */
export interface Split<T> {
  readonly tuned: T;
  readonly untouched: T;
}

const rowsSchema = z.array(z.array(z.string()));

/** Rows of a CSV text whose first line may name the columns; texts are trimmed. Throws what csv-parse says of a broken file. */
export function readRows(
  text: string,
  columns: readonly [string, ...string[]],
): readonly string[][] {
  const rows = rowsSchema.parse(
    parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true }),
  );
  const [first] = rows;
  const hasHeader = first?.[0]?.toLowerCase() === columns[0];
  return hasHeader ? rows.slice(1) : rows;
}

/** `a,b` a line. */
export function readPairs(text: string): readonly LabelledPair[] {
  return readRows(text, ['a', 'b']).flatMap(([a = '', b = '']) =>
    a === '' || b === '' || a === b ? [] : [{ a, b }],
  );
}

/** One tag a line, or `name,definition`. */
export function readTags(
  text: string,
): readonly { readonly name: string; readonly definition: string }[] {
  const seen = new Set<string>();
  return readRows(text, ['name', 'definition']).flatMap(([name = '', definition = '']) => {
    if (name === '' || seen.has(name)) return [];
    seen.add(name);
    return [{ name, definition }];
  });
}

/**
 * Halves pairs by the SHA-256 of their names, whatever their order, so that the same pair is on the same side for ever:
 * weights are set on `tuned` alone, and `untouched` says how good they are.
 */
export function splitByNames<T extends LabelledPair>(pairs: readonly T[]): Split<readonly T[]> {
  const isTuned = ({ a, b }: LabelledPair) => {
    const digest = createHash('sha256').update([a, b].toSorted().join('\n')).digest();
    return (digest[0] ?? 0) % 2 === 0;
  };
  return { tuned: pairs.filter(isTuned), untouched: pairs.filter((pair) => !isTuned(pair)) };
}
