import { answerQuestion } from '../../commands/answer-question.ts';
import { contestPoints, decidePoints } from '../../commands/assessment.ts';
import { answerReview } from '../../commands/answer-review.ts';
import { askRequester } from '../../commands/ask-requester.ts';
import { checkTags } from '../../commands/check-tags.ts';
import { claimWarning } from '../../commands/claim-warning.ts';
import { commentOnRequest } from '../../commands/comment-on-request.ts';
import { commentOnWarning } from '../../commands/comment-on-warning.ts';
import { createSignInLink } from '../../commands/create-sign-in-link.ts';
import { dismissWarning } from '../../commands/dismiss-warning.ts';
import { escalateWarning } from '../../commands/escalate-warning.ts';
import { exceptWarning } from '../../commands/except-warning.ts';
import { fixWarning } from '../../commands/fix-warning.ts';
import { keepDraft } from '../../commands/keep-draft.ts';
import { reassignWarning } from '../../commands/reassign-warning.ts';
import { confirmClaim } from '../../commands/confirm-claim.ts';
import { auditRefusal } from '../../commands/refused.ts';
import { prolongException } from '../../commands/prolong-exception.ts';
import { releaseWarning } from '../../commands/release-warning.ts';
import { reportFixedByHand } from '../../commands/report-fixed-by-hand.ts';
import { sendDigest } from '../../commands/send-digest.ts';
import { setPreferences } from '../../commands/set-preferences.ts';
import { snoozeWarning } from '../../commands/snooze-warning.ts';
import { startScan } from '../../commands/start-scan.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { turnOffAutoFix } from '../../commands/turn-off-auto-fix.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import { withdrawRequest } from '../../commands/withdraw-request.ts';

/** Everything a person can do from a chat. */
export const allCommands = {
  answerQuestion,
  answerReview,
  askRequester,
  auditRefusal,
  checkTags,
  claimWarning,
  commentOnRequest,
  commentOnWarning,
  createSignInLink,
  dismissWarning,
  escalateWarning,
  exceptWarning,
  fixWarning,
  keepDraft,
  reassignWarning,
  confirmClaim,
  contestPoints,
  decidePoints,
  prolongException,
  releaseWarning,
  reportFixedByHand,
  sendDigest,
  setPreferences,
  snoozeWarning,
  startScan,
  submitRequest,
  turnOffAutoFix,
  undoFix,
  voteOnRequest,
  withdrawRequest,
};
export type Commands = typeof allCommands;
