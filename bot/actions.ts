import { z } from 'zod';

const warningId = z.int().positive();
const requestId = z.int().positive();
const fixId = z.int().positive();

/**
 * What a button carries: which action on which subject. It is data from outside when it comes back, so it is
 * parsed, and rights are checked again. `version` is that of the card it stood on.
 */
export const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('claim'), warningId }),
  z.object({ kind: z.literal('release'), warningId }),
  z.object({ kind: z.literal('open-fix'), warningId }),
  z.object({ kind: z.literal('fixed-by-hand'), warningId }),
  z.object({ kind: z.literal('open-dismiss'), warningId }),
  z.object({ kind: z.literal('open-except'), warningId }),
  z.object({ kind: z.literal('open-snooze'), warningId }),
  z.object({ kind: z.literal('open-reassign'), warningId }),
  z.object({ kind: z.literal('open-comment'), warningId }),
  z.object({ kind: z.literal('show-details'), warningId }),
  z.object({ kind: z.literal('show-history'), warningId }),
  z.object({ kind: z.literal('undo'), fixId }),
  z.object({
    kind: z.literal('open-vote'),
    requestId,
    ballot: z.enum(['approve', 'reject', 'abstain']),
  }),
  z.object({ kind: z.literal('withdraw-request'), requestId }),
  z.object({ kind: z.literal('open-request') }),
  z.object({ kind: z.literal('show-inbox') }),
]);
export type Action = z.infer<typeof actionSchema>;

/** What a form carries besides its fields. A form's fields arrive as text by field id. */
export const formActionSchema = z.discriminatedUnion('kind', [
  /** Field `resolution`: a resolution code, `both-right` or `by-customer`. Answered with the preview. */
  z.object({ kind: z.literal('choose-fix'), warningId }),
  /** Fields `customer-<id>`: a resolution code or `leave`. Answered with the preview. */
  z.object({ kind: z.literal('choose-fix-by-customer'), warningId }),
  /** The preview's confirmation; `choice` is a FixChoice as JSON. Only this one writes. */
  z.object({ kind: z.literal('confirm-fix'), warningId, choice: z.string() }),
  /** Fields `reason` (a DismissReason), `comment`. */
  z.object({ kind: z.literal('dismiss'), warningId }),
  /** Fields `until` (a date), `reason`. */
  z.object({ kind: z.literal('except'), warningId }),
  /** Field `hours`. */
  z.object({ kind: z.literal('snooze'), warningId }),
  /** Field `person` (a person code). */
  z.object({ kind: z.literal('reassign'), warningId }),
  /** Field `comment`. */
  z.object({ kind: z.literal('comment'), warningId }),
  /** Field `comment`. */
  z.object({
    kind: z.literal('vote'),
    requestId,
    ballot: z.enum(['approve', 'reject', 'abstain']),
  }),
  /** Field `what`: `create-tag` or `merge-tags`; answered with the form for it. */
  z.object({ kind: z.literal('choose-request') }),
  /** Fields `code`, `name`, `nameEn`, `definition`, `level`, `category`, `reason`. */
  z.object({ kind: z.literal('request-tag') }),
  /** Fields `from`, `into` (tag codes), `reason`. */
  z.object({ kind: z.literal('request-merge') }),
]);
export type FormAction = z.infer<typeof formActionSchema>;
