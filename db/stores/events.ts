import { asc, desc, eq, gt, inArray } from 'drizzle-orm';
import type {
  CountsBySeverity,
  Event,
  EventBody,
  Subscriber,
  WarningFacts,
} from '../../domain/event.ts';
import { gatherOpened, isGroup, wantsEvent } from '../../domain/event.ts';
import { groupCodeOf } from '../../domain/chat-group.ts';
import { severities } from '../../domain/severity.ts';
import { closeReasons } from '../../domain/warning.ts';
import type { Database } from '../client.ts';
import { auditRows, digests } from '../schema/access.ts';
import { deliveries } from '../schema/channels.ts';
import { eventCursors, events } from '../schema/events.ts';
import { requests, warnings } from '../schema/warnings.ts';
import { people } from '../schema/people.ts';
import type { Queryable } from './audit.ts';
import { countBySeverity } from './warning-figures.ts';

/** Audit rows that are turned into events in one go. */
const rowsMax = 500;
const cursorName = 'audit';

type AuditRow = Pick<
  typeof auditRows.$inferSelect,
  'id' | 'at' | 'action' | 'actorCode' | 'subjectId' | 'after'
>;

interface Happened {
  readonly origin: string;
  readonly atMs: number;
  readonly body: EventBody;
}

export async function findEvent(database: Queryable, id: number): Promise<Event | null> {
  const [row] = await database.select().from(events).where(eq(events.id, id));
  return row === undefined ? null : { id: row.id, key: row.key, atMs: row.at, body: row.body };
}

/**
 * Turns what the audit trail says since the last time into events and puts them into the queues of who is subscribed.
 * The trail is written with every change and in the order of commits, so that nothing is missed and nothing told
 * twice, by however many processes. What was before the first time is told nobody. Returns whether there may be more.
 */
export async function announceAudited(
  database: Database,
  input: { readonly subscribers: readonly Subscriber[]; readonly nowMs: number },
): Promise<boolean> {
  return database.query.transaction(async (transaction) => {
    const throughId = await lockCursor(transaction);
    const rows = await transaction
      .select()
      .from(auditRows)
      .where(gt(auditRows.id, throughId))
      .orderBy(asc(auditRows.id))
      .limit(rowsMax);
    const last = rows.at(-1);
    if (last === undefined) return false;
    if (input.subscribers.length > 0) {
      await tellAll(transaction, await readHappened(transaction, rows), {
        ...input,
        burst: `burst/${last.id}`,
      });
    }
    await transaction
      .update(eventCursors)
      .set({ throughAuditId: last.id })
      .where(eq(eventCursors.name, cursorName));
    return rows.length === rowsMax;
  });
}

/** Counts a day and tells those who are subscribed, once a day. */
export async function announceDay(
  database: Database,
  input: {
    readonly day: string;
    readonly fromMs: number;
    readonly untilMs: number;
    readonly subscribers: readonly Subscriber[];
  },
): Promise<void> {
  const { day, fromMs, untilMs, subscribers } = input;
  const origin = `daily/${day}`;
  const [known] = await database.query
    .select({ id: events.id })
    .from(events)
    .where(eq(events.origin, origin));
  if (known !== undefined) return;
  const everything = { ownerCodes: null, reader: null };
  const bySeverity = await countBySeverity(database.sql, everything, { fromMs, untilMs });
  const body: EventBody = { kind: 'report.daily', day, fromMs, untilMs, bySeverity };
  await database.query.transaction((transaction) =>
    tell(transaction, { origin, atMs: untilMs, body }, subscribers, untilMs),
  );
}

async function lockCursor(transaction: Queryable): Promise<number> {
  const read = () =>
    transaction.select().from(eventCursors).where(eq(eventCursors.name, cursorName)).for('update');
  const [known] = await read();
  if (known !== undefined) return known.throughAuditId;
  const [newest] = await transaction
    .select({ id: auditRows.id })
    .from(auditRows)
    .orderBy(desc(auditRows.id))
    .limit(1);
  await transaction
    .insert(eventCursors)
    .values({ name: cursorName, throughAuditId: newest?.id ?? 0 })
    .onConflictDoNothing();
  const [made] = await read();
  return made?.throughAuditId ?? 0;
}

async function tellAll(
  transaction: Queryable,
  happened: readonly Happened[],
  input: {
    readonly subscribers: readonly Subscriber[];
    readonly nowMs: number;
    readonly burst: string;
  },
): Promise<void> {
  const { subscribers, nowMs, burst } = input;
  const opened = happened.flatMap(({ body }) => (body.kind === 'warning.opened' ? [body] : []));
  const together = new Map<string, EventBody>();
  for (const subscriber of subscribers.filter(isGroup)) {
    const gathered = gatherOpened(opened.filter((body) => wantsEvent(subscriber, body)));
    if (gathered.kind === 'together') together.set(subscriber.code, gathered.body);
  }
  for (const one of happened) {
    const told = subscribers.filter(
      (subscriber) =>
        wantsEvent(subscriber, one.body) &&
        !(one.body.kind === 'warning.opened' && together.has(subscriber.code)),
    );
    await tell(transaction, one, told, nowMs);
  }
  for (const subscriber of subscribers) {
    const body = together.get(subscriber.code);
    if (body === undefined) continue;
    const origin = `${burst}/${subscriber.code}`;
    await tell(transaction, { origin, atMs: nowMs, body }, [subscriber], nowMs);
  }
}

