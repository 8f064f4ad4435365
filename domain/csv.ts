/** A cell that begins so is taken for a formula by spreadsheets: https://owasp.org/www-community/attacks/CSV_Injection */
const formulaStart = /^[=+\-@\t\r]/;
const needsQuotes = /[",\r\n]/;

/** What goes before the first line, so that Excel reads the file as UTF-8. */
export const csvByteOrderMark = '\uFEFF';

/** One line with its end (RFC 4180); no cell of it is run as a formula. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const harmless = formulaStart.test(text) ? `'${text}` : text;
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
