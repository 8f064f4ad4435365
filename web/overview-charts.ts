import { barsChart } from '../bot/charts/bars.ts';
import { columnsChart } from '../bot/charts/columns.ts';
import { durationScale, lineChart, percentScale } from '../bot/charts/line.ts';
import { heatMap } from '../bot/charts/heat-map.ts';
import { seriesTones, type Series, type Tone } from '../bot/charts/svg.ts';
import { overviewWeeks, weekMs, type Overview } from '../db/stores/overview.ts';
import type { BacklogLine, FlowLine } from '../db/stores/warning-figures.ts';
import { severities, type Severity } from '../domain/severity.ts';
import type { RuleKind } from '../domain/rule.ts';
import { calendarDay, formatCount, formatDuration } from './format.ts';
import type { Knowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';

/** Colours that are told apart. */
const tonesMax = seriesTones.length;

const severityTones: Readonly<Record<Severity, Tone>> = {
  high: 'red',
  medium: 'orange',
  low: 'blue',
};

/** The first day of each week of the span, as MM-DD. */
function weekLabels(overview: Overview, visitor: SignedIn): readonly string[] {
  return Array.from({ length: overviewWeeks }, (_, week) =>
    calendarDay(overview.atMs - (overviewWeeks - week) * weekMs, visitor.timeZone).slice(5),
  );
}

export function flowChart(
  overview: Overview,
  visitor: SignedIn,
  which: 'opened' | 'closed',
): string {
  const { texts } = visitor;
  return columnsChart({
    label: which === 'opened' ? texts.overview.flow : texts.overview.closing,
    series: severitySeries(visitor),
    columns: weekLabels(overview, visitor).map((label, week) => ({
      label,
      values: severities.map((severity) =>
        sumOf(
          overview.flow.filter((line) => line.step === week && line.severity === severity),
          (line) => line[which],
        ),
      ),
    })),
    format: (value) => formatCount(value, visitor.locale),
  });
}

/** Null before there are two full scans on different days. */
export function healthChart({ health }: Overview, visitor: SignedIn): string | null {
  if (health.length < 2) return null;
  const label = visitor.texts.overview.healthTrend;
  const values = health.map(({ score }) => score);
  return lineChart({
    label,
    steps: health.map(({ atMs }) => calendarDay(atMs, visitor.timeZone).slice(5)),
    lines: [{ label, tone: 'green', values }],
    scale: percentScale(values),
    format: (value) => formatCount(Math.round(value), visitor.locale),
  });
}

/** How long half and nine tenths of what was claimed or closed each week took at most; null where nothing was. */
export function timesChart(
  overview: Overview,
  visitor: SignedIn,
  which: 'claim' | 'close',
): string | null {
  const words = visitor.texts.overview;
  const measured = overview.timesByWeek.map((times) => times[which]);
  if (measured.every((times) => times === null)) return null;
  const values = (key: 'p50' | 'p90') => measured.map((times) => times?.[key] ?? null);
  return lineChart({
    label: words.timesByWeek[which],
    steps: weekLabels(overview, visitor),
    lines: [
      { label: words.half, tone: 'blue', values: values('p50') },
      { label: words.nineTenths, tone: 'orange', values: values('p90') },
    ],
    scale: durationScale(measured.flatMap((times) => (times === null ? [] : [times.p90]))),
    format: (value) =>
      value === 0 ? formatCount(0, visitor.locale) : formatDuration(value, visitor.locale),
  });
}

/** What stood at the end of each week. */
export function standingChart(overview: Overview, visitor: SignedIn): string {
  const words = visitor.texts.overview;
  return columnsChart({
    label: words.standing,
    series: [
      { label: words.inTime, tone: 'blue' },
      { label: words.overdue, tone: 'red' },
    ],
    columns: overview.standing.map(({ open, overdue }, week) => ({
      label: calendarDay(
        overview.atMs - (overviewWeeks - 1 - week) * weekMs,
        visitor.timeZone,
      ).slice(5),
      values: [open - overdue, overdue],
    })),
    format: (value) => formatCount(value, visitor.locale),
  });
}

/** What was opened each week, and how much of it had been closed before. */
export function recurrenceChart(overview: Overview, visitor: SignedIn): string {
  const words = visitor.texts.overview;
  const labels = weekLabels(overview, visitor);
  return columnsChart({
    label: words.recurrence,
    series: [
      { label: words.firstTime, tone: 'blue' },
      { label: words.cameBack, tone: 'red' },
    ],
    columns: overview.recurrence.map((recurred, week) => {
      const lines = overview.flow.filter((line) => line.step === week);
      const opened = sumOf(lines, (line) => line.opened);
      return { label: labels[week] ?? '', values: [opened - recurred, recurred] };
    }),
    format: (value) => formatCount(value, visitor.locale),
  });
}

export function kindsChart(overview: Overview, visitor: SignedIn): string {
  const { kinds: label, otherKinds } = visitor.texts.overview;
  return openedChart(overview, visitor, {
    label,
    keyOf: (line) => line.ruleKind,
    nameOf: (kind) => kindName(kind, visitor),
    others: otherKinds,
  });
}

export function linesChart(overview: Overview, visitor: SignedIn, knowledge: Knowledge): string {
  const { lines: label, otherLines } = visitor.texts.overview;
  return openedChart(overview, visitor, {
    label,
    keyOf: (line) => line.departmentCode,
    nameOf: (code) => departmentName(code, visitor, knowledge),
    others: otherLines,
  });
}

/** What was opened each week, the commonest first; what has no colour of its own left is one. */
function openedChart<Key>(
  overview: Overview,
  visitor: SignedIn,
  by: {
    readonly label: string;
    readonly keyOf: (line: FlowLine) => Key;
    readonly nameOf: (key: Key) => string;
    readonly others: string;
  },
): string {
  const opened = overview.flow.filter((line) => line.opened > 0);
  const keys = commonestFirst(opened, by.keyOf, (line) => line.opened);
  const own = keys.length > tonesMax ? keys.slice(0, tonesMax - 1) : keys;
  const rest = keys.slice(own.length);
  const groups = [
    ...own.map((key) => ({ name: by.nameOf(key), keys: [key] })),
    ...(rest.length === 0 ? [] : [{ name: by.others, keys: rest }]),
  ];
  return columnsChart({
    label: by.label,
    series: groups.map(
      ({ name }, index): Series => ({
        label: name,
        tone: seriesTones[index % seriesTones.length] ?? 'grey',
      }),
    ),
    columns: weekLabels(overview, visitor).map((label, week) => ({
      label,
      values: groups.map((group) =>
        sumOf(
          opened.filter((line) => line.step === week && group.keys.includes(by.keyOf(line))),
          (line) => line.opened,
        ),
      ),
    })),
    format: (value) => formatCount(value, visitor.locale),
  });
}

/** Null where nothing is open. */
export function backlogChart(
  { backlog }: Overview,
  visitor: SignedIn,
  knowledge: Knowledge,
): string | null {
  if (backlog.length === 0) return null;
  const departments = commonestFirst(
    backlog,
    (line) => line.departmentCode,
    (line) => line.open,
  );
  return barsChart({
    label: visitor.texts.overview.backlog,
    series: severitySeries(visitor),
    bars: departments.map((code) => ({
      label: departmentName(code, visitor, knowledge),
      values: severities.map((severity) =>
        sumOf(
          backlog.filter((line) => line.departmentCode === code && line.severity === severity),
          (line) => line.open,
        ),
      ),
    })),
    format: (value) => formatCount(value, visitor.locale),
  });
}

/** Null where nothing is open. Each field leads to its warnings, `pathOf` those of a business line and a kind. */
export function heatChart(
  { backlog }: Overview,
  visitor: SignedIn,
  knowledge: Knowledge,
  pathOf: (departmentCode: string, kind: RuleKind) => string,
): string | null {
  if (backlog.length === 0) return null;
  const open = (line: BacklogLine) => line.open;
  const departments = commonestFirst(backlog, (line) => line.departmentCode, open);
  const kinds = commonestFirst(backlog, (line) => line.ruleKind, open);
  const svg = heatMap({
    label: visitor.texts.overview.heat,
    columns: kinds.map((kind) => kindName(kind, visitor)),
    rows: departments.map((code) => ({
      label: departmentName(code, visitor, knowledge),
      fields: kinds.map((kind) => ({
        value: sumOf(
          backlog.filter((line) => line.departmentCode === code && line.ruleKind === kind),
          open,
        ),
        href: code === null || kind === null ? null : pathOf(code, kind),
      })),
    })),
    format: (value) => formatCount(value, visitor.locale),
  });
  // An image has no links within.
  return svg.replace('role="img"', 'role="group"');
}

function severitySeries({ texts }: SignedIn): readonly Series[] {
  return severities.map((severity) => ({
    label: texts.severity[severity],
    tone: severityTones[severity],
  }));
}

function kindName(kind: RuleKind | null, { texts }: SignedIn): string {
  return kind === null ? texts.overview.otherKind : texts.ruleKind[kind];
}

function departmentName(code: string | null, visitor: SignedIn, knowledge: Knowledge): string {
  if (code === null) return visitor.texts.overview.noDepartment;
  return knowledge.departments.get(code)?.name[visitor.locale] ?? code;
}

function sumOf<T>(lines: readonly T[], value: (line: T) => number): number {
  return lines.reduce((sum, line) => sum + value(line), 0);
}

function commonestFirst<T, Key>(
  lines: readonly T[],
  keyOf: (line: T) => Key,
  value: (line: T) => number,
): readonly Key[] {
  const sums = new Map<Key, number>();
  for (const line of lines) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0) + value(line));
  return [...sums].sort((a, b) => b[1] - a[1]).map(([key]) => key);
}
