import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { undecidedWords } from '../../bot/texts/undecided.ts';
import { backTestRule, type BackTest, type ExampleChange } from '../../commands/back-test-rule.ts';
import { rulesFileSchema } from '../../config/schema/rules.ts';
import { toRule } from '../../config/translate.ts';
import { loadDictionary, loadPolicy } from '../../db/stores/dictionary.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { hiddenFrom } from '../../domain/hidden.ts';
import { loadRulePerformance } from '../../db/stores/rule-performance.ts';
import { readLastUndecided } from '../../db/stores/undecided.ts';
import { nobodyUndecided } from '../../domain/back-test.ts';
import { judgeRule, type RuleVerdict } from '../../domain/rule-performance.ts';
import type { Attribute } from '../../domain/condition.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import type { Tool } from './tool.ts';

interface Options {
  readonly file?: string;
}

export function addRulesCommands(program: Command, tool: Tool): void {
  const rules = program.command('rules').description('how rules have done, and trying them');
  rules
    .command('list')
    .description(
      'each rule with its precision and the interval it may truly lie in, what came back, the time to close, and of whom it could not tell',
    )
    .action(async () => {
      const database = await tool.database();
      const [dictionary, { learning }, performance, undecided] = await Promise.all([
        loadDictionary(database.query),
        loadPolicy(database.query),
        loadRulePerformance(database.sql, null),
        readLastUndecided(database.sql),
      ]);
      const [{ person }, people] = await Promise.all([tool.actor(), loadPeople(database.query)]);
      const { ruleIds } = hiddenFrom(person, dictionary, people);
      const visible = dictionary.rules.filter(({ id }) => !ruleIds.includes(id));
      const listed = visible.map((rule) => {
        const done = performance.get(rule.id);
        const { right = 0, wrong = 0 } = done ?? {};
        const unclear = undecided?.byRule.find(({ ruleId }) => ruleId === rule.id);
        return {
          code: rule.code,
          kind: rule.kind,
          enabled: rule.enabled,
          autoFix: rule.autoFix ?? null,
          openFindings: done?.openFindings ?? 0,
          right,
          wrong,
          verdict: judgeRule({ right, wrong }, learning.precisionFloor),
          closeMedianMs: done?.closeMedianMs ?? null,
          mended: done?.mended ?? 0,
          cameBack: done?.cameBack ?? 0,
          undecided: unclear ?? nobodyUndecided,
        };
      });
      tool.print(
        listed.map((rule) => lineOf(rule, dictionary.attributes)),
        { rules: listed },
      );
    });
  rules
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

interface ListedRule {
  readonly code: string;
  readonly enabled: boolean;
  readonly openFindings: number;
  readonly verdict: RuleVerdict;
  readonly closeMedianMs: number | null;
  readonly mended: number;
  readonly cameBack: number;
  readonly undecided: BackTest['undecided'];
}

const hourMs = 3_600_000;

function lineOf(rule: ListedRule, attributes: readonly Attribute[]): string {
  const { verdict, closeMedianMs, undecided } = rule;
  return [
    `${rule.code}${rule.enabled ? '' : ' (off)'}: ${rule.openFindings} open`,
    verdict.kind === 'unproven'
      ? `${verdict.decisions} decided, too few to judge it`
      : `right in ${percent(verdict.precision, 1)} (${percent(verdict.interval.low, 1)} to ${percent(verdict.interval.high, 1)})${verdict.kind === 'doubtful' ? ', too often wrong' : ''}`,
    ...(closeMedianMs === null ? [] : [`fixed in ${(closeMedianMs / hourMs).toFixed(1)} h`]),
    ...(rule.mended === 0 ? [] : [`${rule.cameBack} of ${rule.mended} mended came back`]),
    ...(undecided.customers === 0
      ? []
      : [`not decided: ${undecidedWords(undecided, attributes, 'en')}`]),
  ].join('; ');
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

const exampleWords: Readonly<Record<ExampleChange, string>> = {
  anew: 'Anew:',
  'no-longer': 'No longer:',
  flagged: 'Such as',
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
    ...examples.map(
      ({ change, ref, tags }) => `${exampleWords[change]} ${[ref, ...tags].join('  ')}`,
    ),
  ];
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(2)} %`;
}
