import { z } from '@hono/zod-openapi';
import { conditionSchema, type ConditionEntry } from '../../config/schema/condition.ts';
import { ruleEntry } from '../../config/schema/rules.ts';
import { toCondition, toRule } from '../../config/translate.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Attribute } from '../../domain/condition.ts';
import { batchItemsMax, type AskedProposal, type AskedSingle } from '../../domain/request.ts';
import { tagCategories, tagLevels } from '../../domain/tag.ts';

const shortText = z.string().trim().min(1).max(200);
const longText = z.string().trim().min(1).max(2_000);
const name = z.object({ 'zh-CN': shortText, en: shortText });
const definition = z.object({ 'zh-CN': longText, en: longText });
const days = z.number().int().min(1).max(36_500).nullable();
const departmentCodes = z.array(shortText).max(100);

/** Conditions nest without end, which OpenAPI cannot say of a schema without a name of its own. */
const condition = z
  .unknown()
  .transform((value, context): ConditionEntry => {
    const read = conditionSchema.safeParse(value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
    }
    return z.NEVER;
  })
  .openapi({
    type: 'object',
    description:
      'As tags.yaml declares criteria: {"attribute": "spend_12m", "atLeast": 100000}, joined by all, any and not',
  });

const splitPart = z.object({ code: shortText, name, definition });

const singleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('create-tag'),
    code: shortText,
    name,
    definition,
    level: z.enum(tagLevels).default('main'),
    category: z.enum(tagCategories).default('basic'),
    departmentCodes: departmentCodes.default([]),
    /** @default the requester */
    ownerCode: shortText.optional(),
    lifeDays: days.default(null),
    parentCode: shortText.nullable().default(null),
    confirmEveryDays: days.default(null),
    criteria: condition.nullable().default(null),
    sensitive: z.boolean().default(false),
    /** Of a sensitive tag: who sees it without using it. */
    seenByDepartmentCodes: departmentCodes.default([]),
  }),
  /** A proposed tag comes into use, or a deprecated or archived one back into it. */
  z.object({ kind: z.literal('activate-tag'), code: shortText }),
  z.object({
    kind: z.literal('change-tag'),
    code: shortText,
    /** Only what is to be other than it is. */
    after: z.strictObject({
      name: name.optional(),
      definition: definition.optional(),
      level: z.enum(tagLevels).optional(),
      category: z.enum(tagCategories).optional(),
      parentCode: shortText.nullable().optional(),
      departmentCodes: departmentCodes.optional(),
      ownerCode: shortText.optional(),
      lifeDays: days.optional(),
      confirmEveryDays: days.optional(),
      criteria: condition.nullable().optional(),
      sensitive: z.boolean().optional(),
      seenByDepartmentCodes: departmentCodes.optional(),
    }),
  }),
  z.object({ kind: z.literal('merge-tags'), fromCode: shortText, intoCode: shortText }),
  z.object({
    kind: z.literal('split-tag'),
    code: shortText,
    criterion: condition,
    met: splitPart,
    unmet: splitPart,
  }),
  z.object({
    kind: z.literal('deprecate-tag'),
    code: shortText,
    successorCode: shortText.nullable().default(null),
    /** Whether customers get the successor at once. */
    replaces: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('retire-tag'), code: shortText }),
  z.object({
    kind: z.literal('change-rule'),
    /** The whole rule as it is to be, as rules.yaml declares it. */
    rule: ruleEntry,
  }),
]);

export const proposalSchema = z
  .discriminatedUnion('kind', [
    ...singleSchema.options,
    z.object({
      kind: z.literal('batch'),
      /** All of one kind; voted on together and applied one by one. */
      items: z.array(singleSchema).min(1).max(batchItemsMax),
    }),
  ])
  .openapi('RequestProposal');

/** What somebody asks the committee for, over the API and in a file. */
export const askedRequestSchema = z.object({
  proposal: proposalSchema,
  reason: z.string().trim().min(1).max(1_000),
});

interface Asker {
  readonly requesterCode: string;
  readonly attributes: readonly Attribute[];
}

/** What the JSON asks for; conditions become what the detector evaluates. */
export function toProposal(asked: z.infer<typeof proposalSchema>, known: Asker): AskedProposal {
  return asked.kind === 'batch'
    ? { kind: 'batch', items: asked.items.map((item) => toSingle(item, known)) }
    : toSingle(asked, known);
}

function toSingle(asked: z.infer<typeof singleSchema>, known: Asker): AskedSingle {
  const types = new Map(known.attributes.map(({ code, type }) => [code, type]));
  switch (asked.kind) {
    case 'create-tag':
      return {
        ...asked,
        ownerCode: asked.ownerCode ?? known.requesterCode,
        criteria: asked.criteria === null ? null : toCondition(asked.criteria, types),
      };
    case 'change-tag': {
      const { criteria, ...parts } = asked.after;
      const given = Object.fromEntries(
        Object.entries(parts).filter(([, value]) => value !== undefined),
      );
      const after =
        criteria === undefined
          ? given
          : { ...given, criteria: criteria === null ? null : toCondition(criteria, types) };
      return { kind: asked.kind, code: asked.code, after };
    }
    case 'split-tag':
      return { ...asked, criterion: toCondition(asked.criterion, types) };
    case 'change-rule':
      return { kind: asked.kind, after: toRule(asked.rule) };
    case 'activate-tag':
    case 'merge-tags':
    case 'deprecate-tag':
    case 'retire-tag':
      return asked;
    default:
      return assertNever(asked);
  }
}
