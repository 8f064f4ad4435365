import type { Person } from '../../domain/person.ts';
import { plain, strong, type Block, type Card } from '../card.ts';
import type { RequestView, Unreached, WarningException, WarningView } from '../views.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { personName, shorten } from '../texts/texts.ts';
import {
  createPen,
  personInline,
  requestUrl,
  warningUrl,
  type CardContext,
  type Pen,
} from './context.ts';
import { requestCard, requestTitle } from './request.ts';
import { nextTargetWords } from './escalation.ts';
import { problemBlocks, warningTint, warningTitle } from './warning.ts';
import { warningButtons } from './warning-buttons.ts';
import { affectedWords } from './warning-words.ts';

const reasonCharsMax = 200;

/** Of what somebody is reminded. */
export type Reminder =
  | { readonly kind: 'claim' | 'close' | 'still'; readonly view: WarningView }
  /** Nobody has taken it yet. */
  | { readonly kind: 'repeat'; readonly view: WarningView }
  /** So many more customers than the reader was last told of. */
  | { readonly kind: 'news'; readonly view: WarningView; readonly more: number }
  /** Somebody else cannot be reached, and the reader may act in their place. */
  | { readonly kind: 'unreached'; readonly view: WarningView; readonly unreached: Unreached }
  /** What is excepted will be looked at again soon. */
  | {
      readonly kind: 'exception';
      readonly view: WarningView;
      readonly exception: WarningException;
    }
  | { readonly kind: 'vote'; readonly view: RequestView };

/** A short private word about a deadline or about news, with the buttons to act on it at once. */
export function reminderCard(reminder: Reminder, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  switch (reminder.kind) {
    case 'vote':
      return voteReminder(reminder.view, pen, requestCard(reminder.view, reader, context));
    case 'still':
      return claimQuestion(reminder.view, pen);
    case 'unreached':
      return unreachedReminder(reminder, pen);
    case 'exception':
      return exceptionReminder(reminder, pen);
    case 'news':
    case 'repeat':
      return toldAgain(reminder, pen);
    case 'claim':
    case 'close':
      return warningReminder({ kind: reminder.kind, view: reminder.view }, pen);
    default:
      return assertNever(reminder);
  }
}

function exceptionReminder(
  { view, exception }: Extract<Reminder, { kind: 'exception' }>,
  pen: Pen,
): Card {
  const { texts, format } = pen;
  const { untilMs, customers, reason, grantedByCode } = exception;
  const { id } = view.warning;
  const title = `${texts.reminder.exceptionTitle} · ${warningTitle(view, pen)}`;
  const count = customers === 0 ? view.warning.customers : customers;
  const words = texts.reminder.exception(count, format.date(untilMs - 1));
  return {
    locale: pen.reader.locale,
    tint: 'blue',
    title,
    status: format.date(untilMs - 1),
    blocks: [
      text(strong(words)),
      {
        kind: 'facts',
        facts: [
          { label: texts.request.reason, value: [plain(shorten(reason, reasonCharsMax))] },
          {
            label: texts.reminder.grantedBy,
            value: [personInline(pen, grantedByCode, view.people)],
          },
        ],
      },
      { kind: 'note', text: [plain(texts.reminder.exceptionNext)] },
    ],
    buttons: [
      {
        label: texts.button.prolong,
        style: 'default',
        action: { kind: 'open-prolong', warningId: id },
        confirm: null,
      },
    ],
    menu: [],
    outcome: null,
    url: warningUrl(pen, id),
    summary: `${title}${texts.colon}${words}`,
  };
}

function unreachedReminder(
  { view, unreached }: Extract<Reminder, { kind: 'unreached' }>,
  pen: Pen,
): Card {
  const { texts } = pen;
  const { personCode, channel, failure } = unreached;
  const name = personName(personCode, view.people, pen.reader.locale);
  const title = `${texts.reminder.unreachedTitle} · ${warningTitle(view, pen)}`;
  const where = texts.channelName[channel];
  const words = texts.reminder.unreached(name, where, texts.undelivered[failure]);
  return {
    locale: pen.reader.locale,
    tint: warningTint(view),
    title,
    status: pen.format.dateTime(view.warning.closeDueAtMs),
    blocks: [
      text(strong(words)),
      ...problemBlocks(view, pen).slice(0, 1),
      { kind: 'note', text: [plain(texts.reminder.unreachedNext(name))] },
    ],
    ...warningButtons(view, pen),
    outcome: null,
    url: warningUrl(pen, view.warning.id),
    summary: `${title}${texts.colon}${words}`,
  };
}

