import type { Command } from 'commander';
import { readShelves, type KeptKind, type ShelfState } from '../../db/stores/retention.ts';
import type { Tool } from './tool.ts';

const words: Readonly<Record<KeptKind, string>> = {
  findings: 'findings that are gone',
  cards: 'cards and their delivery',
  scans: 'records of scans',
  fixDetails: 'what fixes did to each customer',
  tagHistory: 'who put which tag on which customer',
  digests: 'weekly digests',
  events: 'requests of chat platforms',
  access: 'expired ways to sign in',
};
const megabyteBytes = 1_000_000;

export function addRetentionCommand(program: Command, tool: Tool): void {
  program
    .command('retention')
    .description(
      'how long each kind of record is kept, how much there is, and what goes next night',
    )
    .action(async () => {
      const shelves = await readShelves(await tool.database(), Date.now());
      tool.print(
        [
          ...shelves.map(describe),
          'The audit trail, warnings, fixes, requests and votes are kept for ever.',
        ],
        { shelves },
      );
    });
}

function describe({ kind, table, keptDays, rows, over, bytes }: ShelfState): string {
  const size = (bytes / megabyteBytes).toFixed(1);
  return `${words[kind]} (${table}): ${keptDays} days; ${rows} rows, ${size} MB; ${over} go next`;
}
