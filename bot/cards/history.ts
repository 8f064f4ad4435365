import type { Person } from '../../domain/person.ts';
import { plain, strong, type Card, type Inline } from '../card.ts';
import { describeStep, type HistoryNames } from '../texts/history.ts';
import { personName } from '../texts/texts.ts';
import type { HistoryEntry } from '../views.ts';
import { createPen, requestUrl, warningUrl, type CardContext, type Pen } from './context.ts';

const entriesMax = 15;

export interface HistorySubject {
  readonly kind: 'warning' | 'request';
  readonly id: number;
  readonly entries: readonly HistoryEntry[];
  readonly names: HistoryNames;
}

/** Who did what and when, newest last. Private to the asker. */
export function historyCard(subject: HistorySubject, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const { history } = pen.texts;
  const title =
    subject.kind === 'warning' ? history.title(subject.id) : history.requestTitle(subject.id);
  const shown = subject.entries.slice(-entriesMax);
  const earlier = subject.entries.length - shown.length;
  return {
    locale: reader.locale,
    tint: 'grey',
    title,
    status: history.status(subject.entries.length),
    blocks:
      shown.length === 0
        ? [{ kind: 'text', text: [plain(history.empty)] }]
        : [
            {
              kind: 'list',
              title: history.list,
              items: shown.map((entry) => entryInlines(entry, subject.names, pen)),
              more: earlier > 0 ? history.earlier(earlier) : null,
            },
          ],
    buttons: [],
    menu: [],
    outcome: null,
    url: subject.kind === 'warning' ? warningUrl(pen, subject.id) : requestUrl(pen, subject.id),
    summary: title,
  };
}

function entryInlines(entry: HistoryEntry, names: HistoryNames, pen: Pen): readonly Inline[] {
  const { texts } = pen;
  const who =
    entry.actorCode === null
      ? texts.system
      : personName(entry.actorCode, names.people, pen.reader.locale);
  const { what, comment } = describeStep(entry, texts, pen.format, names);
  const through = Object.entries(texts.history.through).find(([name]) => name === entry.through);
  const door =
    entry.actorCode === null || through === undefined ? '' : texts.parentheses(through[1]);
  const said = comment === null ? '' : `${texts.colon}${texts.history.comment(comment)}`;
  return [
    plain(`${pen.format.dateTime(entry.atMs)}  `),
    strong(who),
    plain(` ${what}${door}${said}`),
  ];
}
