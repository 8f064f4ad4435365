import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** What these tests read of a history; the SDK takes any shape and checks it. */
interface History {
  readonly events?: readonly {
    readonly workflowExecutionStartedEventAttributes?: {
      readonly workflowType?: { readonly name?: string };
    };
  }[];
}

/**
 * With RECORD_HISTORIES=1, stores a workflow's history so far in test/replay/<name>.json. One that is there stays: it
 * stands for the workflows that began under the code of its day.
 */
export async function recordHistory(
  name: string,
  handle: { fetchHistory(): Promise<unknown> },
): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  const file = new URL(`../replay/${name}.json`, import.meta.url);
  if (existsSync(file)) return;
  await writeFile(file, `${storeHistory(await handle.fetchHistory())}\n`);
}

/** A history as text: bytes as base64, 64-bit numbers as numbers, without names and paths of machines. */
function storeHistory(history: unknown): string {
  return JSON.stringify(plain(history), null, 1);
}

/** A history as `recordHistory` stores it. */
export function restoreHistory(text: string): History {
  return JSON.parse(text, (_key, value: unknown) =>
    isStoredBytes(value) ? Buffer.from(value.base64, 'base64') : value,
  ) as History;
}

const ofMachines: ReadonlySet<string> = new Set(['identity', 'stackTrace']);

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (isLong(value)) return value.toNumber();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, part]) => !ofMachines.has(key) && part !== null && part !== undefined,
  );
  return Object.fromEntries(entries.map(([key, part]) => [key, plain(part)]));
}

function isLong(value: unknown): value is { toNumber(): number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'toNumber' in value &&
    typeof value.toNumber === 'function'
  );
}

function isStoredBytes(value: unknown): value is { readonly base64: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'base64' in value &&
    typeof value.base64 === 'string'
  );
}
