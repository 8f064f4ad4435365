import { overviewWeeks, weekMs } from '../../db/stores/overview.ts';
import type { Times } from '../../db/stores/warning-figures.ts';
import { calendarDay } from '../format.ts';
import { createOverviewReader } from '../overview-reader.ts';
import { overviewQuerySchema, parseOf } from '../pages/overview.tsx';
import { allAtOnce, tableOf, type Column, type OpenTable } from './table.ts';

interface Week extends Times {
  readonly fromMs: number;
}

const hourMs = 3_600_000;

/** Hours to a tenth, which spreadsheets calculate with; empty where nothing was claimed or closed. */
function hoursCell(durationMs: number | undefined): string {
  return durationMs === undefined ? '' : (durationMs / hourMs).toFixed(1);
}

/** How long claiming and closing took, week by week, for the business line that the overview is of. */
export const openTimes: OpenTable = ({ dependencies, visitor, knowledge, query }) => {
  const words = visitor.texts.overview;
  const of = parseOf(overviewQuerySchema.parse(query).of, knowledge);
  const shares = [
    [words.half, 'p50'],
    [words.threeQuarters, 'p75'],
    [words.nineTenths, 'p90'],
  ] as const;
  const columnsOf = (which: 'claim' | 'close') =>
    shares.map(
      ([share, key]): Column<Week> => [
        words.inHours(words[which], share),
        (week) => hoursCell(week[which]?.[key]),
      ],
    );
  return tableOf<Week>(
    [
      [words.week, ({ fromMs }) => calendarDay(fromMs, visitor.timeZone)],
      ...columnsOf('claim'),
      ...columnsOf('close'),
    ],
    allAtOnce(async () => {
      const read = createOverviewReader(dependencies.database, dependencies.now);
      const { atMs, timesByWeek } = await read(of, visitor.person, knowledge);
      return timesByWeek.map((times, week) => ({
        ...times,
        fromMs: atMs - (overviewWeeks - week) * weekMs,
      }));
    }),
  );
};
