import { z } from 'zod';
import { compileStatement } from './sql-text.ts';

const identifier = z.string().min(1).max(63);

/** A table or view as schema.name, or a query that is read as if it were a view. */
const relation = z.union([
  z
    .string()
    .regex(/^[^.\s"]+(\.[^.\s"]+)?$/)
    .describe('Table or view, such as crm.customer'),
  z.strictObject({
    query: z.string().min(1).describe('A SELECT that is read as if it were a view'),
  }),
]);

const statement = z
  .string()
  .min(1)
  .describe(
    'One SQL statement. Values come as :customer, :tag, :actor and :now, one call per change; ' +
      'or as arrays of equal length :customers, :tags and :actors, one call for many changes.',
  );

const customers = z.strictObject({
  from: relation,
  ref: identifier.describe("Column with the customer's id; of any type"),
  name: identifier,
  changedAt: identifier
    .optional()
    .describe(
      'Column that grows with every change of the row: a time stamp or a number. Without it every read is a full one',
    ),
  attributes: z
    .record(identifier, identifier)
    .default({})
    .describe('Attribute code → column. Time stamps may also be ISO 8601 texts'),
});

const tags = z.strictObject({
  from: relation.optional().describe('Where the source lists its tags, if it does'),
  ref: identifier.optional().describe('Column with what assignments call the tag'),
  name: identifier.optional(),
  code: identifier.optional().describe('Column with the code to match, for `match: code`'),
  match: z
    .enum(['code', 'name'])
    .default('name')
    .describe("What is compared with the dictionary: the tag's code, or its name in any language"),
  aliases: z
    .record(z.string(), identifier)
    .default({})
    .describe("The source's code or name of a tag → code in the dictionary, where the two differ"),
});

const assignmentRows = z.strictObject({
  kind: z.literal('rows'),
  from: relation,
  customer: identifier,
  tag: identifier,
  since: identifier.optional(),
  actor: identifier.optional(),
  importName: identifier.optional(),
  changedAt: identifier
    .optional()
    .describe("Like the customers', where a change of tags does not move the customer's own"),
});

const assignmentArray = z.strictObject({
  kind: z.literal('array'),
  column: identifier.describe(
    'Column of the customers: an array, a JSON array, or a text split by `separator`',
  ),
  separator: z.string().min(1).optional(),
});

const changeLog = z.strictObject({
  from: relation,
  customer: identifier,
  changedAt: identifier,
});

const write = z.strictObject({
  add: statement,
  remove: statement,
  replace: statement
    .optional()
    .describe(
      'Puts :replacement (or :replacements) where :tag (or :tags) is, in one step. Without it the one is removed and ' +
        'the other added, which costs a large source about twice as much',
    ),
  lock: statement
    .optional()
    .describe(
      'Locks the rows of :customer (or :customers) until the end of the transaction. By default the rows themselves ' +
        'are locked, where customers and assignments are read from tables',
    ),
  customersPerSecond: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Customers written in a second at most; without it as fast as the source takes them'),
});

/** How any CRM schema in PostgreSQL is read and written; part of sources.yaml. */
export const postgresMappingSchema = z.strictObject({
  timeZone: z
    .string()
    .default('UTC')
    .describe('Where time stamps without a time zone were written, such as Asia/Shanghai'),
  customers,
  tags,
  assignments: z.discriminatedUnion('kind', [assignmentRows, assignmentArray]),
  changeLogs: z
    .array(changeLog)
    .default([])
    .describe(
      'Tables that name customers whose tags changed or who were deleted, such as one filled by a trigger',
    ),
  lateSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe(
      'How long a transaction may stay open before its changes become visible; this much is read again each time',
    ),
  lateNumbers: z
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('The same for `changedAt` columns that hold numbers'),
  write: write.optional().describe('Without it the source is read only'),
});

export type PostgresMapping = z.infer<typeof postgresMappingSchema>;

/** What in a mapping contradicts itself, in words; the schema alone cannot say these. */
export function mappingProblems(mapping: PostgresMapping): readonly string[] {
  const problems: string[] = [];
  const { tags: tagMapping } = mapping;
  if (tagMapping.from !== undefined && (tagMapping.ref === undefined || !tagMapping.name)) {
    problems.push('tags.from needs tags.ref and tags.name, the columns to read');
  }
  if (tagMapping.from !== undefined && tagMapping.match === 'code' && !tagMapping.code) {
    problems.push('tags.match is code, so tags.code must name the column with the code');
  }
  if (!isTimeZone(mapping.timeZone)) {
    problems.push('timeZone must be an IANA name, such as Asia/Shanghai');
  }
  for (const part of ['add', 'remove', 'replace', 'lock'] as const) {
    const text = mapping.write?.[part];
    if (text === undefined) continue;
    problems.push(...statementProblems(`write.${part}`, text, needed[part]));
  }
  return problems;
}

/** What a statement cannot do without. */
const needed = {
  add: ['customer', 'tag'],
  remove: ['customer', 'tag'],
  replace: ['customer', 'tag', 'replacement'],
  lock: ['customer'],
} as const;

function statementProblems(
  path: string,
  text: string,
  required: readonly string[],
): readonly string[] {
  const { names } = compileStatement(text);
  const values = required.includes('replacement')
    ? ['customer', 'tag', 'replacement', 'actor']
    : ['customer', 'tag', 'actor'];
  const known = [...values.flatMap((name) => [name, `${name}s`]), 'now'];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return [`${path} uses :${unknown.join(', :')}; known are :${known.join(', :')}`];
  }
  const isSetWise = values.some((name) => names.includes(`${name}s`));
  const isRowWise = values.some((name) => names.includes(name));
  if (isSetWise && isRowWise) {
    return [`${path} mixes :${values.join(', :')} with their arrays`];
  }
  return required
    .map((name) => (isSetWise ? `${name}s` : name))
    .filter((name) => !names.includes(name))
    .map((name) => `${path} must use :${name}`);
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
