import { InvalidArgumentError, type Command } from 'commander';
import { once } from 'node:events';
import { assertNever } from '../../domain/assert-never.ts';
import { readAuditRows } from '../../db/stores/audit-export.ts';
import { verifyAudit, type AuditFault } from '../../db/stores/audit-verification.ts';
import { recordExport } from '../../commands/record-export.ts';
import type { Tool } from './tool.ts';

export function addAuditCommands(program: Command, tool: Tool): void {
  const audit = program.command('audit').description('the audit trail');
  audit
    .command('verify')
    .description('walk the chain; exit code 2 where a row was changed, removed, put in or cut off')
    .action(async () => {
      const verdict = await verifyAudit((await tool.database()).sql);
      const { rows, lastHash, fault } = verdict;
      if (fault === null) {
        tool.print([`The audit trail is whole: ${rows} rows. Last hash ${lastHash}.`], verdict);
        return;
      }
      tool.print([describe(fault)], verdict);
      tool.answerNo();
    });
  audit
    .command('export')
    .description('print the trail as JSON lines, oldest first, with its hashes')
    .option('--after <id>', 'only rows after this one', wholeNumber, 0)
    .action(async ({ after }: { readonly after: number }) => {
      const database = await tool.database();
      const actor = await tool.actor();
      let last = after;
      let rows = 0;
      for await (const page of readAuditRows(database.sql, after)) {
        last = page.at(-1)?.id ?? last;
        rows += page.length;
        const lines = page.map((row) => `${JSON.stringify(row)}\n`).join('');
        if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
      }
      await recordExport({ database, now: Date.now }, actor, {
        what: 'audit',
        after: { fromRowId: after + 1, throughRowId: last, rows },
      });
    });
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It should be the id of a row, a whole number.');
}

function describe(fault: AuditFault): string {
  switch (fault.kind) {
    case 'changed':
      return `Row ${fault.rowId} was changed after it was written.`;
    case 'inserted':
      return `Row ${fault.rowId} was put in: the row after it follows the row before it.`;
    case 'removed':
      return fault.afterRowId === null
        ? `Rows before row ${fault.beforeRowId} were removed.`
        : `Rows between ${fault.afterRowId} and ${fault.beforeRowId} were removed, or row ${fault.afterRowId} was written anew.`;
    case 'cut-off':
      return fault.afterRowId === null
        ? `The whole trail was removed, up to row ${fault.lastRowId} at least.`
        : `Rows after row ${fault.afterRowId} were removed, up to row ${fault.lastRowId} at least, or row ${fault.afterRowId} was put in their place.`;
    default:
      return assertNever(fault);
  }
}
