import type { DeliveryPurpose, DeliverySubject } from '../../bot/channel.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { RequestProposal, RequestState } from '../../domain/request.ts';
import type { Severity } from '../../domain/severity.ts';
import type { WarningState } from '../../domain/warning.ts';
import type { Sql } from '../client.ts';

/** What stands behind a card in somebody's inbox, enough for one line of a list. */
export type InboxSubject =
  | {
      readonly kind: 'warning';
      readonly id: number;
      readonly ruleName: LocalizedText;
      readonly severity: Severity;
      readonly state: WarningState;
      readonly customers: number;
      readonly ownerCode: string;
      readonly claimDueAtMs: number;
      readonly closeDueAtMs: number;
    }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly proposal: RequestProposal;
      readonly state: RequestState['kind'];
      readonly requesterCode: string;
      readonly dueAtMs: number;
    }
  | { readonly kind: 'digest' | 'assessment' | 'points'; readonly id: number }
  | { readonly kind: 'review'; readonly id: number; readonly dueAtMs: number };

export interface InboxEntry {
  readonly subject: InboxSubject;
  readonly purpose: DeliveryPurpose;
  readonly postedAtMs: number;
  /** Something is still to be done about it by this person. */
  readonly waiting: boolean;
}

export interface InboxFilter {
  readonly personCode: string;
  readonly show: 'waiting' | 'done' | 'all';
  readonly severity: Severity | null;
  readonly nowMs: number;
}

/** A digest is news for as long as the next one has not come; a month, and what was decided on points, as long. */
const digestNewsMs = 7 * 86_400_000;

interface EntryRow {
  readonly subject_kind: DeliverySubject['kind'];
  readonly subject_id: number;
  readonly purpose: DeliveryPurpose;
  readonly posted_at: number;
  readonly waiting: boolean;
  readonly rule_name: LocalizedText | null;
  readonly severity: Severity | null;
  readonly warning_state: WarningState | null;
  readonly customers: number | null;
  readonly owner_code: string | null;
  readonly review_due_at: number | null;
  readonly claim_due_at: number | null;
  readonly close_due_at: number | null;
  readonly proposal: RequestProposal | null;
  readonly request_state: RequestState['kind'] | null;
  readonly requester_code: string | null;
  readonly request_due_at: number | null;
}

