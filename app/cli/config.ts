import type { Command } from 'commander';
import { resolve } from 'node:path';
import { recordExport } from '../../commands/record-export.ts';
import { lookAgainAtWarnings } from '../../commands/look-again.ts';
import { describeChanges, describeConfiguration } from '../../config/describe.ts';
import { diffConfiguration } from '../../config/diff.ts';
import { readConfiguration } from '../../config/read.ts';
import { describeAdvice, describeProblems } from '../../config/problem.ts';
import { writeConfiguration } from '../../config/write.ts';
import { applyConfiguration, loadConfiguration } from '../../db/stores/configuration.ts';
import { configurationDirectory, readConfigurationOrThrow } from '../configuration.ts';
import { ensureSchedules } from '../schedules.ts';
import { findAdmin } from '../admin.ts';
import type { Tool } from './tool.ts';

/** After changes to these, open warnings see again who is responsible for them. */
const responsibilityParts: ReadonlySet<string> = new Set(['person', 'calendar', 'policy']);

const reasonCharsMax = 1_000;

function reasonOf(text: string | undefined): string | undefined {
  const reason = text?.trim();
  if (reason === undefined || reason === '') return undefined;
  if (reason.length <= reasonCharsMax) return reason;
  throw new Error(`--reason should have at most ${reasonCharsMax} characters.`);
}

export function addConfigCommands(program: Command, tool: Tool): void {
  const config = program
    .command('config')
    .description('people, tags, rules, policy and sources as YAML files');
  const folderOf = async (directory: string | undefined): Promise<string> =>
    directory === undefined ? configurationDirectory(await tool.environment()) : resolve(directory);

  config
    .command('validate [directory]')
    .description('check a folder; exit code 2 where it has problems, each named by file and line')
    .action(async (directory?: string) => {
      const reading = await readConfiguration(await folderOf(directory));
      if (reading.kind === 'ok') {
        const { configuration, advice } = reading;
        const lines = [...describeAdvice(advice), describeConfiguration(configuration)];
        tool.print(lines, { valid: true, problems: [], advice });
        return;
      }
      const { problems } = reading;
      tool.print(describeProblems(problems), { valid: false, problems });
      tool.answerNo();
    });

  config
    .command('diff [directory]')
    .description('show what applying a folder would change')
    .action(async (directory?: string) => {
      const wanted = await readConfigurationOrThrow(await folderOf(directory));
      const current = await loadConfiguration((await tool.database()).query);
      const changes = diffConfiguration(current, wanted);
      tool.print(describeChanges(changes), { changes });
    });

  config
    .command('apply [directory]')
    .description('bring the system to what a folder says, in one transaction')
    .option('--reason <text>', 'why; stands in the audit trail and with the versions of tags')
    .action(async (directory: string | undefined, { reason }: { readonly reason?: string }) => {
      const wanted = await readConfigurationOrThrow(await folderOf(directory));
      const foundations = await tool.foundations();
      const { database, temporal, now } = foundations;
      const isFirst = (await loadConfiguration(database.query)) === null;
      // Before the first apply there is nobody yet to act as.
      const by = isFirst ? null : (await tool.actor()).person.code;
      const changes = await applyConfiguration(database.query, wanted, {
        by,
        through: 'cli',
        nowMs: now(),
        reason: reasonOf(reason),
      });
      await findAdmin({ database });
      await ensureSchedules(temporal, wanted.policy);
      if (changes.some(({ what }) => responsibilityParts.has(what))) {
        await lookAgainAtWarnings(foundations);
      }
      tool.print(describeChanges(changes), { changes });
    });

  config
    .command('export <directory>')
    .description('write the configuration in force as the same files')
    .action(async (directory: string) => {
      const configuration = await loadConfiguration((await tool.database()).query);
      if (configuration === null) throw new Error('No configuration is in force yet.');
      const folder = resolve(directory);
      await writeConfiguration(folder, configuration);
      await recordExport({ database: await tool.database(), now: Date.now }, await tool.actor(), {
        what: 'configuration',
        after: { people: configuration.people.length, tags: configuration.tags.length },
      });
      tool.print([`Written to ${folder}.`], { directory: folder });
    });
}
