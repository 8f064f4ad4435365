import type { WarningState } from '../../domain/warning.ts';
import type { DeliveryPurpose, DeliverySubject } from '../channel.ts';
import { plain, type Card } from '../card.ts';
import { textsFor } from '../texts/texts.ts';
import type { FixView, ViewReader, WarningView } from '../views.ts';
import type { Person } from '../../domain/person.ts';
import { exceptionReminder } from '../../domain/exception.ts';
import { openQuestions } from '../../domain/request.ts';
import { assessmentCard, pointsCard } from './assessment.ts';
import { digestCard } from './digest.ts';
import { floodCard, floodReason } from './flood.ts';
import { floodForGroup, warningForGroup } from './group.ts';
import { reminderCard, type Reminder } from './reminder.ts';
import { reviewCard } from './review.ts';
import { requestCard } from './request.ts';
import { requestMessageCard } from './request-message.ts';
import { warningCard } from './warning.ts';

/** A card with the version of the subject that it shows; digests never change. */
export interface DrawnCard {
  readonly card: Card;
  readonly version: number;
  /** It shows how far a fix has come, which moves within a version. */
  readonly isMoving: boolean;
  /** What it is for is over: nobody who has no card of it yet needs one. */
  readonly isOver: boolean;
}

const digestVersion = 1;

