import {
  doorRefusal,
  openQuestions,
  talkRefusal,
  voteRefusal,
  withdrawalRefusal,
  type SaidKind,
  type TalkRefusal,
} from '../../domain/request.ts';
import type { Action } from '../actions.ts';
import { inboxCard } from '../cards/answers.ts';
import { ballotOf } from '../cards/request.ts';
import { detailsCard } from '../cards/details.ts';
import { historyCard } from '../cards/history.ts';
import { reviewForm } from '../forms/review.ts';
import { reviewWords } from '../texts/review.ts';
import { fixForm } from '../forms/fix.ts';
import { chooseRequestForm } from '../forms/new-request.ts';
import { talkForm, voteForm, withdrawForm } from '../forms/request.ts';
import {
  commentForm,
  confirmForm,
  dismissForm,
  escalateForm,
  exceptForm,
  prolongForm,
  reassignForm,
  snoozeForm,
} from '../forms/warning.ts';
import type { Form } from '../form.ts';
import type { Reply } from '../interaction.ts';
import type { RequestView } from '../views.ts';
import {
  answer,
  askIfPossible,
  form,
  refused,
  rightTo,
  turnDown,
  withRequest,
  withWarning,
  type Desk,
} from './desk.ts';
import { askForDecision, askWhatToContest } from './assessment.ts';
import { preview } from './fix-forms.ts';
import { askPreferences } from './preferences.ts';

const inboxMax = 10;

/** What a button does. */
export async function press(desk: Desk, action: Action): Promise<Reply> {
  const { actor, commands, context, pen, texts, views, cardContext } = desk;
  const { person } = actor;
  switch (action.kind) {
    case 'claim':
      return answer(
        desk,
        await commands.claimWarning(context, actor, { warningId: action.warningId }),
        () => texts.reply.claimed,
      );
    case 'still-on-it':
      return answer(
        desk,
        await commands.confirmClaim(context, actor, { warningId: action.warningId }),
        () => texts.reply.stillOnIt,
      );
    case 'release':
      return answer(
        desk,
        await commands.releaseWarning(context, actor, { warningId: action.warningId }),
        () => texts.reply.released,
      );
    case 'fixed-by-hand':
      return answer(
        desk,
        await commands.reportFixedByHand(context, actor, { warningId: action.warningId }),
        () => texts.reply.checking,
      );
    case 'undo':
      return answer(
        desk,
        await commands.undoFix(context, actor, { fixId: action.fixId }),
        () => texts.reply.undoing,
      );
    case 'turn-off-auto-fix':
      return answer(
        desk,
        await commands.turnOffAutoFix(context, actor, { warningId: action.warningId }),
        () => texts.reply.autoFixTurnedOff,
      );
    case 'withdraw-request':
      return answer(
        desk,
        await commands.withdrawRequest(context, actor, { requestId: action.requestId }),
        () => texts.reply.withdrawn,
      );
    case 'open-fix':
      return askIfPossible(desk, action.warningId, 'fix', (view) =>
        view.resolutions.length === 0 ? refused(texts.reply.needsCrm) : form(fixForm(view, pen)),
      );
    case 'open-fix-again': {
      const choice = { kind: 'again', fixId: action.fixId } as const;
      return askIfPossible(desk, action.warningId, 'fix', (view) => preview(desk, view, choice));
    }
    case 'open-release':
      return askIfPossible(desk, action.warningId, 'release', (view) =>
        form(confirmForm(view, 'release', pen)),
      );
    case 'open-fixed-by-hand':
      return askIfPossible(desk, action.warningId, 'fixed-by-hand', (view) =>
        form(confirmForm(view, 'fixed-by-hand', pen)),
      );
    case 'open-dismiss':
      return askIfPossible(desk, action.warningId, 'dismiss', (view) =>
        form(dismissForm(view, pen)),
      );
    case 'open-except':
      return askIfPossible(desk, action.warningId, 'except', (view) => form(exceptForm(view, pen)));
    case 'open-prolong':
      return askToProlong(desk, action.warningId);
    case 'open-snooze':
      return askIfPossible(desk, action.warningId, 'snooze', (view) => form(snoozeForm(view, pen)));
    case 'open-reassign':
      return askIfPossible(desk, action.warningId, 'reassign', async (view) =>
        form(reassignForm(view, await views.people(), pen)),
      );
    case 'open-escalate':
      return askIfPossible(desk, action.warningId, 'escalate', (view) =>
        form(escalateForm(view, pen)),
      );
    case 'open-comment':
      return askIfPossible(desk, action.warningId, 'comment', (view) =>
        form(commentForm(view, pen)),
      );
    case 'show-details':
      return withWarning(desk, action.warningId, (view) => ({
        kind: 'card',
        card: detailsCard(view, person, cardContext),
      }));
    case 'show-history':
      return withWarning(desk, action.warningId, async ({ warning, people, groups }) => {
        const entries = await views.history({ kind: 'warning', id: warning.id });
        const subject = {
          kind: 'warning' as const,
          id: warning.id,
          entries,
          names: { people, groups },
        };
        return { kind: 'card', card: historyCard(subject, person, cardContext) };
      });
    case 'show-request-history':
      return withRequest(desk, action.requestId, async ({ request, people }) => {
        const entries = await views.history({ kind: 'request', id: request.id });
        const subject = {
          kind: 'request' as const,
          id: request.id,
          entries,
          names: { people, groups: [] },
        };
        return { kind: 'card', card: historyCard(subject, person, cardContext) };
      });
    case 'review-keep-all':
      return answer(
        desk,
        await commands.answerReview(context, actor, {
          reviewId: action.reviewId,
          keep: [],
          retire: [],
          keepRest: true,
        }),
        ({ keep, retire }) =>
          reviewWords[pen.reader.locale].done(pen.format.number(keep), pen.format.number(retire)),
      );
    case 'open-review':
      return form(reviewForm(action.reviewId, pen));
    case 'open-vote':
      return withRequest(desk, action.requestId, (view) => {
        const cast = { ...ballotOf(view, person, pen.nowMs), ballot: action.ballot };
        const refusal = voteRefusal(view.request, cast) ?? doorRefusal(view.request, actor.through);
        return refusal === null
          ? form(voteForm(view, action.ballot, pen))
          : turnDown(desk, attemptOn(view, 'vote'), refusal);
      });
    case 'open-withdraw-request':
      return withRequest(desk, action.requestId, (view) => {
        const refusal = withdrawalRefusal(view.request, person, view.people);
        return refusal === null
          ? form(withdrawForm(view, pen))
          : turnDown(desk, attemptOn(view, 'withdraw'), refusal);
      });
    case 'open-ask':
      return askToTalk(desk, action.requestId, 'question', (view) =>
        talkForm(view, { kind: 'ask' }, pen),
      );
    case 'open-request-comment':
      return askToTalk(desk, action.requestId, 'comment', (view) =>
        talkForm(view, { kind: 'comment-request' }, pen),
      );
    case 'open-answer':
      return askToTalk(desk, action.requestId, 'answer', (view) => {
        const { questionId } = action;
        const isOpen = openQuestions(view.messages).some(({ id }) => id === questionId);
        return isOpen
          ? talkForm(view, { kind: 'answer', questionId }, pen)
          : { kind: 'already-answered' };
      });
    case 'open-request':
      return form(chooseRequestForm(pen));
    case 'show-inbox':
      return showInbox(desk);
    case 'open-preferences':
      return askPreferences(desk);
    case 'open-contest':
      return askWhatToContest(desk);
    case 'open-decide-points':
      return askForDecision(desk, action.pointsId);
  }
}

