import { statfs } from 'node:fs/promises';

/** With less than this left, whatever failed has most likely failed for want of room. */
const roomBytesMin = 20_000_000;

export function fullDiskSentence(directory: string): string {
  return `The disk that holds ${directory} is full. Make room, or set DATA_DIR to a folder on another disk.`;
}

/**
 * What to tell of a failure in the embedded system: servers that cannot write go down with words of their own, so
 * a full disk is looked for before their words are passed on.
 */
export async function explainFailure(directory: string, error: unknown): Promise<unknown> {
  const disk = await statfs(directory).catch(() => null);
  if (disk === null || disk.bavail * disk.bsize >= roomBytesMin) return error;
  return new Error(fullDiskSentence(directory), { cause: error });
}