async function tell(
  transaction: Queryable,
  { origin, atMs, body }: Happened,
  subscribers: readonly Subscriber[],
  nowMs: number,
): Promise<void> {
  if (subscribers.length === 0) return;
  const [event] = await transaction
    .insert(events)
    .values({ origin, body, at: atMs })
    .onConflictDoNothing()
    .returning({ id: events.id });
  if (event === undefined) return;
  await transaction
    .insert(deliveries)
    .values(
      subscribers.map(({ code, kind }) => ({
        subjectKind: 'event' as const,
        subjectId: event.id,
        purpose: 'subscriber' as const,
        channel: kind,
        recipientCode: code,
        state: 'pending' as const,
        rank: rankOf(body),
        // Quiet hours are people's.
        urgent: true,
        queuedAt: nowMs,
        createdAt: nowMs,
        updatedAt: nowMs,
      })),
    )
    .onConflictDoNothing();
}

function rankOf(body: EventBody): number {
  return 'severity' in body ? severities.indexOf(body.severity) : 1;
}

async function readHappened(
  transaction: Queryable,
  rows: readonly AuditRow[],
): Promise<readonly Happened[]> {
  const ids = (prefix: string) => [
    ...new Set(
      rows.filter((row) => row.action.startsWith(prefix)).map((row) => Number(row.subjectId)),
    ),
  ];
  const facts = await readFacts(transaction, ids('warning.'));
  const proposals = await readProposals(transaction, ids('request.'));
  const made = await readDigests(transaction, ids('digest.'));
  return rows.flatMap((row) => {
    const id = Number(row.subjectId);
    const body =
      warningBody(row, facts.get(id)) ??
      requestBody(row, proposals.get(id)) ??
      monthBody(row) ??
      (row.action === 'digest.created' && row.actorCode === null ? made.get(id) : undefined);
    return body === undefined ? [] : [{ origin: `audit/${row.id}`, atMs: row.at, body }];
  });
}

function warningBody(row: AuditRow, known: WarningFacts | undefined): EventBody | undefined {
  if (known === undefined) return undefined;
  const after = recordOf(row.after);
  const customers = after['customers'];
  const facts = typeof customers === 'number' ? { ...known, customers } : known;
  switch (row.action) {
    case 'warning.opened':
      return { kind: 'warning.opened', ...facts };
    case 'warning.claimed':
      return { kind: 'warning.claimed', ...facts, by: row.actorCode };
    case 'warning.escalated':
    case 'warning.escalated-now': {
      const codes = after['escalatedTo'];
      const to = typeof codes === 'string' ? peopleOf(codes) : [];
      const by = row.action === 'warning.escalated-now' ? row.actorCode : null;
      return { kind: 'warning.escalated', ...facts, to, ...(by === null ? {} : { by }) };
    }
    case 'warning.closed': {
      const reason = closeReasons.find((one) => one === after['reason']) ?? null;
      return { kind: 'warning.closed', ...facts, by: row.actorCode, reason };
    }
    default:
      return undefined;
  }
}

/** What closeMonth wrote is what is told. */
function monthBody(row: AuditRow): EventBody | undefined {
  if (row.action !== 'assessment.month-closed') return undefined;
  const after = row.after as Omit<Extract<EventBody, { kind: 'report.monthly' }>, 'kind'>;
  return { kind: 'report.monthly', ...after };
}

/** Groups are named by their policy, which events do not carry. */
function peopleOf(codes: string): readonly string[] {
  return codes.split(' ').filter((code) => code !== '' && groupCodeOf(code) === null);
}

type DecidedRequest = Extract<EventBody, { kind: 'request.decided' }>;

function requestBody(
  row: AuditRow,
  known: Pick<DecidedRequest, 'requestId' | 'proposal' | 'requesterCode'> | undefined,
): EventBody | undefined {
  const outcome = outcomes.get(row.action);
  return known === undefined || outcome === undefined
    ? undefined
    : { kind: 'request.decided', ...known, outcome };
}

const outcomes: ReadonlyMap<string, DecidedRequest['outcome']> = new Map([
  ['request.approved', 'approved'],
  ['request.rejected', 'rejected'],
  ['request.expired', 'expired'],
]);

async function readFacts(
  transaction: Queryable,
  ids: readonly number[],
): Promise<ReadonlyMap<number, WarningFacts>> {
  const rows =
    ids.length === 0
      ? []
      : await transaction
          .select()
          .from(warnings)
          .where(inArray(warnings.id, [...ids]));
  return new Map(
    rows.map((row) => [
      row.id,
      {
        warningId: row.id,
        ruleCode: row.ruleCode,
        severity: row.severity,
        ownerCode: row.ownerCode,
        customers: row.customers,
        openedAtMs: row.openedAt,
        claimDueAtMs: row.claimDueAt,
        closeDueAtMs: row.closeDueAt,
      },
    ]),
  );
}

async function readProposals(transaction: Queryable, ids: readonly number[]) {
  const rows =
    ids.length === 0
      ? []
      : await transaction
          .select()
          .from(requests)
          .where(inArray(requests.id, [...ids]));
  return new Map(
    rows.map(({ id, proposal, requesterCode }) => [
      id,
      { requestId: id, proposal: proposal.kind, requesterCode },
    ]),
  );
}

async function readDigests(transaction: Queryable, ids: readonly number[]) {
  const rows =
    ids.length === 0
      ? []
      : await transaction
          .select({ digest: digests, departmentCode: people.departmentCode })
          .from(digests)
          .innerJoin(people, eq(people.code, digests.personCode))
          .where(inArray(digests.id, [...ids]));
  return new Map<number, EventBody>(
    rows.map(({ digest, departmentCode }) => [
      digest.id,
      {
        kind: 'digest.created',
        digestId: digest.id,
        readerCode: digest.personCode,
        departmentCode,
        fromMs: digest.fromAt,
        untilMs: digest.untilAt,
        // The body is written by createDigest alone.
        bySeverity: (digest.body as { bySeverity: CountsBySeverity }).bySeverity,
      },
    ]),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
