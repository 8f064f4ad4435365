import type { Lifetime } from '../app/lifetime.ts';

/** A whole number that is given as `--name value`. */
export interface BenchmarkOption {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Half a sentence for `--help`. */
  readonly meaning: string;
}

/** What is printed as JSON; milliseconds, ratios, MB and counts, as their names say, and names of what was slowest. */
export type Figures = Readonly<Record<string, number | string>>;

export interface BenchmarkContext {
  readonly lifetime: Lifetime;
  /** Says one line of progress. */
  readonly say: (line: string) => void;
}

/** Measures one thing and, in the same run, what it is to be held against. */
export interface Benchmark<Name extends string = string> {
  /** What is measured against what, in a sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<Name, BenchmarkOption>>;
  run(options: Readonly<Record<Name, number>>, context: BenchmarkContext): Promise<Figures>;
}

/** A figure with no more digits than it is worth. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
