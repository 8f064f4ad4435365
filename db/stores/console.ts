import type { Locale, LocalizedText } from '../../domain/locale.ts';
import type { RequestProposal, RequestState, VotingTerms } from '../../domain/request.ts';
import type { RuleKind } from '../../domain/rule.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Relation, Tag } from '../../domain/tag.ts';
import type { WarningState } from '../../domain/warning.ts';
import type { Sql } from '../client.ts';
import type { AuditEntry } from './audit.ts';
import { answeredBy, seenBy } from './warning-figures.ts';

/** Open warnings by owner code; owners without one are left out. */
export async function countOpenWarningsByOwner(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ owner_code: string; count: number }[]>`
    select owner_code, count(*) as count from warning where state <> 'closed' group by owner_code`;
  return new Map(rows.map((row) => [row.owner_code, row.count]));
}

export interface WarningFilter {
  readonly state: WarningState['kind'] | 'not-closed' | null;
  readonly severity: Severity | null;
  /** Null: everybody's. */
  readonly ownerCodes: readonly string[] | null;
  readonly ruleCode: string | null;
  readonly ruleKind: RuleKind | null;
  /** Only those of a flood. */
  readonly floodId: number | null;
  /** Only those past the deadline that counts now. */
  readonly overdue: boolean;
  readonly nowMs: number;
  /** Whose eyes: warnings of these rules are left out unless the reader answers for them. */
  readonly reader: { readonly personCode: string; readonly hiddenRuleIds: readonly number[] };
}

export interface WarningLine {
  readonly id: number;
  readonly ruleCode: string;
  readonly ruleKind: RuleKind;
  readonly ruleName: LocalizedText;
  readonly severity: Severity;
  readonly state: WarningState;
  readonly ownerCode: string;
  readonly secondLineCode: string | null;
  readonly managerCode: string | null;
  readonly level: number;
  readonly customers: number;
  readonly openedAtMs: number;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
  readonly snoozedUntilMs: number | null;
  readonly version: number;
}

/**
 * Warnings, newest first or worst first and then newest. `beforeId` is the id of the last one of the page before,
 * in the same order.
 */
export async function listWarnings(
  sql: Sql,
  filter: WarningFilter,
  page: {
    readonly order: 'newest' | 'worst';
    readonly beforeId: number | null;
    readonly limit: number;
  },
): Promise<readonly WarningLine[]> {
  const rank = page.order === 'newest' ? sql`0` : severityRank(sql, sql`warning.severity`);
  const rankBefore =
    page.order === 'newest'
      ? sql`0`
      : sql`(select ${severityRank(sql, sql`before.severity`)} from warning before where before.id = ${page.beforeId}::int)`;
  return sql<WarningLine[]>`
    select warning.id, warning.rule_code as "ruleCode", rule.kind as "ruleKind",
      coalesce(rule.body -> 'name', jsonb_build_object('zh-CN', warning.rule_code, 'en', warning.rule_code)) as "ruleName",
      warning.severity, warning.state_body as state, warning.owner_code as "ownerCode",
      warning.second_line_code as "secondLineCode", warning.manager_code as "managerCode",
      warning.level, warning.customers, warning.opened_at as "openedAtMs",
      warning.claim_due_at as "claimDueAtMs", warning.close_due_at as "closeDueAtMs",
      warning.snoozed_until as "snoozedUntilMs", warning.version
    from warning left join rule on rule.id = warning.rule_id
    where ${matches(sql, filter)}
      and (${page.beforeId}::int is null or (${rank}, -warning.id) > (${rankBefore}, -${page.beforeId}::int))
    order by ${page.order === 'newest' ? sql`` : sql`${rank},`} warning.id desc limit ${page.limit}`;
}

function severityRank(sql: Sql, severity: ReturnType<Sql>) {
  return sql`case ${severity} when 'high' then 0 when 'medium' then 1 else 2 end`;
}

export interface WarningCounts {
  readonly open: number;
  readonly overdue: number;
  readonly closed: number;
  readonly mine: number;
}

