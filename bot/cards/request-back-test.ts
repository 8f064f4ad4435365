import type { AttachedBackTest } from '../../domain/back-test.ts';
import { plain, type Block } from '../card.ts';
import { undecidedWords } from '../texts/undecided.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import type { Pen } from './context.ts';

const overlapsMax = 3;
const ruleCharsMax = 60;

/** What the rule that is asked for, or that of a tag's new days, would flag, in figures; nothing until it was tested. */
export function backTestBlocks(view: RequestView, pen: Pen): readonly Block[] {
  const { backTest, request } = view;
  const { proposal } = request;
  if (backTest === null) return [];
  const words = requestWords[pen.reader.locale].backTest;
  const [isCompared, staysOn] =
    proposal.kind === 'change-rule'
      ? [proposal.before?.enabled === true, proposal.after.enabled]
      : [true, true];
  return [
    {
      kind: 'list',
      title: words.title,
      items: [
        flaggedWords(backTest, pen),
        ...(isCompared ? [comparedWords(backTest, staysOn, pen)] : []),
        ...historyWords(backTest, pen),
        ...overlapWords(backTest, view, pen),
        ...openWords(backTest, view, pen),
        words.testedAt(pen.format.dateTime(backTest.testedAtMs)),
      ].map((line) => [plain(line)]),
      more: null,
    },
  ];
}

function flaggedWords({ about, flagged, examined }: AttachedBackTest, pen: Pen): string {
  const words = requestWords[pen.reader.locale].backTest;
  const { format } = pen;
  const isBelowOne = flagged > 0 && flagged * 100 < examined;
  return words.flagged[about](
    format.number(flagged),
    format.number(examined),
    isBelowOne ? '<1%' : format.percent(flagged, examined),
  );
}

function comparedWords(backTest: AttachedBackTest, staysOn: boolean, pen: Pen): string {
  const { what, off, same, compared } = requestWords[pen.reader.locale].backTest;
  const { about, flaggedAnew, noLongerFlagged } = backTest;
  if (!staysOn) return off;
  if (flaggedAnew === 0 && noLongerFlagged === 0) return same;
  return compared(
    what[about](pen.format.number(flaggedAnew)),
    what[about](pen.format.number(noLongerFlagged)),
  );
}

/** Of whom it cannot tell. */
function openWords(
  { undecided }: AttachedBackTest,
  { attributes }: RequestView,
  pen: Pen,
): readonly string[] {
  if (undecided.customers === 0) return [];
  const { locale } = pen.reader;
  const words = requestWords[locale].backTest;
  return [words.undecided(undecidedWords(undecided, attributes, locale))];
}

/** What people made of the same before. */
function historyWords(backTest: AttachedBackTest, pen: Pen): readonly string[] {
  const { what, dismissedBefore, record } = requestWords[pen.reader.locale].backTest;
  const { about, right, wrong } = backTest;
  const number = (value: number) => pen.format.number(value);
  return [
    ...(backTest.dismissedBefore === 0
      ? []
      : [dismissedBefore(what[about](number(backTest.dismissedBefore)))]),
    ...(right + wrong === 0 ? [] : [record(number(right), number(wrong))]),
  ];
}

function overlapWords(
  { about, overlaps }: AttachedBackTest,
  { rules }: RequestView,
  pen: Pen,
): readonly string[] {
  const { locale } = pen.reader;
  const { what, overlap } = requestWords[locale].backTest;
  return overlaps.slice(0, overlapsMax).map(({ ruleCode, flagged }) => {
    const rule = rules.get(ruleCode);
    const name = rule === undefined ? shorten(ruleCode, ruleCharsMax) : nameIn(locale, rule.name);
    return overlap(pen.texts.quote(name), what[about](pen.format.number(flagged)));
  });
}
