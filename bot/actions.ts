import { z } from 'zod';
import { resolutionCodes } from '../domain/fix.ts';

/** Customers that are decided one by one on one form. */
export const customersPerFormMax = 20;
/** What was decided is carried from page to page; as many at once are shown to be confirmed before more follow. */
export const carriedDecisionsMax = 60;
/** What customers on such a form are found by. */
export const findCharsMax = 60;

const warningId = z.int().positive();
const requestId = z.int().positive();
const fixId = z.int().positive();
const reviewId = z.int().positive();
const messageId = z.int().positive();
const pointsId = z.int().positive();

/**
 * What a button carries: which action on which subject. It is data from outside when it comes back, so it is
 * parsed, and rights are checked again. `version` is that of the card it stood on.
 */
export const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('claim'), warningId }),
  z.object({ kind: z.literal('still-on-it'), warningId }),
  z.object({ kind: z.literal('release'), warningId }),
  z.object({ kind: z.literal('open-release'), warningId }),
  z.object({ kind: z.literal('open-fix'), warningId }),
  z.object({ kind: z.literal('fixed-by-hand'), warningId }),
  z.object({ kind: z.literal('open-fixed-by-hand'), warningId }),
  z.object({ kind: z.literal('open-dismiss'), warningId }),
  z.object({ kind: z.literal('open-except'), warningId }),
  z.object({ kind: z.literal('open-prolong'), warningId }),
  z.object({ kind: z.literal('open-snooze'), warningId }),
  z.object({ kind: z.literal('open-reassign'), warningId }),
  z.object({ kind: z.literal('open-escalate'), warningId }),
  z.object({ kind: z.literal('open-comment'), warningId }),
  z.object({ kind: z.literal('show-details'), warningId }),
  z.object({ kind: z.literal('show-history'), warningId }),
  z.object({ kind: z.literal('undo'), fixId }),
  z.object({ kind: z.literal('open-fix-again'), warningId, fixId }),
  z.object({ kind: z.literal('turn-off-auto-fix'), warningId }),
  z.object({
    kind: z.literal('open-vote'),
    requestId,
    ballot: z.enum(['approve', 'reject', 'abstain', 'recuse']),
  }),
  z.object({ kind: z.literal('withdraw-request'), requestId }),
  z.object({ kind: z.literal('open-withdraw-request'), requestId }),
  z.object({ kind: z.literal('open-ask'), requestId }),
  z.object({ kind: z.literal('open-answer'), requestId, questionId: messageId }),
  z.object({ kind: z.literal('open-request-comment'), requestId }),
  z.object({ kind: z.literal('show-request-history'), requestId }),
  z.object({ kind: z.literal('open-request') }),
  z.object({ kind: z.literal('review-keep-all'), reviewId }),
  z.object({ kind: z.literal('open-review'), reviewId }),
  z.object({ kind: z.literal('show-inbox') }),
  z.object({ kind: z.literal('open-preferences') }),
  z.object({ kind: z.literal('open-contest') }),
  z.object({ kind: z.literal('open-decide-points'), pointsId }),
]);
export type Action = z.infer<typeof actionSchema>;