/** Counts for the tabs, whatever state the filter shows. */
export async function countWarnings(
  sql: Sql,
  filter: Omit<WarningFilter, 'state' | 'overdue'>,
): Promise<WarningCounts> {
  const [[present], [past]] = await Promise.all([
    sql<Omit<WarningCounts, 'closed'>[]>`
      select count(*) as open, count(*) filter (where ${isOverdue(sql, filter.nowMs)}) as overdue,
        count(*) filter (where ${answeredBy(sql, filter.reader.personCode)}) as mine
      from warning where ${matches(sql, { ...filter, state: 'not-closed', overdue: false })}`,
    // Counted in the index of `closed_at` where nothing else is asked.
    sql<{ closed: number }[]>`
      select count(*) as closed from warning
      where closed_at is not null and ${matches(sql, { ...filter, state: null, overdue: false })}`,
  ]);
  return { open: 0, overdue: 0, mine: 0, ...present, closed: past?.closed ?? 0 };
}

function matches(sql: Sql, filter: WarningFilter) {
  const { state, severity, ownerCodes, ruleCode, ruleKind, floodId, reader } = filter;
  return sql`
    ${state === null ? sql`true` : state === 'not-closed' ? sql`warning.state <> 'closed'` : sql`warning.state = ${state}`}
    ${severity === null ? sql`` : sql`and warning.severity = ${severity}`}
    ${ownerCodes === null ? sql`` : sql`and warning.owner_code = any(${ownerCodes as string[]})`}
    ${ruleCode === null ? sql`` : sql`and warning.rule_code = ${ruleCode}`}
    ${ruleKind === null ? sql`` : sql`and warning.rule_id in (select id from rule where kind = ${ruleKind})`}
    ${floodId === null ? sql`` : sql`and warning.flood_id = ${floodId}`}
    ${filter.overdue ? sql`and ${isOverdue(sql, filter.nowMs)}` : sql``}
    and ${seenBy(sql, reader)}`;
}

function isOverdue(sql: Sql, nowMs: number) {
  return sql`(warning.state <> 'closed' and (warning.close_due_at < ${nowMs}
    or (warning.state = 'open' and warning.claim_due_at < ${nowMs})))`;
}

export interface TagFilter {
  /** As `rankTags` answers. */
  readonly ranks: ReadonlyMap<string, number> | null;
  readonly status: Tag['status'] | null;
  /** Sensitive tags that the reader may not see. */
  readonly hiddenCodes: readonly string[];
}

export interface TagLine
  extends Pick<
    Tag,
    'code' | 'name' | 'definition' | 'level' | 'category' | 'ownerCode' | 'status' | 'sensitive'
  > {
  /** Customers who carried it at the last full scan; null before the first. */
  readonly customers: number | null;
}

/** How tags are ordered that answer to a text alike. */
export type TagOrder =
  | { readonly kind: 'used' }
  | { readonly kind: 'name'; readonly locale: Locale }
  /** The least healthy first; from 0 to 100 by code. */
  | { readonly kind: 'health'; readonly scores: ReadonlyMap<string, number | null> };

/** Tags of the dictionary: those that answer best first. */
export async function listTags(
  sql: Sql,
  filter: TagFilter,
  page: { readonly offset: number; readonly limit: number },
  order: TagOrder = { kind: 'used' },
): Promise<readonly TagLine[]> {
  const judged = order.kind === 'health' ? [...order.scores] : [];
  const scores = sql`left join unnest(${judged.map(([code]) => code)}::text[],
    ${judged.map(([, score]) => score)}::float8[]) as judged(code, score) on judged.code = tag.code`;
  const own = {
    used: sql``,
    name: sql`tag.name ->> ${order.kind === 'name' ? order.locale : 'zh-CN'},`,
    health: sql`judged.score nulls last,`,
  }[order.kind];
  return sql<TagLine[]>`
    select tag.code, tag.name, tag.definition, tag.level, tag.category,
      tag.owner_code as "ownerCode", tag.status, tag.sensitive, tag_count.customers
    from tag left join tag_count on tag_count.tag_id = tag.id ${foundTags(sql, filter)} ${scores}
    where ${tagMatches(sql, filter)}
    order by ${own} found.rank, coalesce(tag_count.customers, 0) desc, tag.code
    offset ${page.offset} limit ${page.limit}`;
}