/** One entry per subject that was delivered to a person's inbox; what waits comes first, worst and most urgent first. */
export async function listInbox(
  sql: Sql,
  filter: InboxFilter,
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly InboxEntry[]> {
  const rows = await sql<EntryRow[]>`
    select * from (${inboxEntries(sql, filter)}) entry
    where ${shown(sql, filter)}
    order by waiting desc,
      case when waiting then case severity when 'high' then 0 when 'medium' then 1 when 'low' then 2 else 1 end end,
      case when waiting then coalesce(close_due_at, request_due_at) end,
      posted_at desc, subject_kind, subject_id desc
    offset ${page.offset} limit ${page.limit}`;
  return rows.map(toEntry);
}

/** How many entries wait, are done, and are there in all, whatever the filter shows. */
export async function countInbox(
  sql: Sql,
  filter: Pick<InboxFilter, 'personCode' | 'nowMs' | 'severity'>,
): Promise<{ readonly waiting: number; readonly all: number }> {
  const [row] = await sql<{ waiting: number; all: number }[]>`
    select count(*) filter (where waiting) as waiting, count(*) as all
    from (${inboxEntries(sql, filter)}) entry
    where ${shown(sql, { ...filter, show: 'all' })}`;
  return row ?? { waiting: 0, all: 0 };
}

function inboxEntries(sql: Sql, filter: Pick<InboxFilter, 'personCode' | 'nowMs'>) {
  const { personCode, nowMs } = filter;
  return sql`
    select card.subject_kind, card.subject_id, card.purpose, card.posted_at,
      rule.body -> 'name' as rule_name, warning.severity, warning.state_body as warning_state,
      warning.customers, warning.owner_code, warning.claim_due_at, warning.close_due_at,
      request.proposal, request.state as request_state, request.requester_code,
      request.due_at as request_due_at, review.due_at as review_due_at,
      case card.subject_kind
        when 'warning' then warning.state <> 'closed' and (
          card.purpose <> 'owner' or warning.owner_code = ${personCode}
          or warning.state_body ->> 'by' = ${personCode} or owner.deputy_code = ${personCode})
        when 'request' then request.state = 'voting' and case request.requester_code
          when ${personCode} then exists (
            select from request_message question
            where question.request_id = request.id and question.kind = 'question' and not exists (
              select from request_message answer where answer.question_id = question.id))
          else ${isOnesVote(sql, filter)}
          end
        when 'points' then
          case when card.purpose = 'decide' then point.state = 'contested'
          else card.posted_at > ${nowMs - digestNewsMs} end
        when 'review' then review.closed_at is null and exists (
          select from tag_review_item item where item.review_id = review.id
            and item.owner_code = ${personCode} and item.answer is null)
        else card.posted_at > ${nowMs - digestNewsMs}
      end as waiting
    from (
      select distinct on (delivery.subject_kind, delivery.subject_id)
        delivery.subject_kind, delivery.subject_id, delivery.purpose, inbox_item.posted_at
      from inbox_item join delivery on delivery.id = inbox_item.delivery_id
      where inbox_item.person_code = ${personCode} and delivery.purpose not like 'reminder-%'
      order by delivery.subject_kind, delivery.subject_id, inbox_item.posted_at desc
    ) card
    left join warning on card.subject_kind = 'warning' and warning.id = card.subject_id
    left join rule on rule.id = warning.rule_id
    left join person owner on owner.code = warning.owner_code
    left join request on card.subject_kind = 'request' and request.id = card.subject_id
    left join assessment_point point on card.subject_kind = 'points' and point.id = card.subject_id
    left join tag_review review on card.subject_kind = 'review' and review.id = card.subject_id
    where card.subject_kind in ('digest', 'assessment') or review.id is not null or point.id is not null or warning.id is not null or request.id is not null`;
}

/** Whether a vote is for this person to cast now: a member's own, an absent member's, or the chair's decision. */
function isOnesVote(sql: Sql, { personCode, nowMs }: Pick<InboxFilter, 'personCode' | 'nowMs'>) {
  return sql`
    not coalesce(request.terms -> 'ownerCodes' ? ${personCode}, false) and case
      when request.state_body ? 'chair' then
        request.terms -> 'chair' ->> 'code' = ${personCode} and not request.state_body ? 'decided'
      when request.member_codes ? ${personCode} then not ${hasVoted(sql, sql`${personCode}::text`)}
      else exists (
        select from person member
        where request.member_codes ? member.code and member.deputy_code = ${personCode}
          and not ${hasVoted(sql, sql`member.code`)} and exists (
            select from jsonb_array_elements(member.absences) absence
            where (absence ->> 'fromMs')::float8 <= ${nowMs}::float8
              and (absence ->> 'untilMs')::float8 > ${nowMs}::float8))
    end`;
}

/** Whether somebody cast the vote of this member's seat, which members of a department may share. */
function hasVoted(sql: Sql, memberCode: ReturnType<Sql>) {
  return sql`exists (
    select from vote where vote.request_id = request.id and (
      coalesce(vote.in_place_of, vote.person_code) = ${memberCode} or exists (
        select from jsonb_array_elements(request.terms -> 'seats') seat
        where seat -> 'personCodes' ? ${memberCode}
          and seat -> 'personCodes' ? coalesce(vote.in_place_of, vote.person_code))))`;
}

function shown(sql: Sql, filter: InboxFilter) {
  const state =
    filter.show === 'all' ? sql`true` : filter.show === 'waiting' ? sql`waiting` : sql`not waiting`;
  return filter.severity === null ? state : sql`${state} and severity = ${filter.severity}`;
}

function toEntry(row: EntryRow): InboxEntry {
  return {
    subject: toSubject(row),
    purpose: row.purpose,
    postedAtMs: row.posted_at,
    waiting: row.waiting,
  };
}

function toSubject(row: EntryRow): InboxSubject {
  if (row.warning_state !== null && row.severity !== null) {
    return {
      kind: 'warning',
      id: row.subject_id,
      ruleName: row.rule_name ?? { 'zh-CN': `#${row.subject_id}`, en: `#${row.subject_id}` },
      severity: row.severity,
      state: row.warning_state,
      customers: row.customers ?? 0,
      ownerCode: row.owner_code ?? '',
      claimDueAtMs: row.claim_due_at ?? 0,
      closeDueAtMs: row.close_due_at ?? 0,
    };
  }
  if (row.proposal !== null && row.request_state !== null) {
    return {
      kind: 'request',
      id: row.subject_id,
      proposal: row.proposal,
      state: row.request_state,
      requesterCode: row.requester_code ?? '',
      dueAtMs: row.request_due_at ?? 0,
    };
  }
  const { subject_kind: kind, subject_id: id } = row;
  if (row.review_due_at !== null) return { kind: 'review', id, dueAtMs: row.review_due_at };
  return { kind: kind === 'assessment' || kind === 'points' ? kind : 'digest', id };
}