/** What a form carries besides its fields. A form's fields arrive as text by field id. */
export const formActionSchema = z.discriminatedUnion('kind', [
  /** Field `resolution`: a resolution code, `both-right` or `by-customer`. Answered with the preview. */
  z.object({ kind: z.literal('choose-fix'), warningId }),
  /**
   * Fields `customer-<id>`: a resolution code or `leave`; `find`: part of a number or name; `page`: an offset.
   * Answered with the customers that were asked for; without such a wish with the preview of all that was decided,
   * and where nothing was, with the customers after these. `offset` is how many came before the first of the form,
   * `text` what they were found by, `decided` whose resolution was chosen on forms before, by id.
   */
  z.object({
    kind: z.literal('choose-fix-by-customer'),
    warningId,
    offset: z.int().nonnegative(),
    text: z.string().max(findCharsMax).default(''),
    decided: z
      .partialRecord(z.enum(resolutionCodes), z.array(z.int().positive()).max(carriedDecisionsMax))
      .default({}),
  }),
  /** The preview's confirmation; `choice` is a ConfirmedFix as JSON. Only this one writes. */
  z.object({ kind: z.literal('confirm-fix'), warningId, choice: z.string() }),
  z.object({ kind: z.literal('release'), warningId }),
  z.object({ kind: z.literal('fixed-by-hand'), warningId }),
  /** Fields `reason` (a DismissReason), `comment`. */
  z.object({ kind: z.literal('dismiss'), warningId }),
  /** Fields `until` (a date), `reason`. */
  z.object({ kind: z.literal('except'), warningId }),
  /** Fields `until` (a date), `reason`: a request to let the warning's exception last longer. */
  z.object({ kind: z.literal('prolong'), warningId }),
  /** Field `hours`. */
  z.object({ kind: z.literal('snooze'), warningId }),
  /** Field `person` (a person's code or name). */
  z.object({ kind: z.literal('reassign'), warningId }),
  /** Field `reason`. */
  z.object({ kind: z.literal('escalate'), warningId }),
  /** Field `comment`. */
  z.object({ kind: z.literal('comment'), warningId }),
  /** Field `comment`. */
  z.object({
    kind: z.literal('vote'),
    requestId,
    ballot: z.enum(['approve', 'reject', 'abstain', 'recuse']),
  }),
  z.object({ kind: z.literal('withdraw-request'), requestId }),
  /** Field `comment`. */
  z.object({ kind: z.literal('ask'), requestId }),
  /** Field `comment`. */
  z.object({ kind: z.literal('answer'), requestId, questionId: messageId }),
  /** Field `comment`. */
  z.object({ kind: z.literal('comment-request'), requestId }),
  /** Field `what`, one of `askedKinds`; answered with the form for it. */
  z.object({ kind: z.literal('choose-request') }),
  /**
   * Fields `code`, `name`, `nameEn`, `definition`, `level`, `category`, `reason`. Unless `similarSeen`, tags that
   * may already mean this are shown first, on the same form filled in.
   */
  z.object({ kind: z.literal('request-tag'), similarSeen: z.boolean() }),
  /** Fields `from`, `into` (tag codes), `reason`. Unless `similarSeen`, what it would do is shown first, likewise. */
  z.object({ kind: z.literal('request-merge'), similarSeen: z.boolean() }),
  /** Fields `from` (a tag code), `reason`; likewise. */
  z.object({ kind: z.literal('request-retire'), similarSeen: z.boolean() }),
  /** Field `tag` (a code or name); answered with the form for a change of it. */
  z.object({ kind: z.literal('choose-tag-to-change') }),
  /** Fields as in commands/fill-proposal.ts; `tag` where an earlier form asked for it. Similar tags as above. */
  z.object({
    kind: z.literal('request-change'),
    what: z.enum(['activate', 'change', 'rename', 'owner', 'split', 'deprecate', 'rule']),
    tag: z.string().max(200),
    similarSeen: z.boolean(),
  }),
  /** Fields `points` (an id), `reason`. */
  z.object({ kind: z.literal('contest') }),
  /** Fields `decision`, `answer`. */
  z.object({ kind: z.literal('decide-points'), pointsId }),
  /** Field `retire`: tags by code or name, one a line; the asker's other tags are kept. */
  z.object({ kind: z.literal('answer-review'), reviewId }),
  /** Fields `language`, `quietFrom`, `quietUntil`, `quietDays`, `place`, `email`. */
  z.object({ kind: z.literal('set-preferences') }),
]);
export type FormAction = z.infer<typeof formActionSchema>;

const resolutionCode = z.enum(resolutionCodes);

/** What a person confirms: a FixChoice and how many customers the preview said would change. */
export const confirmedFixSchema = z.object({
  customers: z.int().nonnegative(),
  choice: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all'), resolution: resolutionCode }),
    z.object({ kind: z.literal('recommended') }),
    z.object({ kind: z.literal('again'), fixId }),
    z.object({
      kind: z.literal('by-customer'),
      resolutions: z
        .array(z.object({ customerId: z.int().positive(), resolution: resolutionCode }))
        .min(1)
        .max(carriedDecisionsMax + customersPerFormMax),
    }),
  ]),
});
export type ConfirmedFix = z.infer<typeof confirmedFixSchema>;
