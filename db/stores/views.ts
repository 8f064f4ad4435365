import { readReviewView } from './review-views.ts';
import { and, asc, eq, inArray, or } from 'drizzle-orm';
import type { HistoryEntry, ViewReader } from '../../bot/views.ts';
import { hiddenFrom, visibleDictionary } from '../../domain/hidden.ts';
import type { Database } from '../client.ts';
import { auditRows } from '../schema/access.ts';
import { fixes, warnings } from '../schema/warnings.ts';
import {
  listContestable,
  readMonthNow,
  readPointsView,
  readReportView,
} from './assessment-reports.ts';
import { findWarningException } from './exceptions.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { findUnreached } from './delivery-queue.ts';
import { readDigestView } from './digests.ts';
import { readFloodView } from './floods.ts';
import { listOfferedGroups, loadPreference } from './preferences.ts';
import { previewRequest, readRequestView } from './request-views.ts';
import { searchTags } from './tag-search.ts';
import { readCustomers } from './warning-evidence.ts';
import { listResponsibilities, readWarningView } from './warning-views.ts';

/** Entries shown of one subject's history; the audit page has them all. */
const historyMax = 200;

/** What the bot and the console show, read from the projection. */
export function createViewReader(
  database: Database,
  dependencies: {
    readonly fixPreview: ViewReader['fixPreview'];
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): ViewReader {
  const { now } = dependencies;
  return {
    warning: (warningId) => readWarningView(database, warningId, now()),
    request: (requestId) => readRequestView(database, requestId),
    review: (reviewId) => readReviewView(database, reviewId),
    digest: (digestId) => readDigestView(database, digestId),
    flood: (floodId) => readFloodView(database.sql, floodId),
    assessment: (reportId) => readReportView(database, reportId),
    assessmentNow: (reader) => readMonthNow(database, reader, now()),
    points: (pointsId, reader) => readPointsView(database, pointsId, reader),
    contestable: (person) => listContestable(database, person, now()),
    fixPreview: dependencies.fixPreview,
    customers: (warningId, page) => readCustomerPage(database, warningId, page),
    history: (subject) => readHistory(database, subject),
    openWarnings: (personCode, limit) => readOpenWarnings(database, personCode, limit, now()),
    searchTags: (reader, text, limit) => searchTags(database, { reader, text, limit }),
    dictionary: async (reader) => {
      const { dictionary, people } = await readCurrentKnowledge(database);
      return visibleDictionary(dictionary, reader, people);
    },
    sight: async (reader) => {
      const { dictionary, people } = await readCurrentKnowledge(database);
      return { dictionary, people, hidden: hiddenFrom(reader, dictionary, people) };
    },
    previewRequest: (asked, asker) => previewRequest(database, asked, asker),
    unreached: (warningId) => findUnreached(database.query, warningId),
    exceptionOf: (warningId) => findWarningException(database.sql, warningId, now()),
    people: async () => (await readCurrentKnowledge(database)).people,
    groups: (personCode) => listOfferedGroups(database.query, personCode),
    preference: (personCode) => loadPreference(database.query, personCode),
  };
}

async function readCustomerPage(
  database: Database,
  warningId: number,
  page: Parameters<ViewReader['customers']>[1],
): ReturnType<ViewReader['customers']> {
  const { dictionary } = await readCurrentKnowledge(database);
  const [row] = await database.query
    .select({ ruleId: warnings.ruleId })
    .from(warnings)
    .where(eq(warnings.id, warningId));
  const rule = dictionary.rules.find((candidate) => candidate.id === row?.ruleId);
  if (rule === undefined) return { total: 0, customers: [] };
  const { offset, limit } = page;
  const text = page.text?.trim() ?? '';
  const pattern = text === '' ? '%' : containing(text);
  const [count] = await database.sql<{ total: number }[]>`
    select count(distinct customer_id) as total
    from finding where warning_id = ${warningId} and state = 'open'
      and (${pattern} = '%' or exists (
        select from mirror_customer named where named.id = finding.customer_id
          and (named.ref ilike ${pattern} or named.name ilike ${pattern})))`;
  const wanted = { warningId, rule, dictionary, offset, limit, pattern };
  const customers = await readCustomers(database, wanted);
  return { total: count?.total ?? 0, customers };
}

/** A pattern of LIKE for texts that hold this one. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** The audit rows of a subject and of its fixes; newest last. */
async function readHistory(
  database: Database,
  subject: { readonly kind: 'warning' | 'request'; readonly id: number },
): Promise<readonly HistoryEntry[]> {
  const fixIds = await database.query
    .select({ id: fixes.id })
    .from(fixes)
    .where(eq(subject.kind === 'warning' ? fixes.warningId : fixes.requestId, subject.id));
  const own = and(
    eq(auditRows.subjectKind, subject.kind),
    eq(auditRows.subjectId, String(subject.id)),
  );
  const ofFixes = and(
    eq(auditRows.subjectKind, 'fix'),
    inArray(
      auditRows.subjectId,
      fixIds.map((fix) => String(fix.id)),
    ),
  );
  const rows = await database.query
    .select()
    .from(auditRows)
    .where(fixIds.length === 0 ? own : or(own, ofFixes))
    .orderBy(asc(auditRows.id))
    .limit(historyMax);
  return rows.map((row) => ({
    atMs: row.at,
    actorCode: row.actorCode,
    through: row.through,
    action: row.action,
    before: row.before,
    after: row.after,
  }));
}

async function readOpenWarnings(
  database: Database,
  personCode: string,
  limit: number,
  nowMs: number,
): ReturnType<ViewReader['openWarnings']> {
  const { people } = await readCurrentKnowledge(database);
  const ids = await listResponsibilities(database, { personCode, people, nowMs, limit });
  const views = await Promise.all(ids.map((id) => readWarningView(database, id, nowMs)));
  return views.filter((view) => view !== null);
}