/** How many tags match in each status; `all` over all of them. */
export async function countTags(
  sql: Sql,
  filter: Pick<TagFilter, 'ranks' | 'hiddenCodes'> & { readonly text: string },
): Promise<Readonly<Record<Tag['status'] | 'undefined' | 'all', number>>> {
  const rows = await sql<{ status: Tag['status']; count: number }[]>`
    select tag.status, count(*) as count from tag ${foundTags(sql, filter)}
    where ${tagMatches(sql, { ...filter, status: null })} group by tag.status`;
  const [undefinedRow] = await sql<{ count: number }[]>`
    select count(*) as count from (${undefinedTags(sql, filter.text)}) found`;
  const of = (status: Tag['status']) => rows.find((row) => row.status === status)?.count ?? 0;
  return {
    proposed: of('proposed'),
    active: of('active'),
    deprecated: of('deprecated'),
    archived: of('archived'),
    all: rows.reduce((sum, row) => sum + row.count, 0),
    undefined: undefinedRow?.count ?? 0,
  };
}

export interface UndefinedTagLine {
  readonly name: string;
  readonly sources: readonly LocalizedText[];
  readonly customers: number | null;
}

/** Tags that a source has and the dictionary has not, the most used first. */
export async function listUndefinedTags(
  sql: Sql,
  text: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly UndefinedTagLine[]> {
  return sql<UndefinedTagLine[]>`
    select found.name, found.sources, tag_count.customers
    from (${undefinedTags(sql, text)}) found
    left join tag_count on tag_count.tag_id = found.tag_id
    order by coalesce(tag_count.customers, 0) desc, found.name
    offset ${page.offset} limit ${page.limit}`;
}

function undefinedTags(sql: Sql, text: string) {
  return sql`
    select mirror_tag.tag_id, min(mirror_tag.name) as name, jsonb_agg(distinct source.body -> 'name') as sources
    from mirror_tag join source on source.id = mirror_tag.source_id
    where not exists (select 1 from tag where tag.id = mirror_tag.tag_id)
      and mirror_tag.name ilike ${likePattern(text)}
    group by mirror_tag.tag_id`;
}

/** The ranks as rows; where all tags answer, none. */
function foundTags(sql: Sql, { ranks }: Pick<TagFilter, 'ranks'>) {
  const codes = [...(ranks?.keys() ?? [])];
  const numbers = [...(ranks?.values() ?? [])];
  return sql`left join unnest(${codes}::text[], ${numbers}::int[]) as found(code, rank)
    on found.code = tag.code`;
}

function tagMatches(sql: Sql, { ranks, status, hiddenCodes }: TagFilter) {
  return sql`
    ${ranks === null ? sql`true` : sql`found.rank is not null`}
    ${status === null ? sql`` : sql`and tag.status = ${status}`}
    and tag.code <> all(${hiddenCodes as string[]})`;
}

/** A pattern for `like` that finds the text anywhere, its own wildcards taken literally. */
function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

export interface TagDetails {
  readonly customers: number | null;
  readonly relations: readonly Relation[];
  readonly sources: readonly {
    readonly source: LocalizedText;
    readonly ref: string;
    readonly name: string;
  }[];
  /** Open warnings with a finding about the tag. */
  readonly openWarnings: number;
}

/** What a tag's page says besides the tag itself. */
export async function readTagDetails(sql: Sql, tag: Pick<Tag, 'id' | 'code'>): Promise<TagDetails> {
  const [counts, relations, sources, warnings] = await Promise.all([
    sql<{ customers: number }[]>`select customers from tag_count where tag_id = ${tag.id}`,
    sql<Relation[]>`
      select kind, from_code as "fromCode", to_code as "toCode" from relation
      where ${tag.code} in (from_code, to_code) order by kind, from_code, to_code`,
    sql<TagDetails['sources'][number][]>`
      select source.body -> 'name' as source, mirror_tag.tag_ref as ref, mirror_tag.name
      from mirror_tag join source on source.id = mirror_tag.source_id
      where mirror_tag.tag_id = ${tag.id} order by source.id`,
    sql<{ count: number }[]>`
      select count(*) as count from warning where state <> 'closed' and exists (
        select 1 from finding where finding.warning_id = warning.id and finding.state = 'open'
          and ${tag.id} in (finding.first_tag_id, finding.second_tag_id))`,
  ]);
  return {
    customers: counts[0]?.customers ?? null,
    relations,
    sources,
    openWarnings: warnings[0]?.count ?? 0,
  };
}

export interface ScanLine {
  readonly id: number;
  readonly kind: 'full' | 'incremental' | 'customers';
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly requestedBy: string | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly customers: number;
  readonly assignments: number;
  readonly findingsOpen: number;
  readonly findingsNew: number;
  readonly findingsGone: number;
  readonly error: string | null;
  readonly shards: number;
  readonly shardsDone: number;
}

/** Scans, newest first; of the kind `customers` (verifications) only where asked for. */
export async function listScans(
  sql: Sql,
  page: { readonly beforeId: number | null; readonly limit: number },
): Promise<readonly ScanLine[]> {
  return sql<ScanLine[]>`
    ${scanLines(sql)}
    where scan.kind <> 'customers' and (${page.beforeId}::int is null or scan.id < ${page.beforeId}::int)
    order by scan.id desc limit ${page.limit}`;
}

export async function readScan(sql: Sql, id: number): Promise<ScanLine | null> {
  const [row] = await sql<ScanLine[]>`${scanLines(sql)} where scan.id = ${id}`;
  return row ?? null;
}

function scanLines(sql: Sql) {
  return sql`
    select scan.id, scan.kind, scan.state, scan.requested_by as "requestedBy",
      scan.started_at as "startedAtMs", scan.finished_at as "finishedAtMs",
      scan.customers, scan.assignments, scan.findings_open as "findingsOpen",
      scan.findings_new as "findingsNew", scan.findings_gone as "findingsGone", scan.error,
      (select count(*) from scan_shard where scan_id = scan.id) as shards,
      (select count(*) from scan_shard where scan_id = scan.id and done_at is not null) as "shardsDone"
    from scan`;
}

export interface SourceLine {
  readonly name: LocalizedText;
  readonly readAtMs: number | null;
}

export async function listSources(sql: Sql): Promise<readonly SourceLine[]> {
  return sql<
    SourceLine[]
  >`select body -> 'name' as name, read_at as "readAtMs" from source order by id`;
}

export interface RequestLine {
  readonly id: number;
  readonly proposal: RequestProposal;
  readonly requesterCode: string;
  readonly memberCodes: readonly string[];
  readonly terms: VotingTerms | null;
  readonly state: RequestState['kind'];
  /** Applied, and taken back as a whole since. */
  readonly isUndone: boolean;
  readonly quorum: number;
  readonly approve: number;
  readonly reject: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
}

/** Tag requests, newest first; `naming`: only those in which this text stands by itself, such as a tag's code. */
export async function listRequests(
  sql: Sql,
  filter: { readonly show: 'voting' | 'decided' | 'all'; readonly naming?: string },
  page: { readonly beforeId: number | null; readonly limit: number },
): Promise<readonly RequestLine[]> {
  const shown = {
    voting: sql`request.state in ('voting', 'applying')`,
    decided: sql`request.state not in ('voting', 'applying')`,
    all: sql`true`,
  }[filter.show];
  return sql<RequestLine[]>`
    select request.id, request.proposal, request.requester_code as "requesterCode", request.state,
      request.member_codes as "memberCodes", request.terms, request.quorum, request.created_at as "createdAtMs", request.due_at as "dueAtMs",
      exists (select from fix where fix.request_id = request.id and fix.state = 'undone') as "isUndone",
      (select count(*) from vote where request_id = request.id and ballot = 'approve') as approve,
      (select count(*) from vote where request_id = request.id and ballot = 'reject') as reject
    from request
    where ${shown} and request.batch_id is null
      ${
        filter.naming === undefined
          ? sql``
          : sql`and jsonb_path_query_array(request.proposal, '$.** ? (@.type() == "string")') ? ${filter.naming}`
      }
      and (${page.beforeId}::int is null or request.id < ${page.beforeId}::int)
    order by request.id desc limit ${page.limit}`;
}

export interface AuditFilter {
  /** Beginning of the action, such as warning. or warning.claimed; empty for all. */
  readonly action: string;
  readonly actorCode: string | null;
  readonly subject: { readonly kind: string; readonly id: string } | null;
  /** Only what these people did, and what was done to them, their warnings, tags and requests; null: everything. */
  readonly ofPeople: readonly string[] | null;
}

export interface AuditLine extends AuditEntry {
  readonly id: number;
  readonly atMs: number;
  readonly hash: string;
}

/** The audit trail, newest first. */
export async function listAudit(
  sql: Sql,
  filter: AuditFilter,
  page: { readonly beforeId: number | null; readonly limit: number },
): Promise<readonly AuditLine[]> {
  return sql<AuditLine[]>`
    select id, at as "atMs", actor_code as "actorCode", through, action,
      subject_kind as "subjectKind", subject_id as "subjectId", before, after, hash
    from audit_row
    where (${page.beforeId}::bigint is null or id < ${page.beforeId}::bigint)
      ${filter.action === '' ? sql`` : sql`and starts_with(action, ${filter.action})`}
      ${filter.actorCode === null ? sql`` : sql`and actor_code = ${filter.actorCode}`}
      ${
        filter.subject === null
          ? sql``
          : sql`and subject_kind = ${filter.subject.kind} and subject_id = ${filter.subject.id}`
      }
      ${filter.ofPeople === null ? sql`` : sql`and ${concerns(sql, filter.ofPeople)}`}
    order by id desc limit ${page.limit}`;
}

function concerns(sql: Sql, personCodes: readonly string[]) {
  const codes = sql.array([...personCodes]);
  return sql`(actor_code = any(${codes}::text[]) or case subject_kind
    when 'person' then subject_id = any(${codes}::text[])
    when 'tag' then exists (
      select from tag where code = subject_id and owner_code = any(${codes}::text[]))
    when 'warning' then exists (
      select from warning where id::text = subject_id and owner_code = any(${codes}::text[]))
    when 'request' then exists (
      select from request where id::text = subject_id and requester_code = any(${codes}::text[]))
    else false end)`;
}

export interface FindingFilter {
  readonly warningId: number | null;
  readonly ruleCode: string | null;
  readonly customerRef: string | null;
  readonly state: 'open' | 'excepted' | 'dismissed' | 'gone' | null;
  readonly hiddenRuleIds: readonly number[];
  readonly hiddenTagIds: readonly number[];
}

export interface FindingLine {
  readonly id: number;
  readonly ruleCode: string;
  readonly ruleKind: RuleKind;
  /** null: it is on the dictionary itself. */
  readonly customerRef: string | null;
  /** Codes of the dictionary, or the source's name of a tag that is not in it; first tag first. */
  readonly tags: readonly string[];
  readonly state: 'open' | 'excepted' | 'dismissed' | 'gone';
  readonly warningId: number | null;
  readonly openedAtMs: number;
  readonly goneAtMs: number | null;
}

/** Present and past findings of a customer, each by the index that holds them. */
function findingsOf(sql: Sql, customerRef: string) {
  const customer = sql`(select id from mirror_customer where ref = ${customerRef})`;
  return sql`
    select id from finding where customer_id = ${customer} and state <> 'gone'
    union all select id from finding where customer_id = ${customer} and state = 'gone'`;
}

/** Findings by id, oldest first. `afterId` is the last one of the page before. */
export async function listFindings(
  sql: Sql,
  filter: FindingFilter,
  page: { readonly afterId: number; readonly limit: number },
): Promise<readonly FindingLine[]> {
  return sql<FindingLine[]>`
    select finding.id, rule.code as "ruleCode", rule.kind as "ruleKind", customer.ref as "customerRef",
      array(select coalesce(tag.code, mirror.name, part.id::text)
        from unnest(array[finding.first_tag_id, finding.second_tag_id]) with ordinality part(id, position)
        left join tag on tag.id = part.id
        left join lateral (select name from mirror_tag where tag_id = part.id limit 1) mirror on true
        where part.id <> 0 order by part.position) as tags,
      finding.state, finding.warning_id as "warningId", finding.opened_at as "openedAtMs",
      finding.gone_at as "goneAtMs"
    from finding
    join rule on rule.id = finding.rule_id
    left join mirror_customer customer on customer.id = finding.customer_id
    where finding.id > ${page.afterId}
      ${filter.warningId === null ? sql`` : sql`and finding.warning_id = ${filter.warningId}`}
      ${filter.ruleCode === null ? sql`` : sql`and rule.code = ${filter.ruleCode}`}
      ${filter.customerRef === null ? sql`` : sql`and finding.id in (${findingsOf(sql, filter.customerRef)})`}
      ${filter.state === null ? sql`` : sql`and finding.state = ${filter.state}`}
      and finding.rule_id <> all(${filter.hiddenRuleIds as number[]})
      and finding.first_tag_id <> all(${filter.hiddenTagIds as number[]})
      and finding.second_tag_id <> all(${filter.hiddenTagIds as number[]})
    order by finding.id limit ${page.limit}`;
}