async function askToProlong(desk: Desk, warningId: number): Promise<Reply> {
  return withWarning(desk, warningId, async (view) => {
    const attempt = {
      action: 'prolong-exception',
      subjectKind: 'warning',
      subjectId: String(warningId),
    } as const;
    const right = rightTo(desk, view, 'except');
    if (right.kind !== 'allowed') return turnDown(desk, attempt, right);
    const standing = await desk.views.exceptionOf(warningId);
    return standing === null
      ? turnDown(desk, attempt, { kind: 'not-found', what: 'exception', id: String(warningId) })
      : form(prolongForm(view, standing, desk.pen));
  });
}

/** Asks only what may be said now; the command looks again. */
async function askToTalk(
  desk: Desk,
  requestId: number,
  kind: SaidKind,
  ask: (view: RequestView) => Form | TalkRefusal,
): Promise<Reply> {
  return withRequest(desk, requestId, (view) => {
    const asked =
      talkRefusal(view.request, { person: desk.actor.person, kind, people: view.people }) ??
      ask(view);
    return 'fields' in asked ? form(asked) : turnDown(desk, attemptOn(view, kind), asked);
  });
}

function attemptOn({ request }: RequestView, action: string) {
  return { action, subjectKind: 'request', subjectId: String(request.id) } as const;
}

/** The asker's open warnings, as far as a chat can show them. */
export async function showInbox(desk: Desk): Promise<Reply> {
  const { person } = desk.actor;
  const found = await desk.views.openWarnings(person.code, inboxMax + 1);
  const shown = found.slice(0, inboxMax);
  return {
    kind: 'card',
    card: inboxCard(shown, found.length > shown.length, person, desk.cardContext),
  };
}
