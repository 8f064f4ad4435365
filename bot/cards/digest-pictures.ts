import type { RuleKind } from '../../domain/rule.ts';
import type { PictureBlock } from '../card.ts';
import { columnsChart } from '../charts/columns.ts';
import { lineChart, percentScale } from '../charts/line.ts';
import { seriesTones, type Series } from '../charts/svg.ts';
import { pictureTexts } from '../texts/digest.ts';
import { ruleKindWords } from '../texts/rule-kinds.ts';
import type { DigestTrends, DigestView } from '../views.ts';
import type { Pen } from './context.ts';

/** About as wide as a message on a phone, so that its letters are as large as those around it. */
const width = 300;
/** Kinds with a colour of their own; the rest are one. */
const kindsMax = 4;

/** The charts of a digest that have something to show. */
export function digestPictures(view: DigestView, pen: Pen): readonly PictureBlock[] {
  const { trends } = view;
  return [
    ...(hasHealthPicture(view) ? [healthPicture(view, pen)] : []),
    ...(trends.standing.every(({ open }) => open === 0) ? [] : [standingPicture(trends, pen)]),
    ...(trends.opened.every(({ byKind }) => byKind.length === 0)
      ? []
      : [openedPicture(trends, pen)]),
  ];
}

/** Where a digest shows its charts, and health was measured more than once. */
export function hasHealthPicture({ content, trends }: DigestView): boolean {
  return content === 'full' && trends.health.length > 1;
}

function picture(title: string, alt: string, svg: string): PictureBlock {
  return { kind: 'picture', title, alt, svg, reference: null };
}

/** Such as 11-23. */
function dayOf(atMs: number, { format }: Pen): string {
  return format.date(atMs).slice(5);
}

export function healthWords({ health }: Pick<DigestView, 'health'>, pen: Pen): string | null {
  const words = pictureTexts[pen.reader.locale];
  const { now, before } = health;
  if (now === null) return null;
  const score = Math.round(now);
  const change = before === null ? [] : [words.healthChange(score - Math.round(before))];
  return [words.healthScore(pen.format.number(score)), ...change].join(pen.texts.clauseSeparator);
}

function healthPicture(view: DigestView, pen: Pen): PictureBlock {
  const words = pictureTexts[pen.reader.locale];
  const steps = view.trends.health.map(({ atMs }) => dayOf(atMs, pen));
  const values = view.trends.health.map(({ score }) => score);
  const format = (value: number) => pen.format.number(Math.round(value));
  const now = healthWords(view, pen);
  const title = now === null ? words.health : `${words.health}${pen.texts.colon}${now}`;
  const alt = words.healthSince(steps[0] ?? '', format(values[0] ?? 0));
  return picture(
    title,
    alt,
    lineChart({
      label: `${title} ${alt}`,
      steps,
      lines: [{ label: words.health, tone: 'green', values }],
      scale: percentScale(values),
      format,
      width,
    }),
  );
}

function standingPicture({ standing }: DigestTrends, pen: Pen): PictureBlock {
  const words = pictureTexts[pen.reader.locale];
  const number = (value: number) => pen.format.number(value);
  const [first, last] = [standing[0], standing.at(-1)];
  const alt = words.standingWords(
    { open: number(last?.open ?? 0), overdue: number(last?.overdue ?? 0) },
    { day: dayOf(first?.untilMs ?? 0, pen), open: number(first?.open ?? 0) },
  );
  return picture(
    words.standing,
    alt,
    columnsChart({
      label: `${words.standing} ${alt}`,
      series: [
        { label: words.inTime, tone: 'blue' },
        { label: words.overdue, tone: 'red' },
      ],
      columns: standing.map(({ untilMs, open, overdue }) => ({
        label: dayOf(untilMs, pen),
        values: [open - overdue, overdue],
      })),
      format: number,
      width,
    }),
  );
}

function openedPicture({ step, opened }: DigestTrends, pen: Pen): PictureBlock {
  const words = pictureTexts[pen.reader.locale];
  const number = (value: number) => pen.format.number(value);
  const shown = commonestKinds(opened);
  const countOf = (week: DigestTrends['opened'][number], wanted: (kind: RuleKind) => boolean) =>
    week.byKind.reduce(
      (sum, line) => sum + (line.kind !== null && wanted(line.kind) ? line.opened : 0),
      0,
    );
  const groups = [
    ...shown.map((kind) => ({
      name: ruleKindWords[pen.reader.locale][kind],
      of: (week: DigestTrends['opened'][number]) => countOf(week, (one) => one === kind),
    })),
    {
      name: words.otherKinds,
      of: (week: DigestTrends['opened'][number]) =>
        week.byKind.reduce((sum, line) => sum + line.opened, 0) -
        countOf(week, (kind) => shown.includes(kind)),
    },
  ].filter((group) => opened.some((week) => group.of(week) > 0));
  const last = opened.at(-1);
  const counted =
    last === undefined
      ? []
      : groups
          .filter((group) => group.of(last) > 0)
          .map((group) => `${group.name} ${number(group.of(last))}`);
  const alt =
    counted.length === 0
      ? words.openedNone[step]
      : words.openedWords[step](counted.join(pen.texts.clauseSeparator));
  const title = words.opened[step];
  return picture(
    title,
    alt,
    columnsChart({
      label: `${title} ${alt}`,
      series: groups.map(
        ({ name }, index): Series => ({
          label: name,
          tone: index < shown.length ? (seriesTones[index] ?? 'grey') : 'grey',
        }),
      ),
      columns: opened.map((week) => ({
        label: dayOf(week.untilMs, pen),
        values: groups.map((group) => group.of(week)),
      })),
      format: number,
      width,
    }),
  );
}

function commonestKinds(opened: DigestTrends['opened']): readonly RuleKind[] {
  const sums = new Map<RuleKind, number>();
  for (const { kind, opened: count } of opened.flatMap(({ byKind }) => byKind)) {
    if (kind !== null) sums.set(kind, (sums.get(kind) ?? 0) + count);
  }
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, kindsMax)
    .map(([kind]) => kind);
}
