import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { sql, type AnyColumn, type SQL } from 'drizzle-orm';
import type { WarningEvidence } from '../../bot/views.ts';
import type { KeptBackTest } from '../../domain/back-test.ts';
import type { AutomaticFixReport } from '../../domain/automatic-fix.ts';
import type { FixChoice, FixOutcome, FixState } from '../../domain/fix.ts';
import type {
  RequestProposal,
  RequestState,
  Ballot,
  RequestMessage,
  VotingTerms,
} from '../../domain/request.ts';
import type { Interval } from '../../domain/deadline.ts';
import type { Escalation } from '../../domain/escalation.ts';
import type { TagRename } from '../../domain/retag.ts';
import type { Severity } from '../../domain/severity.ts';
import type { WarningState } from '../../domain/warning.ts';
import { instant } from './columns.ts';

/** Texts that stand by themselves anywhere in a proposal. */
export function requestWordsOf(proposal: AnyColumn): SQL {
  return sql`jsonb_path_query_array(${proposal}, '$.** ? (@.type() == "string")')`;
}

/** What people query; the live state is its workflow's, which writes this row and its audit row in one transaction. */
export const warnings = pgTable(
  'warning',
  {
    id: serial().primaryKey(),
    fingerprint: text().notNull(),
    ruleId: integer().notNull(),
    ruleCode: text().notNull(),
    severity: text().$type<Severity>().notNull(),
    ownerCode: text().notNull(),
    secondLineCode: text(),
    managerCode: text(),
    state: text().$type<WarningState['kind']>().notNull(),
    stateBody: jsonb().$type<WarningState>().notNull(),
    level: smallint().notNull(),
    escalations: jsonb().$type<readonly Escalation[]>().notNull().default([]),
    dutyCode: text(),
    /** The warning like it that closed not long before this one opened. */
    previousId: integer(),
    /** How many times in a row it has come back. */
    recurrences: smallint().notNull().default(0),
    snoozedUntil: instant(),
    snoozes: smallint().notNull(),
    customers: integer().notNull(),
    openedAt: instant().notNull(),
    claimedAt: instant(),
    closedAt: instant(),
    claimDueAt: instant().notNull(),
    closeDueAt: instant().notNull(),
    /** When its time stands still because nobody is on duty. */
    pause: jsonb().$type<Interval>(),
    version: integer().notNull(),
    /** Examples and cause as last seen while the conflict stood, so that a resolved card keeps its body. */
    evidence: jsonb().$type<WarningEvidence>(),
    /** The last dry run of a rule that may fix by itself, and what came of it. */
    automaticFix: jsonb().$type<AutomaticFixReport>(),
    /** Those of which people were told in one card. */
    floodId: integer(),
  },
  (table) => [
    uniqueIndex('warning_open').on(table.fingerprint).where(sql`state <> 'closed'`),
    index().on(table.ownerCode, table.state),
    index().on(table.openedAt),
    index().on(table.closedAt),
    index().on(table.fingerprint),
    index().on(table.floodId).where(sql`flood_id is not null`),
  ],
);

/**
 * Warnings that one scan opened for one person, more than they should get cards: they are told of all of them in one
 * (`warning.flood_id`).
 */
export const floods = pgTable('flood', {
  id: serial().primaryKey(),
  ownerCode: text().notNull(),
  openedAt: instant().notNull(),
});

export const fixes = pgTable(
  'fix',
  {
    id: serial().primaryKey(),
    warningId: integer(),
    /** The tag request whose approval it applies; a fix has either a warning or a request. */
    requestId: integer(),
    /** What asked for it, such as warning/5/7 (id and version): a repeated request finds the fix it made. */
    planKey: text().notNull().unique(),
    choice: jsonb().$type<FixChoice>(),
    /** Of a request that renames a tag: what sources are to call it. */
    rename: jsonb().$type<TagRename>(),
    state: text().$type<FixState>().notNull(),
    requestedBy: text().notNull(),
    createdAt: instant().notNull(),
    writtenAt: instant(),
    undoUntil: instant(),
    undoneBy: text(),
    undoneAt: instant(),
    /** The attempt that writes now; an attempt that was given up finds another's token here and stops. */
    writerToken: text(),
    /** When those who watch were last told how far writing has come. */
    progressedAt: instant(),
    /** The source that is being written, and its last customer whose writing has begun. */
    begunSourceId: smallint(),
    begunThroughId: bigint({ mode: 'number' }),
  },
  (table) => [
    index().on(table.warningId).where(sql`warning_id is not null`),
    index().on(table.requestId).where(sql`request_id is not null`),
  ],
);

