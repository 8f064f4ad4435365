import { CsvError } from 'csv-parse/sync';
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';

/** What a UTF-8 CSV file holds; a file that is missing, not readable, no CSV or without a row is refused in words. */
export async function readLabels<T>(path: string, read: (text: string) => T): Promise<T> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be read: ${whyUnreadable(error)}.`);
  });
  if (!isUtf8(bytes)) throw new Error(`${path} is not in UTF-8. Save it as UTF-8.`);
  try {
    return read(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof CsvError)
      throw new Error(`${path} is no CSV: ${error.message}.`, { cause: error });
    throw error;
  }
}

/** Refuses a file in which no line has what is read from it. */
export function withRows<T extends { readonly length: number }>(
  rows: T,
  { path, columns }: { readonly path: string; readonly columns: string },
): T {
  if (rows.length === 0) throw new Error(`${path} has no row of ${columns}.`);
  return rows;
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this needs permission to read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return String(code ?? error);
  }
}
