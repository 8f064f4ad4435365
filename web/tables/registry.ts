import { openCandidates, openRelations, openRules, openTags } from './dictionary.ts';
import { openAudit, openDeliveries, openPeople, openScans } from './operations.ts';
import { openTimes } from './times.ts';
import { openAssessment, openExceptions, openSilences } from './quiet.ts';
import type { OpenTable, TableName } from './table.ts';
import { openInbox, openRequests, openWarnings } from './work.ts';

/** How each table of a page is read whole. */
export const tables: Readonly<Record<TableName, OpenTable>> = {
  inbox: openInbox,
  warnings: openWarnings,
  times: openTimes,
  tags: openTags,
  relations: openRelations,
  rules: openRules,
  candidates: openCandidates,
  requests: openRequests,
  scans: openScans,
  deliveries: openDeliveries,
  people: openPeople,
  silences: openSilences,
  exceptions: openExceptions,
  assessment: openAssessment,
  audit: openAudit,
};
