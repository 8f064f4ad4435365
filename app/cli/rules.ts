import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { undecidedWords } from '../../bot/texts/undecided.ts';
import { backTestRule, type BackTest } from '../../commands/back-test-rule.ts';
import { rulesFileSchema } from '../../config/schema/rules.ts';
import { toRule } from '../../config/translate.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import type { Attribute } from '../../domain/condition.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import type { Tool } from './tool.ts';

interface Options {
  readonly file?: string;
}

export function addRulesCommands(program: Command, tool: Tool): void {
  program
    .command('rules')
    .description('try rules')
    .command('test [rule]')
    .description(
      'say what a rule, or every enabled one, would flag in the customers as last read; changes nothing',
    )
    .option('--file <file>', 'take the rules from this rules.yaml instead of those in force')
    .action(async (code: string | undefined, { file }: Options) => {
      const wanted = await chosenRules(tool, code, file);
      const context = { database: await tool.database(), now: Date.now };
      const actor = await tool.actor();
      const { attributes } = await loadDictionary(context.database.query);
      const tests: BackTest[] = [];
      for (const rule of wanted) {
        const { signal } = tool.lifetime;
        const result = await backTestRule(context, actor, { rule, signal });
        tests.push((await tool.expectDone(result)).backTest);
      }
      tool.print(
        code === undefined
          ? tests.map(inOneLine)
          : tests.flatMap((test) => inWords(test, attributes)),
        code === undefined ? { rules: tests } : tests[0],
      );
    });
}

async function chosenRules(
  tool: Tool,
  code: string | undefined,
  file: string | undefined,
): Promise<readonly (string | RuleDefinition)[]> {
  if (file === undefined) {
    if (code !== undefined) return [code];
    const { rules } = await loadDictionary((await tool.database()).query);
    return rules.filter(({ enabled }) => enabled).map((rule) => rule.code);
  }
  const rules = await rulesOfFile(file);
  const chosen = rules.filter((rule) => (code === undefined ? rule.enabled : rule.code === code));
  if (chosen.length > 0) return chosen;
  throw new Error(
    code === undefined ? `${file} has no enabled rule.` : `${file} has no rule ${code}.`,
  );
}

async function rulesOfFile(file: string): Promise<readonly RuleDefinition[]> {
  const read = rulesFileSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (read.success) return read.data.rules.map(toRule);
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${file} is no rules.yaml: ${faults.join('; ')}.`);
}

function inOneLine(test: BackTest): string {
  const { ruleCode, flagged, examined } = test;
  return `${ruleCode}: ${flagged} of ${examined} ${test.about} (${percent(flagged, examined)})`;
}

const standings: Readonly<Record<BackTest['standing'], string>> = {
  'in-force': 'as it is in force',
  changed: 'changed from the one in force',
  off: 'turned off so far',
  new: 'new',
};

function inWords(test: BackTest, attributes: readonly Attribute[]): readonly string[] {
  const { about, record, examples, overlaps, undecided } = test;
  const { verdict } = record;
  return [
    `Rule ${test.ruleCode}, ${standings[test.standing]}.`,
    `Would flag ${test.flagged} of ${test.examined} ${about} (${percent(test.flagged, test.examined)}) in ${test.findings} findings.`,
    ...(test.standing === 'changed'
      ? [`Against the one in force: ${test.flaggedAnew} more, ${test.noLongerFlagged} no longer.`]
      : []),
    `Ruled to be no conflict before: ${test.dismissedBefore} of those flagged.`,
    verdict.kind === 'unproven'
      ? `Its closed warnings: ${record.right} fixed, ${record.wrong} because the rule is wrong; too few to judge it.`
      : `Its closed warnings: ${record.right} fixed, ${record.wrong} because the rule is wrong; right in ${percent(record.right, record.right + record.wrong)} (${percent(verdict.interval.low, 1)} to ${percent(verdict.interval.high, 1)}).`,
    ...overlaps.map(({ ruleCode, flagged }) => `Also flagged by ${ruleCode}: ${flagged}.`),
    ...(undecided.customers === 0
      ? []
      : [`Not decided: ${undecidedWords(undecided, attributes, 'en')}.`]),
    ...examples.map(({ ref, tags }) => `Such as ${[ref, ...tags].join('  ')}`),
  ];
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(2)} %`;
}
