import { and, desc, eq, lt, lte, sql as expression } from 'drizzle-orm';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { RequestProposal, SplitPart, TagParts } from '../../domain/request.ts';
import { inUse } from '../../domain/requests/activate-tag.ts';
import { changesCustomers, tagsOfProposal } from '../../domain/requests/registry.ts';
import type { Tag } from '../../domain/tag.ts';
import { standingVersion, versionReason } from '../../domain/tag-version.ts';
import type { Database } from '../client.ts';
import { tags, tagVersions } from '../schema/dictionary.ts';
import { requests } from '../schema/warnings.ts';
import { appendAudit, type Queryable } from './audit.ts';
import type { Fix } from './fixes.ts';
import { loadRequest } from './requests.ts';
import { restoreRule, ruleStands } from './rule-changes.ts';

/** The approved request on whose behalf the dictionary is changed. */
export interface ApprovedRequest {
  readonly requestId: number;
  readonly requesterCode: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** `changed-meanwhile`: a part that was to change is no longer what the committee saw. */
export type TagChangeOutcome = 'done' | 'not-found' | 'changed-meanwhile';

/** Puts an approved tag into the dictionary; harmless when it is there already. */
export async function createApprovedTag(
  database: Database,
  request: ApprovedRequest,
  proposal: Extract<RequestProposal, { kind: 'create-tag' }>,
): Promise<void> {
  const { kind: _, ...parts } = proposal;
  await database.query.transaction((transaction) =>
    insertTag(transaction, request, {
      parentCode: null,
      confirmEveryDays: null,
      criteria: null,
      sensitive: false,
      seenByDepartmentCodes: [],
      ...parts,
    }),
  );
}

/** Puts a tag into use that still is as the committee saw it; harmless when it is in use already. */
export async function activateApprovedTag(
  database: Database,
  request: ApprovedRequest,
  { code, before }: Extract<RequestProposal, { kind: 'activate-tag' }>,
): Promise<TagChangeOutcome> {
  return database.query.transaction(async (transaction) => {
    const tag = await lockTag(transaction, code);
    if (tag === null) return 'not-found';
    if (tag.status === 'active') return 'done';
    const isSame = tag.status === before.status && tag.successorCode === before.successorCode;
    if (!isSame) return 'changed-meanwhile';
    await updateTag(transaction, request, { action: 'tag.activated', tag, set: inUse(before) });
    return 'done';
  });
}

/** Changes parts of a tag that are still as the committee saw them; harmless when they are changed already. */
export async function changeApprovedTag(
  database: Database,
  request: ApprovedRequest,
  proposal: Extract<RequestProposal, { kind: 'change-tag' }>,
): Promise<TagChangeOutcome> {
  const { code, before, after } = proposal;
  return database.query.transaction(async (transaction) => {
    const tag = await lockTag(transaction, code);
    if (tag === null) return 'not-found';
    if (hasParts(tag, after)) return 'done';
    if (!hasParts(tag, before)) return 'changed-meanwhile';
    await updateTag(transaction, request, { action: 'tag.changed', tag, set: after });
    return 'done';
  });
}

function hasParts(tag: Tag, parts: Partial<TagParts>): boolean {
  return (Object.keys(parts) as (keyof TagParts)[]).every(
    (key) => canonicalJson(tag[key]) === canonicalJson(parts[key]),
  );
}

/**
 * Makes two tags of one, with what that one had; each gets its side of the criterion as its own. The old one is
 * deprecated. Harmless when it is done already.
 */
export async function splitApprovedTag(
  database: Database,
  request: ApprovedRequest,
  proposal: Extract<RequestProposal, { kind: 'split-tag' }>,
): Promise<TagChangeOutcome> {
  const { code, criterion, met, unmet } = proposal;
  return database.query.transaction(async (transaction) => {
    const tag = await lockTag(transaction, code);
    if (tag === null) return 'not-found';
    const { id: _, version: __, status: ___, successorCode: ____, ...parts } = tag;
    const sides: readonly (readonly [SplitPart, Tag['criteria']])[] = [
      [met, criterion],
      [unmet, { kind: 'not', condition: criterion }],
    ];
    for (const [part, criteria] of sides) {
      await insertTag(transaction, request, { ...parts, ...part, criteria });
    }
    if (tag.status === 'deprecated') return 'done';
    const set = { status: 'deprecated', successorCode: null } as const;
    await updateTag(transaction, request, { action: 'tag.deprecated', tag, set });
    return 'done';
  });
}

/** Takes a tag out of use, with its successor where it has one; harmless when it is so already. */
export async function takeTagOutOfUse(
  database: Database,
  request: ApprovedRequest,
  change: {
    readonly code: string;
    readonly to: Pick<Tag, 'successorCode'> & { readonly status: 'deprecated' | 'archived' };
  },
): Promise<void> {
  const { code, to } = change;
  await database.query.transaction(async (transaction) => {
    const tag = await lockTag(transaction, code);
    if (tag === null) return;
    if (tag.status === to.status && tag.successorCode === to.successorCode) return;
    const action = to.status === 'archived' ? 'tag.archived' : 'tag.deprecated';
    await updateTag(transaction, request, { action, tag, set: to });
  });
}

/**
 * Makes the tags and the rule of an undone request what they were before; a tag that it had made is archived, a rule
 * that it had made goes. Lets the request's card
 * be drawn anew. That merged tags mean the same stays written down. Repeated calls are harmless.
 */
export async function restoreRequested(
  database: Database,
  input: { readonly requestId: number; readonly actorCode: string; readonly nowMs: number },
): Promise<void> {
  const { requestId, actorCode, nowMs } = input;
  await database.query.transaction(async (transaction) => {
    const [request] = await transaction
      .update(requests)
      .set({ version: expression`${requests.version} + 1` })
      .where(eq(requests.id, requestId))
      .returning({ proposal: requests.proposal });
    if (request === undefined) return;
    const by = { requestId, requesterCode: actorCode, nowMs };
    if (request.proposal.kind === 'change-rule') {
      await restoreRule(transaction, by, request.proposal);
    }
    for (const code of tagsOfProposal(request.proposal)) {
      await restoreTag(transaction, by, { code, proposal: request.proposal });
    }
  });
}

async function restoreTag(
  transaction: Queryable,
  request: ApprovedRequest,
  { code, proposal }: { readonly code: string; readonly proposal: RequestProposal },
): Promise<void> {
  const tag = await lockTag(transaction, code);
  if (tag === null) return;
  const made = await readStanding(transaction, tag);
  // Whatever became of the tag otherwise, by configuration or another request, is not ours to take back.
  if (made?.reason !== versionReason({ kind: 'request', requestId: request.requestId })) return;
  const [earlier] = await transaction
    .select({ body: tagVersions.body })
    .from(tagVersions)
    .where(and(eq(tagVersions.tagCode, code), lt(tagVersions.version, made.version)))
    .orderBy(desc(tagVersions.version))
    .limit(1);
  const {
    id: _,
    code: __,
    version: ___,
    ...before
  } = earlier?.body ?? beforeVersions(tag, proposal);
  await updateTag(transaction, request, {
    action: 'tag.restored',
    reason: versionReason({ kind: 'undo', requestId: request.requestId }),
    tag,
    set: before,
  });
}

/** The version that made the tag as it is now; null where its newest version was not kept. */
async function readStanding(
  database: Queryable,
  tag: Pick<Tag, 'code' | 'version'>,
): Promise<{ readonly version: number; readonly reason: string } | null> {
  const versions = await database
    .select({ version: tagVersions.version, reason: tagVersions.reason })
    .from(tagVersions)
    .where(and(eq(tagVersions.tagCode, tag.code), lte(tagVersions.version, tag.version)))
    .orderBy(tagVersions.version);
  return versions.at(-1)?.version === tag.version ? standingVersion(versions) : null;
}

/**
 * A tag that the request made goes again; of another one, from before versions were kept, only its use is known, and what
 * the proposal says of it.
 */
function beforeVersions(tag: Tag, proposal: RequestProposal): Tag {
  if (proposal.kind === 'change-tag' || proposal.kind === 'activate-tag') {
    return { ...tag, ...proposal.before };
  }
  return tag.version === 1
    ? { ...tag, status: 'archived' }
    : { ...tag, status: 'active', successorCode: null };
}

/** The first of these tags that came into or out of use, or got another successor, after this instant. */
export async function findTagTakenOut(
  database: Queryable,
  { tagCodes, sinceMs }: { readonly tagCodes: readonly string[]; readonly sinceMs: number },
): Promise<string | null> {
  for (const code of tagCodes) {
    const [tag] = await database.select().from(tags).where(eq(tags.code, code));
    const [then] = await database
      .select({ body: tagVersions.body })
      .from(tagVersions)
      .where(and(eq(tagVersions.tagCode, code), lte(tagVersions.changedAt, sinceMs)))
      .orderBy(desc(tagVersions.version))
      .limit(1);
    if (tag === undefined) return code;
    if (then === undefined) continue;
    const isSame = then.body.status === tag.status && then.body.successorCode === tag.successorCode;
    if (!isSame) return code;
  }
  return null;
}

/**
 * Whether there is anything to take back of what a fix of one request did: what it wrote to customers is looked at
 * customer by customer, what it changed in the dictionary has to be as the request left it.
 */
export async function standsToUndo(
  database: Queryable,
  { requestId, rename }: Pick<Fix, 'requestId' | 'rename'>,
): Promise<boolean> {
  const request = requestId === null ? null : await loadRequest(database, requestId);
  if (request === null || rename !== null || changesCustomers(request.proposal)) return true;
  const { id, proposal } = request;
  if (proposal.kind === 'change-rule') return ruleStands(database, proposal);
  const [code = ''] = tagsOfProposal(proposal);
  const [tag] = await database
    .select({ code: tags.code, version: tags.version })
    .from(tags)
    .where(eq(tags.code, code));
  if (tag === undefined) return false;
  const made = await readStanding(database, tag);
  return made?.reason === versionReason({ kind: 'request', requestId: id });
}

async function lockTag(transaction: Queryable, code: string): Promise<Tag | null> {
  const [tag] = await transaction.select().from(tags).where(eq(tags.code, code)).for('update');
  return tag ?? null;
}

async function insertTag(
  transaction: Queryable,
  request: ApprovedRequest,
  parts: TagParts & Pick<Tag, 'code'>,
): Promise<void> {
  const [after] = await transaction
    .insert(tags)
    .values({ ...parts, status: 'active', successorCode: null, version: 1 })
    .onConflictDoNothing()
    .returning();
  if (after === undefined) return;
  await recordVersion(transaction, request, { action: 'tag.created', before: null, after });
}

async function updateTag(
  transaction: Queryable,
  request: ApprovedRequest,
  change: {
    readonly action: TagAction;
    /** @default the request's number */
    readonly reason?: string;
    readonly tag: Tag;
    readonly set: Partial<Omit<Tag, 'id' | 'code' | 'version'>>;
  },
): Promise<void> {
  const { tag: before, set, ...record } = change;
  const [after] = await transaction
    .update(tags)
    .set({ ...set, version: before.version + 1 })
    .where(eq(tags.id, before.id))
    .returning();
  if (after === undefined) return;
  await recordVersion(transaction, request, { ...record, before, after });
}

type TagAction =
  `tag.${'created' | 'activated' | 'changed' | 'deprecated' | 'archived' | 'restored'}`;

async function recordVersion(
  transaction: Queryable,
  request: ApprovedRequest,
  record: {
    readonly action: TagAction;
    readonly reason?: string;
    readonly before: Tag | null;
    readonly after: Tag;
  },
): Promise<void> {
  const { action, before, after } = record;
  const { reason = versionReason({ kind: 'request', requestId: request.requestId }) } = record;
  await transaction.insert(tagVersions).values({
    tagCode: after.code,
    version: after.version,
    body: after,
    changedBy: request.requesterCode,
    changedAt: request.nowMs,
    reason,
  });
  const row = {
    actorCode: request.requesterCode,
    through: 'system',
    action,
    subjectKind: 'tag',
    subjectId: after.code,
    before,
    after,
  };
  await appendAudit(transaction, [row], request.nowMs);
}
