import type { Worker } from '@temporalio/worker';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** A history as text: bytes as base64, 64-bit numbers as numbers, without the names of machines. */
export function storeHistory(history: unknown): string {
  return JSON.stringify(plain(history), null, 1);
}

/** A history that `storeHistory` wrote. */
export function restoreHistory(text: string): History {
  return JSON.parse(text, (_key, value: unknown) =>
    isStoredBytes(value) ? Buffer.from(value.base64, 'base64') : value,
  ) as History;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (isLong(value)) return value.toNumber();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, part]) => key !== 'identity' && part !== null && part !== undefined,
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