interface DrawDependencies {
  readonly views: Pick<
    ViewReader,
    | 'warning'
    | 'request'
    | 'digest'
    | 'flood'
    | 'review'
    | 'assessment'
    | 'points'
    | 'unreached'
    | 'exceptionOf'
  >;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Draws what is delivered: the subject as it is now, for one reader. Null: there is no such subject. `olderStands`: an
 * older card of it stands above, which nobody can change any more, and this one says so.
 */
export function createDrawCard(dependencies: DrawDependencies) {
  const draw = createDrawSubject(dependencies);
  return async (
    subject: DeliverySubject,
    purpose: DeliveryPurpose,
    reader: Person,
    olderStands = false,
  ): Promise<DrawnCard | null> => {
    const drawn = await draw(subject, purpose, reader);
    if (drawn === null || !olderStands) return drawn;
    const { card } = drawn;
    const text = [plain(textsFor(card.locale).channel.olderStands)];
    return { ...drawn, card: { ...card, blocks: [...card.blocks, { kind: 'note', text }] } };
  };
}

function createDrawSubject(dependencies: DrawDependencies) {
  const { views, publicUrl, now } = dependencies;
  return async (
    subject: DeliverySubject,
    purpose: DeliveryPurpose,
    reader: Person,
  ): Promise<DrawnCard | null> => {
    const context = { publicUrl, nowMs: now() };
    switch (subject.kind) {
      case 'warning': {
        const view = await views.warning(subject.id);
        if (view === null) return null;
        if (purpose === 'reminder-unreached') {
          const unreached = await views.unreached(subject.id);
          if (unreached === null) return null;
          const { state, version } = view.warning;
          const card = reminderCard({ kind: 'unreached', view, unreached }, reader, context);
          return { card, version, isMoving: false, isOver: state.kind === 'closed' };
        }
        if (purpose.startsWith('reminder-exception-')) {
          const exception = await views.exceptionOf(subject.id);
          if (exception === null) return null;
          const isOver = exceptionReminder(exception.untilMs) !== purpose;
          const card = reminderCard({ kind: 'exception', view, exception }, reader, context);
          return { card, version: view.warning.version, isMoving: false, isOver };
        }
        const reminder = warningReminder(purpose, view);
        const shown = purpose === 'group' ? warningForGroup(view) : view;
        const card =
          reminder === null
            ? warningCard(shown, reader, context)
            : reminderCard(reminder, reader, context);
        const { state, version } = view.warning;
        const isOver =
          reminder === null ? state.kind === 'closed' : isPointless(reminder.kind, state);
        const isMoving = reminder === null && isWritten(view.fix);
        return { card, version, isMoving, isOver };
      }
      case 'request': {
        const view = await views.request(subject.id);
        if (view === null) return null;
        const { state } = view.request;
        // The workflow counts changes of state; what people say counts beside them.
        const version =
          view.request.version + view.messages.length + (view.backTest === null ? 0 : 1);
        const messageId = messageIdOf(purpose);
        if (messageId !== null) {
          const message = view.messages.find(({ id }) => id === messageId);
          if (message === undefined) return null;
          const isAnswered =
            message.kind === 'question' &&
            !openQuestions(view.messages).some(({ id }) => id === messageId);
          const card = requestMessageCard({ message, view }, reader, context);
          const isOver = isAnswered || state.kind !== 'voting';
          return { card, version, isMoving: false, isOver };
        }
        if (purpose === 'reminder-vote') {
          const card = reminderCard({ kind: 'vote', view }, reader, context);
          return { card, version, isMoving: false, isOver: state.kind !== 'voting' };
        }
        const isOver = purpose === 'vote' && state.kind !== 'voting';
        const card = requestCard(view, reader, context);
        return { card, version, isMoving: isWritten(view.fix), isOver };
      }
      case 'review': {
        const view = await views.review(subject.id);
        if (view === null) return null;
        const { version, closedAtMs } = view.review;
        const card = reviewCard({ view, as: reviewRole(purpose) }, reader, context);
        return { card, version, isMoving: false, isOver: closedAtMs !== null };
      }
      case 'flood': {
        const view = await views.flood(subject.id);
        if (view === null) return null;
        const reason = floodReason(purpose);
        const { version, standing, unclaimed } = view;
        const isOver = reason === 'claim' ? unclaimed === 0 : standing === 0;
        const shown = purpose === 'group' ? floodForGroup(view) : view;
        const card = floodCard({ view: shown, reason }, reader, context);
        return { card, version, isMoving: false, isOver };
      }
      case 'assessment': {
        const view = await views.assessment(subject.id);
        if (view === null) return null;
        const { version } = view;
        const card = assessmentCard(view, reader, context);
        return { card, version, isMoving: false, isOver: false };
      }
      case 'points': {
        const view = await views.points(subject.id, reader);
        if (view === null) return null;
        const { state } = view.points;
        const isWaiting = state.kind === 'contested';
        const isOver = purpose === 'decide' && !isWaiting;
        const card = pointsCard(view, reader, context);
        return { card, version: isWaiting ? 1 : 2, isMoving: false, isOver };
      }
      case 'digest': {
        const view = await views.digest(subject.id);
        return view === null
          ? null
          : {
              card: digestCard(view, reader, context),
              version: digestVersion,
              isMoving: false,
              isOver: false,
            };
      }
    }
  };
}

function reviewRole(purpose: DeliveryPurpose): 'owner' | 'reminder' | 'progress' {
  if (purpose === 'review-progress') return 'progress';
  return purpose === 'review' ? 'owner' : 'reminder';
}

function isWritten(fix: FixView | null): boolean {
  return fix?.state === 'writing' || fix?.state === 'undoing';
}

/** Of purposes that name what was said about a request. */
function messageIdOf(purpose: DeliveryPurpose): number | null {
  const id = /^(?:question|answer|rival)-(?<id>\d{1,10})$/u.exec(purpose)?.groups?.['id'];
  return id === undefined ? null : Number(id);
}

type WarningReminder = Extract<Reminder, { kind: 'claim' | 'close' | 'still' | 'repeat' | 'news' }>;

/** A reminder of what has been done meanwhile is not sent. */
function isPointless(kind: WarningReminder['kind'], state: WarningState): boolean {
  if (kind === 'still') return state.kind !== 'claimed' || state.answerByMs === undefined;
  return kind === 'close' ? state.kind === 'closed' : state.kind !== 'open';
}

const reminderPurpose =
  /^reminder-(?<kind>claim|close|still|repeat|news)-\d{1,10}(?:-(?<more>\d{1,10}))?$/u;

function warningReminder(purpose: DeliveryPurpose, view: WarningView): WarningReminder | null {
  const { kind, more } = reminderPurpose.exec(purpose)?.groups ?? {};
  if (kind === 'news') return { kind, view, more: Number(more) };
  if (kind === 'repeat') return { kind, view };
  return kind === 'claim' || kind === 'close' || kind === 'still' ? { kind, view } : null;
}
