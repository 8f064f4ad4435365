import { Command, CommanderError } from 'commander';
import { runMain } from '../app/lifetime.ts';
import { countAssignments, evaluateContainment, evaluateExclusions } from './assignments.ts';
import { readLabels, withRows } from './label-file.ts';
import { readPairs, readTags } from './labelled-pairs.ts';
import { evaluateSiblings, readLabelledKinds, type SiblingScore } from './siblings.ts';
import { evaluateSynonyms, type Recall } from './synonyms.ts';

interface Options {
  readonly json?: boolean;
}

interface AssignmentOptions extends Options {
  readonly assignments: string;
}

/** `npm run evaluate -- …`: holds what the dictionary's intelligence finds against labelled data. */
await runMain(async () => {
  const program = new Command('evaluate')
    .description("Holds what the dictionary's intelligence finds against labelled data.")
    .exitOverride();
  const print = (options: Options, lines: readonly string[], value: unknown): void => {
    process.stdout.write(`${options.json === true ? JSON.stringify(value) : lines.join('\n')}\n`);
  };
  program
    .command('synonyms')
    .description('how often the partner of a pair is among the first 1, 5, 10 and 20 candidates')
    .requiredOption('--pairs <file>', 'CSV of a,b: names that mean the same')
    .requiredOption('--tags <file>', 'one name a line, or CSV of name,definition')
    .option('--json', 'print one JSON value instead of lines')
    .action(async (options: Options & { readonly pairs: string; readonly tags: string }) => {
      const [tags, pairs] = await Promise.all([
        readLabels(options.tags, readTags),
        readLabels(options.pairs, readPairs),
      ]);
      const result = evaluateSynonyms(
        withRows(tags, { path: options.tags, columns: 'name,definition' }),
        withRows(pairs, { path: options.pairs, columns: 'a,b' }),
      );
      const line = (name: string, { questions, at1, at5, at10, at20 }: Recall) =>
        `${name.padEnd(10)} ${String(questions).padStart(6)} questions   @1 ${at1}   @5 ${at5}   @10 ${at10}   @20 ${at20}`;
      print(
        options,
        [
          `Pairs among ${result.tags} tags: ${result.pairs}; pairs that name other tags: ${result.pairsUnknown}.`,
          line('tuned', result.tuned),
          line('untouched', result.untouched),
          `Built in ${result.buildMs} ms, ${result.msPerSearch} ms a search.`,
        ],
        result,
      );
    });
  program
    .command('siblings')
    .description('how well names alone tell two values of one property from two names of one thing')
    .requiredOption('--pairs <file>', 'CSV of a,b,label: label is same or sibling')
    .option('--json', 'print one JSON value instead of lines')
    .action(async (options: Options & { readonly pairs: string }) => {
      const { pairs: path } = options;
      const pairs = await readLabels(path, readLabelledKinds);
      const result = evaluateSiblings(withRows(pairs, { path, columns: 'a,b,label' }));
      const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
      const line = (name: string, { siblings, found, same, mistaken }: SiblingScore) =>
        `${name.padEnd(10)} ${percent(found)} of ${siblings} siblings told as such, ${percent(mistaken)} of ${same} synonyms mistaken for siblings`;
      print(options, [line('tuned', result.tuned), line('untouched', result.untouched)], result);
    });
  program
    .command('exclusions')
    .description(
      'pairs of tags that hardly ever meet although chance would have them meet often: needs no labels and measures no recall, so judge the list yourself',
    )
    .requiredOption('--assignments <file>', 'CSV of item,tag')
    .option('--json', 'print one JSON value instead of lines')
    .action(async (options: AssignmentOptions) => {
      const result = evaluateExclusions(await readAssignments(options));
      const lines = result.pairs.map(
        ({ first, second, both, expected, pValue }) =>
          `${first} × ${second}: ${both} together, ${expected} expected, p ${pValue < Number.MIN_VALUE ? '< 1e-300' : pValue.toExponential(1)}`,
      );
      const { items, tags, pairs, ms } = result;
      print(
        options,
        [
          ...lines,
          summary({ items, tags, ms }, `${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'}`),
        ],
        result,
      );
    });
  program
    .command('containment')
    .description(
      'pairs of tags on nearly the same items, and pairs of which one lies within the other: needs no labels and measures no recall, so judge the list yourself',
    )
    .requiredOption('--assignments <file>', 'CSV of item,tag')
    .option('--json', 'print one JSON value instead of lines')
    .action(async (options: AssignmentOptions) => {
      const result = evaluateContainment(await readAssignments(options));
      const { items, tags, redundant, contained, ms } = result;
      const lines = [
        ...redundant.map(
          ({ first, second, jaccard }) => `${first} = ${second}: ${jaccard} of either`,
        ),
        ...contained.map(
          ({ first, second, share }) => `${first} < ${second}: ${share} of the first`,
        ),
        summary(
          { items, tags, ms },
          `${redundant.length} redundant, ${contained.length} contained`,
        ),
      ];
      print(options, lines, result);
    });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  }
});

async function readAssignments({ assignments }: AssignmentOptions) {
  const counted = await readLabels(assignments, countAssignments);
  withRows(counted.tags, { path: assignments, columns: 'item,tag' });
  return counted;
}

function summary(
  { items, tags, ms }: { readonly items: number; readonly tags: number; readonly ms: number },
  found: string,
): string {
  return `${found} among ${tags} tags on ${items} items, in ${ms} ms.`;
}
