import type { Command } from 'commander';
import { checkTags, type CheckAnswer } from '../../commands/check-tags.ts';
import type { Tool } from './tool.ts';

interface Options {
  readonly customer?: string;
  readonly tags?: string;
  readonly add?: string;
  readonly by?: string;
}

export function addCheckCommand(program: Command, tool: Tool): void {
  program
    .command('check')
    .description(
      'ask whether tags go together, by the rules in force; exit code 2 where they do not',
    )
    .option('--customer <id>', "the customer's id in the CRM")
    .option('--tags <tags>', 'or the tags a customer has, by code or name, separated by commas')
    .option('--add <tag>', 'the tag to be added, by code or name')
    .option('--by <person>', 'who is about to add it, by code, email or name; you unless said')
    .action(async (options: Options) => {
      const { customer, tags, add, by } = options;
      if ((customer === undefined) === (tags === undefined)) {
        throw new Error('Give --customer or --tags, one of them.');
      }
      const answer = await tool.expectDone(
        await checkTags(await tool.foundations(), await tool.actor(), {
          subject:
            customer === undefined
              ? { kind: 'tags', tags: splitList(tags ?? '') }
              : { kind: 'customer', ref: customer },
          add: add ?? null,
          by,
        }),
      );
      const { allowed, findings } = answer;
      tool.print(describe(answer, tool), { allowed, findings });
      if (!allowed) tool.answerNo();
    });
}

function describe({ allowed, findings }: CheckAnswer, { locale }: Tool): readonly string[] {
  const lines = findings.flatMap(({ ruleName, ruleCode, severity, tags, advice }) => [
    `  ${severity}: ${ruleName[locale]} (${ruleCode}): ${tags.map(({ name }) => name[locale]).join(' × ')}`,
    `    ${advice[locale]}`,
  ]);
  if (findings.length === 0) return ['Allowed: nothing speaks against it.'];
  return [allowed ? 'Allowed; but this was there before:' : 'Not allowed:', ...lines];
}

function splitList(text: string): readonly string[] {
  return text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
