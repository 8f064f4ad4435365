import {
  index,
  integer,
  jsonb,
  pgTable,
  serial,
  smallint,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import type { PointCause, PointsState } from '../../domain/assessment.ts';
import type { Severity } from '../../domain/severity.ts';
import { instant } from './columns.ts';

/** Points of the monthly assessment. A deadline that was put off by handing on a warning counts for each owner. */
export const assessmentPoints = pgTable(
  'assessment_point',
  {
    id: serial().primaryKey(),
    personCode: text().notNull(),
    cause: text().$type<PointCause>().notNull(),
    points: smallint().notNull(),
    warningId: integer().notNull(),
    ruleCode: text().notNull(),
    severity: text().$type<Severity>().notNull(),
    at: instant().notNull(),
    state: text().$type<PointsState['kind']>().notNull(),
    stateBody: jsonb().$type<PointsState>().notNull(),
  },
  (table) => [
    unique('assessment_point_once').on(table.warningId, table.cause, table.at),
    index().on(table.at),
    index().on(table.personCode, table.at),
  ],
);

/** A person's month as it was sent to them. What it shows is read when it is drawn. */
export const assessmentReports = pgTable(
  'assessment_report',
  {
    id: serial().primaryKey(),
    personCode: text().notNull(),
    /** Such as 2026-11. */
    month: text().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [unique('assessment_report_once').on(table.personCode, table.month)],
);
