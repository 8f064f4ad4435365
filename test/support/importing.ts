import type { CommandContext } from '../../commands/context.ts';
import type { Database } from '../../db/client.ts';
import { takeInTagImport } from '../../db/stores/tag-imports.ts';
import type { TagImportInput } from '../../workflows/messages.ts';

/** A Temporal whose one workflow takes in tables of tags, and has done so when it is started. */
export function importingTemporal(
  database: Database,
  now: () => number,
): CommandContext['temporal'] {
  const start = async (_type: string, { args }: { readonly args: readonly [TagImportInput] }) => {
    const [{ importId, rows, by }] = args;
    const { personCode, through } = by;
    const signal = new AbortController().signal;
    const order = { importId, rows, by: personCode, through };
    await takeInTagImport(database, order, { nowMs: now(), signal });
  };
  const withDeadline = <T>(_atMs: number, work: () => Promise<T>) => work();
  return { withDeadline, workflow: { start } } as unknown as CommandContext['temporal'];
}
