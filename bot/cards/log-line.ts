import type { Person } from '../../domain/person.ts';
import { describeStep, type HistoryNames } from '../texts/history.ts';
import { personName } from '../texts/texts.ts';
import type { HistoryEntry } from '../views.ts';
import { createPen } from './context.ts';

/** What happened to a warning, in one line for everybody who reads its card. */
export function logLine(entry: HistoryEntry, names: HistoryNames, reader: Person): string {
  const { texts, format } = createPen(reader, { publicUrl: '', nowMs: entry.atMs });
  const { what, comment } = describeStep(entry, texts, format, names);
  const said = comment === null ? '' : `${texts.colon}${texts.history.comment(comment)}`;
  if (entry.actorCode === null) return `${what.charAt(0).toUpperCase()}${what.slice(1)}${said}`;
  const who = personName(entry.actorCode, names.people, reader.locale);
  return `${who}${texts.sentenceGap}${what}${said}`;
}
