import type { Command } from 'commander';
import { assertNever } from '../../domain/assert-never.ts';
import { verifyAudit, type AuditFault } from '../../db/stores/audit-verification.ts';
import type { Tool } from './tool.ts';

export function addAuditCommands(program: Command, tool: Tool): void {
  program
    .command('audit')
    .description('the audit trail')
    .command('verify')
    .description('walk the chain; exit code 2 where a row was changed, removed or put in')
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
    default:
      return assertNever(fault);
  }
}
