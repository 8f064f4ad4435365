import { parseArgs } from 'node:util';
import { runMain } from '../app/lifetime.ts';
import type { Benchmark } from './benchmark.ts';

const benchmarks: ReadonlyMap<string, () => Promise<Benchmark>> = new Map<
  string,
  () => Promise<Benchmark>
>([
  ['check', async () => (await import('./check.ts')).check],
  ['click', async () => (await import('./click.ts')).click],
  ['console', async () => (await import('./console.ts')).consoleBenchmark],
  ['flood', async () => (await import('./flood.ts')).flood],
  ['import', async () => (await import('./import.ts')).importBenchmark],
  ['lifecycle', async () => (await import('./lifecycle.ts')).lifecycle],
  ['manifest', async () => (await import('./manifest.ts')).manifestBenchmark],
  ['retag', async () => (await import('./retag.ts')).retag],
  ['scan', async () => (await import('./scan.ts')).scan],
  ['suggest', async () => (await import('./suggest.ts')).suggestBenchmark],
]);

/** `npm run bench -- NAME [--option value]`: progress goes to stderr, the figures are the last line of stdout. */
await runMain(async (lifetime) => {
  const [name, ...given] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(`${(await describeAll()).join('\n')}\n`);
    return;
  }
  const load = benchmarks.get(name);
  if (load === undefined) {
    throw new Error(
      `There is no benchmark "${name}". There are: ${[...benchmarks.keys()].join(', ')}.`,
    );
  }
  const benchmark = await load();
  if (given.includes('--help') || given.includes('-h')) {
    process.stdout.write(`${describe(name, benchmark).join('\n')}\n`);
    return;
  }
  const options = readOptions(benchmark.options, given);
  const figures = await benchmark.run(options, {
    lifetime,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
});

async function describeAll(): Promise<readonly string[]> {
  const lines = ['npm run bench -- NAME [--option value]', ''];
  for (const [name, load] of benchmarks) lines.push(...describe(name, await load()), '');
  return [...lines, 'Progress goes to stderr; the last line of stdout is the figures as JSON.'];
}

function describe(name: string, { summary, options }: Benchmark): readonly string[] {
  return [
    `${name}: ${summary}`,
    ...Object.entries(options).map(
      ([option, { default: value, meaning }]) => `  --${option} ${meaning} (default ${value})`,
    ),
  ];
}

function readOptions(options: Benchmark['options'], given: string[]): Record<string, number> {
  const { values } = parseArgs({
    args: given.flatMap((argument, index) => withValue(argument, given[index + 1])),
    options: Object.fromEntries(
      Object.keys(options).map((option) => [option, { type: 'string' } as const]),
    ),
  });
  return Object.fromEntries(
    Object.entries(options).map(([option, { default: usual, min, max }]) => {
      const text = values[option];
      const value = text === undefined ? usual : Number(text);
      if (Number.isInteger(value) && value >= min && value <= max) return [option, value];
      throw new Error(
        `--${option} should be a whole number from ${min} to ${max}, but is ${String(text)}.`,
      );
    }),
  );
}

/** An option without a value, such as `--incremental`, says 1. */
function withValue(argument: string, next: string | undefined): readonly string[] {
  const isBare = argument.startsWith('--') && !argument.includes('=');
  return isBare && (next === undefined || next.startsWith('--')) ? [argument, '1'] : [argument];
}