/** Asks a claimer of whom nothing was heard for long; once answered it says no more than that. */
function claimQuestion(view: WarningView, pen: Pen): Card {
  const { state, closeDueAtMs, id } = view.warning;
  const { texts, format } = pen;
  const isAsked = state.kind === 'claimed' && state.answerByMs !== undefined;
  const dueAtMs = isAsked ? (state.answerByMs ?? closeDueAtMs) : closeDueAtMs;
  const words = isAsked
    ? texts.reminder.still(format.dateTime(state.atMs), format.dateTime(dueAtMs))
    : texts.reminder.stillOver;
  const title = `${texts.reminder.stillTitle} · ${warningTitle(view, pen)}`;
  return {
    locale: pen.reader.locale,
    tint: warningTint(view),
    title,
    status: format.dateTime(dueAtMs),
    blocks: [text(strong(words)), ...problemBlocks(view, pen).slice(0, 1)],
    ...warningButtons(view, pen),
    outcome: null,
    url: warningUrl(pen, id),
    summary: `${title}${texts.colon}${words}`,
  };
}

/** Of a warning that nobody has taken: more of it, or that it still waits. */
function toldAgain(reminder: Extract<Reminder, { kind: 'news' | 'repeat' }>, pen: Pen): Card {
  const { view } = reminder;
  const { id, customers, claimDueAtMs } = view.warning;
  const { texts, format } = pen;
  const isNews = reminder.kind === 'news';
  const what = isNews ? texts.reminder.newsTitle : texts.reminder.repeatTitle;
  const due = format.dateTime(claimDueAtMs);
  const words = isNews
    ? texts.reminder.news(
        { count: reminder.more, words: affectedWords(view, reminder.more, pen) },
        affectedWords(view, customers, pen),
      )
    : claimDueAtMs <= pen.nowMs
      ? texts.reminder.overdue(due)
      : texts.reminder.repeat(due);
  const title = `${what} · ${warningTitle(view, pen)}`;
  return {
    locale: pen.reader.locale,
    tint: warningTint(view),
    title,
    status: due,
    blocks: [text(strong(words)), ...problemBlocks(view, pen).slice(0, 1)],
    ...warningButtons(view, pen),
    outcome: null,
    url: warningUrl(pen, id),
    summary: `${title}${texts.colon}${words}`,
  };
}

function warningReminder(
  reminder: { readonly kind: 'claim' | 'close'; readonly view: WarningView },
  pen: Pen,
): Card {
  const { view, kind } = reminder;
  const { warning } = view;
  const { texts } = pen;
  const dueAtMs = kind === 'claim' ? warning.claimDueAtMs : warning.closeDueAtMs;
  const next = nextTargetWords(kind, view, pen);
  const isOverdue = dueAtMs <= pen.nowMs;
  const what = kind === 'claim' ? texts.reminder.claimTitle : texts.reminder.closeTitle;
  const title = `${isOverdue ? texts.reminder.overdueTitle : what} · ${warningTitle(view, pen)}`;
  const words = timeWords(kind, dueAtMs, pen);
  const blocks: Block[] = [text(strong(words)), ...problemBlocks(view, pen).slice(0, 1)];
  if (!isOverdue && next !== null) {
    const consequence = kind === 'claim' ? texts.reminder.claimNext : texts.reminder.closeNext;
    blocks.push({ kind: 'note', text: [plain(consequence(next))] });
  }
  return {
    locale: pen.reader.locale,
    tint: warningTint(view),
    title,
    status: pen.format.dateTime(dueAtMs),
    blocks,
    ...warningButtons(view, pen),
    outcome: null,
    url: warningUrl(pen, warning.id),
    summary: `${title}${texts.colon}${words}`,
  };
}

function voteReminder(view: RequestView, pen: Pen, full: Card): Card {
  const { request } = view;
  const { texts } = pen;
  const title = `${texts.reminder.voteTitle} · ${requestTitle(view, pen)}`;
  const words = timeWords('vote', request.dueAtMs, pen);
  return {
    ...full,
    title,
    status: pen.format.dateTime(request.dueAtMs),
    blocks: [
      text(strong(words)),
      ...full.blocks.slice(0, 1),
      { kind: 'note', text: [plain(texts.reminder.voteNext)] },
    ],
    outcome: null,
    url: requestUrl(pen, request.id),
    summary: `${title}${texts.colon}${words}`,
  };
}

function timeWords(kind: 'claim' | 'close' | 'vote', dueAtMs: number, pen: Pen): string {
  const due = pen.format.dateTime(dueAtMs);
  return dueAtMs <= pen.nowMs
    ? pen.texts.reminder.overdue(due)
    : pen.texts.reminder[kind](pen.format.duration(dueAtMs - pen.nowMs), due);
}

function text(...inlines: Extract<Block, { kind: 'text' }>['text']): Block {
  return { kind: 'text', text: inlines };
}
