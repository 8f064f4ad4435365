import { z } from '@hono/zod-openapi';
import type { Undecided } from '../../domain/detect/undecided.ts';
import { fixOutcomes, resolutionCodes } from '../../domain/fix.ts';
import { severities } from '../../domain/severity.ts';
import { tagCategories, tagLevels, tagStatuses } from '../../domain/tag.ts';
import { closeReasons, dismissReasons } from '../../domain/warning.ts';

const pageLimitMax = 200;
const pageLimitDefault = 50;

export const instant = z.iso
  .datetime({ offset: true })
  .openapi({ example: '2026-11-22T01:00:00.000Z' });
export const localizedText = z
  .object({ 'zh-CN': z.string(), en: z.string() })
  .openapi('LocalizedText');
export const id = z.coerce.number().int().positive().max(2_147_483_647);
export const idParams = z.object({ id: id.openapi({ param: { name: 'id', in: 'path' } }) });

/** Pages by cursor: `nextCursor` of an answer is the `cursor` of the next request; null ends. */
export const pageQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,16}$/, 'a nextCursor of an earlier answer')
    .optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitDefault),
});
export const nextCursor = z.string().nullable();

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    reference: z.string().optional(),
  })
  .openapi('Problem');

const warningStateSchema = z
  .object({
    kind: z.enum(['open', 'claimed', 'fixing', 'verifying', 'closed']),
    by: z.string().nullable(),
    at: instant.nullable(),
    reason: z.enum(closeReasons).nullable(),
    fixId: z.number().int().nullable(),
  })
  .openapi('WarningState');

export const warningSchema = z
  .object({
    id: z.number().int(),
    ruleCode: z.string(),
    severity: z.enum(severities),
    state: warningStateSchema,
    ownerCode: z.string(),
    secondLineCode: z.string().nullable(),
    managerCode: z.string().nullable(),
    level: z.number().int(),
    customers: z.number().int(),
    openedAt: instant,
    claimDueAt: instant,
    closeDueAt: instant,
    snoozedUntil: instant.nullable(),
    version: z.number().int(),
    url: z.string(),
  })
  .openapi('Warning');

const evidenceTagSchema = z.object({
  name: localizedText,
  since: instant.nullable(),
  actor: z.string().nullable(),
  source: localizedText,
  importName: z.string().nullable(),
});

export const customerSchema = z
  .object({
    customerId: z.number().int(),
    ref: z.string(),
    name: z.string(),
    tags: z.array(evidenceTagSchema),
    missing: z.array(localizedText),
    reasons: z.array(localizedText),
    resolutions: z.array(z.enum(resolutionCodes)),
  })
  .openapi('WarningCustomer');

const fixCountsSchema = z.object({
  customers: z.number().int(),
  changed: z.number().int(),
  alreadySo: z.number().int(),
  changedMeanwhile: z.number().int(),
  refused: z.number().int(),
});

export const warningDetailSchema = warningSchema
  .extend({
    ruleName: localizedText,
    ruleKind: z.string(),
    pause: z
      .object({ from: instant, until: instant })
      .nullable()
      .describe('Its time stands still then, since nobody who could act is at work'),
    /** What can be done about all of it at once, the recommended one first. */
    resolutions: z.array(z.enum(resolutionCodes)),
    cause: z
      .object({
        kind: z.enum(['import', 'actor', 'department', 'source', 'rule']),
        /** Localized for departments, sources and rules. */
        name: z.union([z.string(), localizedText]),
        count: z.number().int(),
        of: z.number().int(),
        /** So many times its share among all who carry the tags; left out where that says little. */
        lift: z.number().optional(),
        ruleCode: z.string().optional().describe('Of a rule whose fixes put the tags on'),
      })
      .nullable(),
    fix: z
      .object({
        id: z.number().int(),
        state: z.enum(['planned', 'writing', 'written', 'undoing', 'undone']),
        counts: fixCountsSchema,
        requestedBy: z.string(),
        writtenAt: instant.nullable(),
        undoUntil: instant.nullable(),
        undoneBy: z.string().nullable(),
        undoCounts: fixCountsSchema.nullable(),
        /** Why customers are still in the warning after it; null where none is. */
        left: z
          .object({
            notFixed: z.number().int(),
            notTreated: z.number().int(),
            foundSince: z.number().int(),
          })
          .nullable(),
      })
      .nullable(),
    /** Findings of other rules that wait while this warning stands. */
    muted: z.array(z.object({ ruleCode: z.string(), findings: z.number().int() })),
  })
  .openapi('WarningDetail');

export const fixItemSchema = z
  .object({
    ref: z.string(),
    source: z.string(),
    before: z.array(localizedText),
    after: z.array(localizedText),
    outcome: z.enum(fixOutcomes),
    detail: z.string().nullable(),
    undoOutcome: z.enum(fixOutcomes).nullable(),
    undoDetail: z.string().nullable(),
  })
  .openapi('FixItem');

