import type { HistoryEntry } from '../bot/views.ts';
import type { HistoryNames } from '../bot/texts/history.ts';
import { describeAction } from './audit-words.ts';
import { Instant } from './parts.tsx';
import type { SignedIn } from './visitor.ts';
import { personName } from './words.ts';

/** What happened to a subject, in words, newest first. */
export function History(props: {
  readonly entries: readonly HistoryEntry[];
  readonly names: HistoryNames;
  readonly visitor: SignedIn;
}) {
  const { entries, names, visitor } = props;
  const { texts } = visitor;
  if (entries.length === 0) return <p class="note">{texts.warning.historyEmpty}</p>;
  return (
    <ol class="history">
      {entries.toReversed().map((entry) => {
        const { what, comment } = describeAction(entry, visitor, names);
        return (
          <li>
            <strong>
              {entry.actorCode === null
                ? texts.common.system
                : personName(entry.actorCode, names.people, visitor)}
            </strong>{' '}
            {what}
            {comment !== null && <p class="quote">{comment}</p>}
            <small>
              <Instant atMs={entry.atMs} visitor={visitor} />
              {` · ${throughText(entry.through, visitor)}`}
            </small>
          </li>
        );
      })}
    </ol>
  );
}

/** The door something came through, in words. */
export function throughText(through: string, visitor: SignedIn): string {
  const words: Readonly<Record<string, string>> = visitor.texts.warning.through;
  return words[through] ?? through;
}
