import type { Locale } from '../../domain/locale.ts';
import { readWriteRefusal } from '../../domain/write-refusal.ts';
import { textsFor } from './texts.ts';

/** Why a source did not take a change, in the reader's language; a source's own words stay as they are. */
export function describeWriteRefusal(detail: string, locale: Locale): string {
  const refusal = readWriteRefusal(detail);
  if (refusal === null) return detail;
  const { writeRefusal, parentheses } = textsFor(locale);
  const words = writeRefusal[refusal.kind];
  return refusal.subject === null ? words : `${words}${parentheses(refusal.subject)}`;
}