/** One customer of a fix with before and after: the way back. */
export const fixItems = pgTable(
  'fix_item',
  {
    /** Checked by nothing: it would cost a third of laying down a fix, and whoever does that has just made the fix. */
    fixId: integer().notNull(),
    customerId: bigint({ mode: 'number' }).notNull(),
    sourceId: smallint().notNull(),
    beforeTagIds: integer().array().notNull(),
    afterTagIds: integer().array().notNull(),
    outcome: text().$type<FixOutcome>().notNull(),
    /** Why a source refused, or what differs; never customers' data beyond tag names. */
    detail: text(),
    undoOutcome: text().$type<FixOutcome>(),
    undoDetail: text(),
  },
  (table) => [
    // In the order in which a fix is written. No index on the outcome: it would double the cost of recording one. For the
    // same reason pages are filled by half only (migration fix_items_leave_room).
    primaryKey({ columns: [table.fixId, table.sourceId, table.customerId] }),
  ],
);

export const requests = pgTable(
  'request',
  {
    id: serial().primaryKey(),
    proposal: jsonb().$type<RequestProposal>().notNull(),
    requesterCode: text().notNull(),
    reason: text().notNull(),
    state: text().$type<RequestState['kind']>().notNull(),
    stateBody: jsonb().$type<RequestState>().notNull(),
    memberCodes: jsonb().$type<readonly string[]>().notNull(),
    quorum: smallint().notNull(),
    vetoCodes: jsonb().$type<readonly string[]>().notNull(),
    terms: jsonb().$type<VotingTerms>(),
    /** Of an item of a batch: the request it was voted on in, and which of its items it is, from 0. */
    batchId: integer(),
    batchIndex: smallint(),
    /** Of a rule that is asked for; null until it was tested. */
    backTest: jsonb().$type<KeptBackTest>(),
    createdAt: instant().notNull(),
    dueAt: instant().notNull(),
    /** When it began to be applied; null: it did not, or it is a batch, whose items do. */
    begunAt: instant(),
    version: integer().notNull(),
  },
  (table) => [
    index().on(table.state),
    index().on(table.begunAt),
    /** Every text that stands by itself in what is asked for, such as a tag's code. A list of pending entries makes the planner pass it over. */
    index('request_words')
      .using('gin', sql`${requestWordsOf(table.proposal)}`)
      .with({ fastupdate: false }),
    uniqueIndex('request_batch_item').on(table.batchId, table.batchIndex),
  ],
);

export const votes = pgTable(
  'vote',
  {
    requestId: integer()
      .notNull()
      .references(() => requests.id),
    personCode: text().notNull(),
    ballot: text().$type<Ballot>().notNull(),
    /** The absent member whose deputy cast it. */
    inPlaceOf: text(),
    comment: text().notNull(),
    votedAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.requestId, table.personCode] })],
);

/** What a person wrote when ruling a warning wrong or right until a date. */
export const warningNotes = pgTable('warning_note', {
  id: serial().primaryKey(),
  warningId: integer()
    .notNull()
    .references(() => warnings.id),
  personCode: text().notNull(),
  text: text().notNull(),
  writtenAt: instant().notNull(),
});

/** What people said about a request beside their votes. */
export const requestMessages = pgTable(
  'request_message',
  {
    id: serial().primaryKey(),
    requestId: integer()
      .notNull()
      .references(() => requests.id),
    personCode: text().notNull(),
    kind: text().$type<RequestMessage['kind']>().notNull(),
    /** Of an answer, what it answers. One answer a question. */
    questionId: integer().unique(),
    text: text().notNull(),
    writtenAt: instant().notNull(),
  },
  (table) => [index().on(table.requestId)],
);

/** What a member wrote with a vote, before the vote is counted. */
export const voteNotes = pgTable('vote_note', {
  id: serial().primaryKey(),
  requestId: integer()
    .notNull()
    .references(() => requests.id),
  personCode: text().notNull(),
  text: text().notNull(),
  writtenAt: instant().notNull(),
});
