import { describeWriteRefusal } from '../bot/texts/write-refusals.ts';
import { csvByteOrderMark, csvLine } from '../domain/csv.ts';
import type { LocalizedText, Locale } from '../domain/locale.ts';
import type { FixItemLine } from '../db/stores/fix-items.ts';
import { textsFor } from './visitor.ts';

/** A file for a spreadsheet, one line a customer, sent while it is read; memory stays flat. */
export function fixCsvResponse(
  pages: AsyncIterable<readonly FixItemLine[]>,
  { fixId, locale }: { readonly fixId: number; readonly locale: Locale },
): Response {
  return new Response(ReadableStream.from(csvBytes(pages, locale)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="fix-${fixId}.csv"`,
      'cache-control': 'no-store',
    },
  });
}

async function* csvBytes(
  pages: AsyncIterable<readonly FixItemLine[]>,
  locale: Locale,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const { warning, fixExport, fixOutcome } = textsFor(locale);
  const names = (tags: readonly LocalizedText[]) => tags.map((tag) => tag[locale]).join('; ');
  const detail = (text: string | null) => (text === null ? '' : describeWriteRefusal(text, locale));
  const head = [
    fixExport.ref,
    warning.customer,
    fixExport.source,
    warning.before,
    warning.after,
    warning.outcome,
    fixExport.reason,
    warning.undoOutcome,
    fixExport.undoReason,
  ];
  yield encoder.encode(csvByteOrderMark + csvLine(head));
  for await (const page of pages) {
    const lines = page.map((item) =>
      csvLine([
        item.ref,
        item.name,
        item.sourceCode,
        names(item.before),
        names(item.after),
        fixOutcome[item.outcome],
        detail(item.detail),
        item.undoOutcome === null ? '' : fixOutcome[item.undoOutcome],
        detail(item.undoDetail),
      ]),
    );
    yield encoder.encode(lines.join(''));
  }
}
