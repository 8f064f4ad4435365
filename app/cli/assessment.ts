import { InvalidArgumentError, type Command } from 'commander';
import { readAssessment, type AssessmentMonth } from '../../commands/read-assessment.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { pointCauses, type PointCause } from '../../domain/assessment.ts';
import type { Tool } from './tool.ts';

const causeWords: Readonly<Record<PointCause, string>> = {
  'claim-missed': 'not claimed in time',
  'close-missed': 'not closed in time',
  recurred: 'came back after it was fixed',
};

export function addAssessmentCommand(program: Command, tool: Tool): void {
  program
    .command('assessment')
    .description('points of a month, by person and with the warning behind each; read as --as')
    .option('--month <month>', 'such as 2026-11; this month unless given', aMonth)
    .option('--person <code>', 'only the points of this person')
    .action(async (options: { readonly month?: string; readonly person?: string }) => {
      const foundations = await tool.foundations();
      const month = await readAssessment(foundations, await tool.actor(), {
        month: options.month ?? null,
        personCode: options.person ?? null,
      });
      const people = await loadPeople(foundations.database.query);
      const name = (code: string) => people.get(code)?.name[tool.locale] ?? code;
      tool.print(describe(month, name), month);
    });
}

function aMonth(text: string): string {
  if (/^20\d{2}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('It should be a month such as 2026-11.');
}

function describe(
  { month, policy, sums, points, isCut }: AssessmentMonth,
  name: (code: string) => string,
): readonly string[] {
  if (points.length === 0) {
    const off = policy === null ? ' The policy counts none now.' : '';
    return [`No points in ${month}.${off}`];
  }
  return [
    `Points in ${month}:`,
    ...sums.map(({ personCode, points: sum, byCause, contested }) => {
      const parts = pointCauses
        .filter((cause) => byCause[cause] > 0)
        .map((cause) => `${byCause[cause]} ${causeWords[cause]}`);
      const open = contested === 0 ? '' : `; ${contested} contested`;
      return `${name(personCode)} (${personCode}): ${sum} (${parts.join(', ')}${open})`;
    }),
    ...points.map(({ personCode, points: count, cause, warningId, severity, atMs, state }) => {
      const day = new Date(atMs).toISOString().slice(0, 10);
      const standing = state.kind === 'standing' ? '' : `, ${state.kind}`;
      return `  ${day} ${personCode} ${count}: warning #${warningId} (${severity}) ${causeWords[cause]}${standing}`;
    }),
    ...(isCut ? ['There are more; --person shows one person’s.'] : []),
  ];
}
