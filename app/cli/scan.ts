import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { undecidedWords } from '../../bot/texts/undecided.ts';
import { startScan } from '../../commands/start-scan.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { readUndecided } from '../../db/stores/undecided.ts';
import type { Tool } from './tool.ts';

const pollMs = 500;

interface ScanRow {
  readonly id: number;
  readonly state: string;
  readonly error: string | null;
  readonly customers: number;
  readonly assignments: number;
  readonly findings_open: number;
  readonly findings_new: number;
  readonly findings_gone: number;
  readonly started_at: number;
  readonly finished_at: number;
}

export function addScanCommand(program: Command, tool: Tool): void {
  program
    .command('scan')
    .description('read the sources and scan customers now')
    .option('--incremental', 'only what changed or falls due, instead of everything')
    .option('--no-wait', 'do not wait for its end')
    .action(async (options: { readonly incremental?: boolean; readonly wait: boolean }) => {
      const kind = options.incremental === true ? 'incremental' : 'full';
      const foundations = await tool.foundations();
      const { scanId } = await tool.expectDone(
        await startScan(foundations, await tool.actor(), { kind }),
      );
      if (!options.wait) {
        tool.print([`Scan ${scanId} runs.`], { scanId });
        return;
      }
      const { sql } = foundations.database;
      for (;;) {
        const [row] = await sql<ScanRow[]>`select * from scan where id = ${scanId}`;
        if (row !== undefined && row.state !== 'running') {
          await finish(tool, row);
          return;
        }
        await delay(pollMs);
      }
    });
}

async function finish(tool: Tool, row: ScanRow): Promise<void> {
  if (row.state !== 'done') {
    throw new Error(`Scan ${row.id} ${row.state}: ${row.error ?? 'it was cancelled'}.`);
  }
  const database = await tool.database();
  const [undecided, { rules, attributes }] = await Promise.all([
    readUndecided(database.sql, row.id),
    loadDictionary(database.query),
  ]);
  const codeOf = new Map(rules.map((rule) => [rule.id, rule.code]));
  const outcome = {
    scanId: row.id,
    customers: row.customers,
    assignments: row.assignments,
    findingsOpen: row.findings_open,
    findingsNew: row.findings_new,
    findingsGone: row.findings_gone,
    seconds: (row.finished_at - row.started_at) / 1000,
    undecided: undecided.map(({ ruleId, ...rest }) => ({
      ruleCode: codeOf.get(ruleId) ?? String(ruleId),
      ...rest,
    })),
  };
  tool.print(
    [
      `Scan ${row.id}: ${outcome.customers} customers, ${outcome.assignments} tags in ${outcome.seconds} s.`,
      `Findings: ${outcome.findingsOpen} open, ${outcome.findingsNew} new, ${outcome.findingsGone} gone.`,
      ...outcome.undecided.map(
        (one) => `Not decided by ${one.ruleCode}: ${undecidedWords(one, attributes, 'en')}.`,
      ),
    ],
    outcome,
  );
}
