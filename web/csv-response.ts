import { csvByteOrderMark, csvLine } from '../domain/csv.ts';

/** A file for a spreadsheet, its header among the lines; no cell of it is run as a formula. */
export function csvResponse(lines: readonly (readonly string[])[], fileName: string): Response {
  return new Response(csvByteOrderMark + lines.map(csvLine).join(''), {
    headers: fileHeaders('text/csv; charset=utf-8', fileName),
  });
}

export function fileHeaders(contentType: string, fileName: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  };
}
