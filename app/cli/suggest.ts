import { Option, type Command } from 'commander';
import { candidateKindWords, describeOpinion, describeReason } from '../../bot/texts/candidates.ts';
import { lookForCandidates } from '../../commands/refresh-candidates.ts';
import { countCandidates, listCandidates } from '../../db/stores/candidates.ts';
import { readInventoryTags } from '../../db/stores/inventory.ts';
import { loadDepartments } from '../../db/stores/people.ts';
import { candidateKinds, type CandidateKind } from '../../domain/intelligence/candidate.ts';
import type { Tool } from './tool.ts';

interface Options {
  readonly kind?: CandidateKind;
  readonly limit: string;
}

const linesMax = 1_000;

export function addSuggestCommand(program: Command, tool: Tool): void {
  program
    .command('suggest')
    .description(
      'look the dictionary over for synonyms, redundant, ambiguous, unused, undefined and unowned tags and hidden exclusions; changes no tag',
    )
    .addOption(new Option('--kind <kind>', 'only this queue').choices(candidateKinds))
    .option('--limit <count>', `lines of each queue, at most ${linesMax}`, '10')
    .action(async ({ kind, limit: limitText }: Options) => {
      const limit = Number(limitText);
      if (!Number.isInteger(limit) || limit < 1 || limit > linesMax) {
        throw new Error(`--limit should be a whole number from 1 to ${linesMax}.`);
      }
      const foundations = await tool.foundations();
      const { database } = foundations;
      const { tags, open } = await tool.expectDone(
        await lookForCandidates(foundations, await tool.actor()),
      );
      const [inventory, departments, counts] = await Promise.all([
        readInventoryTags(database),
        loadDepartments(database.query),
        countCandidates(database, { hiddenTagIds: [], ofTagIds: null }),
      ]);
      const { locale } = tool;
      const nameOf = (id: number) =>
        inventory.find((tag) => tag.id === id)?.name[locale] ?? String(id);
      const departmentNames = new Map(
        [...departments.values()].map((one) => [one.code, one.name[locale]]),
      );
      const queues = await Promise.all(
        candidateKinds
          .filter((each) => kind === undefined || each === kind)
          .map(async (each) => ({
            kind: each,
            open: counts.find((one) => one.kind === each && one.state === 'open')?.count ?? 0,
            candidates: await listCandidates(
              database,
              { kind: each, state: 'open', hiddenTagIds: [], ofTagIds: null },
              { offset: 0, limit },
            ),
          })),
      );
      const lines = queues.flatMap((queue) => [
        `${candidateKindWords[locale][queue.kind].name} (${queue.open})`,
        ...queue.candidates.map(({ id, firstTagId, secondTagId, score, reasons, opinion }) => {
          const names = [firstTagId, secondTagId].filter((tagId) => tagId !== 0).map(nameOf);
          const why = reasons.map((reason) => describeReason(reason, locale, departmentNames));
          if (opinion !== null) why.push(describeOpinion(opinion, locale));
          return `  ${id}  ${score.toFixed(2)}  ${names.join(' · ')}: ${why.join('; ')}`;
        }),
      ]);
      tool.print([...lines, `${open} candidates among ${tags} tags.`], { tags, open, queues });
    });
}
