import { pointCauses, totalsOf } from '../../domain/assessment.ts';
import type { Person } from '../../domain/person.ts';
import { plain, strong, type Block, type Button, type Card, type Inline } from '../card.ts';
import { personName, shorten } from '../texts/texts.ts';
import type { AssessmentEntry, AssessmentView, PointsView } from '../views.ts';
import { createPen, personInline, warningUrl, type CardContext, type Pen } from './context.ts';

const linePeopleMax = 10;
const ruleNameCharsMax = 60;
const wordsCharsMax = 1_000;

/** A person's month of the assessment: their points with why, and those of whom they lead. */
export function assessmentCard(view: AssessmentView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const words = pen.texts.assessment;
  const month = words.month(view.month);
  const points = view.own?.points ?? 0;
  const led = totalsOf(view.line);
  const isOfOthers = view.own === null && led.people > 0;
  const isContestable = view.contestUntilMs !== null && view.contestUntilMs > pen.nowMs;
  return {
    locale: reader.locale,
    tint: points + led.points > 0 ? 'orange' : 'blue',
    title: words.title(month, personName(view.reader.code, view.people, reader.locale)),
    status: isOfOthers ? words.lineStatus(led.points) : words.status(points),
    blocks: [
      ...(isOfOthers ? [] : ownBlocks(view, pen)),
      ...lineBlocks(view, pen),
      ...(isContestable && view.contestUntilMs !== null
        ? [note(words.contestBy(pen.format.date(view.contestUntilMs)))]
        : []),
    ],
    buttons: isContestable ? [contestButton(pen)] : [],
    menu: [],
    outcome: null,
    url: `${pen.publicUrl}/assessment?month=${view.month}`,
    summary: isOfOthers ? words.lineSummary(month, led.points) : words.summary(month, points),
  };
}

/** Points that were contested: the reason, and what was decided. */
export function pointsCard(view: PointsView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const { points, people } = view;
  const words = pen.texts.assessment;
  const { state } = points;
  const status =
    state.kind === 'standing' ? words.state.standing : words.contestedStatus[state.kind];
  const title = words.contestedTitle(personName(points.personCode, people, reader.locale));
  const isWaiting = state.kind === 'contested';
  const mayDecide = isWaiting && points.personCode !== reader.code;
  return {
    locale: reader.locale,
    tint: isWaiting ? 'orange' : state.kind === 'withdrawn' ? 'green' : 'grey',
    title,
    status,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: words.person, value: [personInline(pen, points.personCode, people)] },
          { label: words.what, value: entryLine(points, pen) },
          ...(state.kind === 'standing'
            ? []
            : [{ label: words.reason, value: [plain(shorten(state.reason, wordsCharsMax))] }]),
          ...('answer' in state
            ? [{ label: words.answer, value: [plain(shorten(state.answer, wordsCharsMax))] }]
            : []),
        ],
      },
      ...(isWaiting ? [note(words.stillCounts)] : []),
    ],
    buttons: mayDecide
      ? [
          {
            label: pen.texts.button.decidePoints,
            style: 'primary',
            action: { kind: 'open-decide-points', pointsId: points.id },
            confirm: null,
          },
        ]
      : [],
    menu: [],
    outcome:
      'answer' in state
        ? [
            plain(
              words.decided[state.kind](
                personName(state.by, people, reader.locale),
                pen.format.dateTime(state.atMs),
              ),
            ),
          ]
        : null,
    url: `${pen.publicUrl}/assessment?person=${points.personCode}`,
    summary: `${title}${pen.texts.colon}${status}`,
  };
}

/** Points in one line: how many, for what, the warning, when, and whether they count. */
export function entryWords(points: AssessmentEntry, pen: Pen): string {
  const words = pen.texts.assessment;
  const { cause } = points;
  return [
    words.points(points.points),
    words.cause[cause],
    warningName(points, pen),
    `${words.at[cause]} ${pen.format.date(points.atMs)}`,
  ].join(' · ');
}

function entryLine(points: AssessmentEntry, pen: Pen): readonly Inline[] {
  const words = pen.texts.assessment;
  const { cause, state } = points;
  return [
    plain(`${words.points(points.points)} · ${words.cause[cause]} · `),
    { kind: 'link', text: warningName(points, pen), url: warningUrl(pen, points.warningId) },
    plain(` · ${words.at[cause]} ${pen.format.dateTime(points.atMs)} · ${words.state[state.kind]}`),
  ];
}

function warningName({ ruleName, warningId }: AssessmentEntry, pen: Pen): string {
  const number = pen.texts.assessment.warning(warningId);
  return ruleName === null
    ? number
    : `${shorten(ruleName[pen.reader.locale], ruleNameCharsMax)} (#${warningId})`;
}

function ownBlocks(view: AssessmentView, pen: Pen): readonly Block[] {
  const words = pen.texts.assessment;
  const { own, entries, isCut, before } = view;
  if (own === null) return [note(words.none)];
  const facts = pointCauses
    .filter((cause) => own.byCause[cause] > 0)
    .map((cause) => ({
      label: words.cause[cause],
      value: [plain(words.points(own.byCause[cause]))],
    }));
  return [
    {
      kind: 'facts',
      facts: [
        {
          label: words.own,
          value: [strong(words.points(own.points)), plain(beforeWords(before.own, pen))],
        },
        ...facts,
      ],
    },
    {
      kind: 'list',
      title: words.entries,
      items: entries.map((one) => entryLine(one, pen)),
      more: isCut ? words.moreEntries : null,
    },
  ];
}

function beforeWords(points: number, { texts }: Pen): string {
  return `${texts.clauseSeparator}${texts.assessment.monthBefore(points)}`;
}

function lineBlocks({ line, before, people }: AssessmentView, pen: Pen): readonly Block[] {
  if (line.length === 0) return [];
  const words = pen.texts.assessment;
  const totals = totalsOf(line);
  const waiting = (contested: number) =>
    contested === 0 ? '' : `${pen.texts.clauseSeparator}${words.contested(contested)}`;
  return [
    {
      kind: 'facts',
      facts: [
        {
          label: words.lineTotal,
          value: [
            strong(words.points(totals.points)),
            plain(`${beforeWords(before.line, pen)}${waiting(totals.contested)}`),
          ],
        },
      ],
    },
    {
      kind: 'list',
      title: words.line,
      items: line
        .slice(0, linePeopleMax)
        .map((sum) => [
          personInline(pen, sum.personCode, people),
          plain(`${pen.texts.colon}${words.points(sum.points)}${waiting(sum.contested)}`),
        ]),
      more: line.length > linePeopleMax ? pen.texts.moreItems(line.length - linePeopleMax) : null,
    },
  ];
}

function contestButton(pen: Pen): Button {
  return {
    label: pen.texts.button.contest,
    style: 'default',
    action: { kind: 'open-contest' },
    confirm: null,
  };
}

function note(text: string): Block {
  return { kind: 'note', text: [plain(text)] };
}