export const resolution = z.enum(resolutionCodes);
export const fixChoiceSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('all'), resolution }),
    z.object({ kind: z.literal('recommended') }),
    z.object({
      kind: z.literal('again').describe('As in an earlier fix, for those whom it left'),
      fixId: z.number().int().positive(),
    }),
    z.object({
      kind: z.literal('by-customer'),
      resolutions: z
        .array(z.object({ customerId: z.number().int().positive(), resolution }))
        .min(1)
        .max(10_000),
    }),
  ])
  .openapi('FixChoice');

export const dismissReason = z.enum(dismissReasons);

export const scanSchema = z
  .object({
    id: z.number().int(),
    kind: z.enum(['full', 'incremental', 'customers']),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    requestedBy: z.string().nullable(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    customers: z.number().int(),
    assignments: z.number().int(),
    findingsOpen: z.number().int(),
    findingsNew: z.number().int(),
    findingsGone: z.number().int(),
    shards: z.number().int(),
    shardsDone: z.number().int(),
    error: z.string().nullable(),
  })
  .openapi('Scan');

const undecidedCustomers = {
  customers: z.number().int(),
  missing: z
    .array(z.object({ attribute: z.string(), customers: z.number().int() }))
    .describe('Attributes by code, most first; one customer may lack several'),
};

export const undecidedSchema = z
  .object(undecidedCustomers)
  .describe('Customers of whom the rule could not tell, since attributes that decide are missing')
  .openapi('Undecided');

export const scanDetailSchema = scanSchema
  .extend({
    undecided: z
      .array(z.object({ ruleCode: z.string(), ...undecidedCustomers }))
      .describe('Rules that could not tell of some of its customers'),
  })
  .openapi('ScanDetail');

export function undecidedJson({ customers, missing }: Pick<Undecided, 'customers' | 'missing'>) {
  return {
    customers,
    missing: missing.map((one) => ({ attribute: one.attributeCode, customers: one.customers })),
  };
}

export const tagSchema = z
  .object({
    code: z.string(),
    name: localizedText,
    definition: localizedText,
    level: z.enum(tagLevels),
    category: z.enum(tagCategories),
    ownerCode: z.string(),
    status: z.enum(tagStatuses),
    sensitive: z.boolean(),
    /** Customers who carried it at the last full scan; null before the first. */
    customers: z.number().int().nullable(),
  })
  .openapi('Tag');

export const checkAnswerSchema = z
  .object({
    /** False where adding the tag brings a finding that was not there before. */
    allowed: z.boolean(),
    findings: z.array(
      z.object({
        ruleCode: z.string(),
        ruleKind: z.string(),
        ruleName: localizedText,
        severity: z.enum(severities),
        tags: z.array(z.object({ code: z.string(), name: localizedText })),
        advice: localizedText,
      }),
    ),
  })
  .openapi('CheckAnswer');

export const checkAnswersSchema = z
  .object({
    /** In the order of the question; `answer` is null where the mirror has no such customer. */
    answers: z.array(z.object({ customer: z.string(), answer: checkAnswerSchema.nullable() })),
  })
  .openapi('CheckAnswers');

export const ballot = z.enum(['approve', 'reject', 'abstain', 'recuse']);

export const requestSchema = z
  .object({
    id: z.number().int(),
    /** As in RequestProposal, or of kind exception. */
    proposal: z.unknown(),
    requesterCode: z.string(),
    reason: z.string(),
    state: z.string(),
    quorum: z.number().int(),
    votes: z.array(z.object({ by: z.string(), ballot, comment: z.string(), at: instant })),
    memberCodes: z.array(z.string()),
    createdAt: instant,
    dueAt: instant,
    version: z.number().int(),
    url: z.string(),
  })
  .openapi('TagRequest');

export const findingSchema = z
  .object({
    id: z.number().int(),
    ruleCode: z.string(),
    ruleKind: z.string(),
    /** null: it is on the dictionary itself. */
    customerRef: z.string().nullable(),
    /** Codes of the dictionary, or the source's name of a tag that is not in it; first tag first. */
    tags: z.array(z.string()),
    state: z.enum(['open', 'excepted', 'dismissed', 'gone']),
    warningId: z.number().int().nullable(),
    openedAt: instant,
    goneAt: instant.nullable(),
  })
  .openapi('Finding');

export const auditSchema = z
  .object({
    id: z.number().int(),
    at: instant,
    actorCode: z.string().nullable(),
    through: z.string(),
    action: z.string(),
    subjectKind: z.string(),
    subjectId: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    hash: z.string(),
  })
  .openapi('AuditRow');

/** Of an undo that has begun, by its fix or by its warning. */
export const undoAnswer = z.object({
  result: z.enum(['done', 'unchanged']),
  fixId: z.number().int(),
});
