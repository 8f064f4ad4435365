import type { Person } from '../../domain/person.ts';
import { severities } from '../../domain/severity.ts';
import { plain, type Block, type Card, type Inline } from '../card.ts';
import { digestTexts, pictureTexts } from '../texts/digest.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { Cause, DigestView } from '../views.ts';
import { digestPictures, hasHealthPicture, healthWords } from './digest-pictures.ts';
import { createPen, warningUrl, type CardContext, type Pen } from './context.ts';

const causesMax = 5;
const attentionMax = 5;
const dayMs = 86_400_000;

/** A manager's day, week or month: numbers against the one before, pictures, causes, and what needs them. */
export function digestCard(view: DigestView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const words = digestTexts[reader.locale][view.every];
  const { texts } = pen;
  const department = nameIn(reader.locale, view.departmentName);
  const total = sum(view);
  return {
    locale: reader.locale,
    tint: total.overdue > 0 ? 'orange' : 'blue',
    title: words.title(department),
    status: daysWords(view, pen),
    blocks: isQuiet(view)
      ? [quietBlock(view, pen)]
      : [
          { kind: 'facts', facts: digestFacts(view, pen) },
          ...(view.content === 'full' ? digestPictures(view, pen) : []),
          ...(view.content === 'brief'
            ? []
            : [...causesBlocks(view.causes, pen), attentionBlock(view, pen)]),
        ],
    buttons: [
      {
        label: texts.button.inbox,
        style: 'primary',
        action: { kind: 'show-inbox' },
        confirm: null,
      },
    ],
    menu: [],
    outcome: null,
    url: `${pen.publicUrl}/overview?of=mine`,
    summary: words.summary(
      department,
      pen.format.number(total.open),
      pen.format.number(total.overdue),
    ),
  };
}

function daysWords({ fromMs, untilMs }: DigestView, { format }: Pen): string {
  const first = format.date(fromMs);
  const last = format.date(Math.max(fromMs, untilMs - dayMs / 2));
  return first === last ? first : `${first} – ${last}`;
}

/** Nothing is open, nothing came and nothing went, in this period and the one before. */
function isQuiet(view: DigestView): boolean {
  const { open, opened, closed } = sum(view);
  const { before } = view;
  return [open, opened, closed, before.open, before.opened, before.closed].every(
    (count) => count === 0,
  );
}

function quietBlock(view: DigestView, pen: Pen): Block {
  const { locale } = pen.reader;
  const { now } = view.health;
  const health =
    now === null ? [] : [pictureTexts[locale].healthLine(pen.format.number(Math.round(now)))];
  return {
    kind: 'text',
    text: [
      plain([digestTexts[locale][view.every].nothing, ...health].join(locale === 'en' ? ' ' : '')),
    ],
  };
}

type Counts = Pick<DigestView['before'], 'open' | 'opened' | 'closed' | 'overdue'>;

function sum(view: DigestView): Counts {
  const all = severities.map((severity) => view.bySeverity[severity]);
  const total = (key: keyof Counts) => all.reduce((count, one) => count + one[key], 0);
  return {
    open: total('open'),
    opened: total('opened'),
    closed: total('closed'),
    overdue: total('overdue'),
  };
}

function digestFacts(
  view: DigestView,
  pen: Pen,
): readonly { label: string; value: readonly Inline[] }[] {
  const { texts, format } = pen;
  const words = texts.digest;
  const byPeriod = digestTexts[pen.reader.locale][view.every];
  // The picture of its trend says it too.
  const health = hasHealthPicture(view) ? null : healthWords(view, pen);
  const total = sum(view);
  const changes = (['open', 'opened', 'closed', 'overdue'] as const).map((key) =>
    words.change(words[key], total[key] - view.before[key]),
  );
  const duration = (nowMs: number | null, beforeMs: number | null) => {
    if (nowMs === null && beforeMs === null) return byPeriod.none;
    const now = nowMs === null ? byPeriod.none : format.duration(nowMs);
    const before =
      beforeMs === null ? byPeriod.noneBefore : byPeriod.before(format.duration(beforeMs));
    return [now, before].join(texts.clauseSeparator);
  };
  const fact = (label: string, value: string) => ({ label, value: [plain(value)] });
  return [
    ...severities.map((severity) =>
      fact(texts.severity[severity], words.counts(view.bySeverity[severity])),
    ),
    fact(words.total, words.counts(total)),
    fact(byPeriod.comparedWith, changes.join(texts.clauseSeparator)),
    fact(words.medianClaim, duration(view.medianClaimMs, view.before.medianClaimMs)),
    fact(words.medianClose, duration(view.medianCloseMs, view.before.medianCloseMs)),
    fact(words.recurred, recurredWords(view, total.opened, pen)),
    ...(health === null ? [] : [fact(pictureTexts[pen.reader.locale].health, health)]),
    ...(view.assessment === undefined
      ? []
      : [fact(words.assessment, words.assessmentWords(view.assessment))]),
  ];
}

function recurredWords({ every, recurred, before }: DigestView, opened: number, pen: Pen): string {
  const { texts, reader, format } = pen;
  const byPeriod = digestTexts[reader.locale][every];
  const now = recurred === 0 ? byPeriod.none : texts.digest.recurredWords(recurred, opened);
  if (before.recurred === null || recurred + before.recurred === 0) return now;
  const then =
    before.recurred === 0
      ? byPeriod.noneBefore
      : byPeriod.before(texts.digest.recurredCount(format.number(before.recurred)));
  return [now, then].join(texts.clauseSeparator);
}

function causesBlocks(causes: readonly Cause[], pen: Pen): readonly Block[] {
  if (causes.length === 0) return [];
  const { digest, moreItems } = pen.texts;
  const shown = causes.slice(0, causesMax);
  return [
    {
      kind: 'list',
      title: digest.causes,
      items: shown.map(({ kind, name, count, of }) => {
        const text = typeof name === 'string' ? name : name[pen.reader.locale];
        return [plain(digest.causeOf[kind](shorten(text, 60), count, of))];
      }),
      more: causes.length > shown.length ? moreItems(causes.length - shown.length) : null,
    },
  ];
}

function attentionBlock(view: DigestView, pen: Pen): Block {
  const { texts } = pen;
  const { digest } = texts;
  if (view.needAttention.length === 0) {
    return { kind: 'note', text: [plain(digest.allQuiet)] };
  }
  return {
    kind: 'list',
    title: digest.needAttention,
    items: view.needAttention.slice(0, attentionMax).map((warning) => [
      plain(`${texts.severity[warning.severity]} · `),
      {
        kind: 'link',
        text: nameIn(pen.reader.locale, warning.ruleName),
        url: warningUrl(pen, warning.warningId),
      },
      plain(
        `${texts.clauseSeparator}${texts.customers(warning.customers)}${warning.overdue ? `${texts.clauseSeparator}${digest.overdueMark}` : ''}`,
      ),
    ]),
    more: null,
  };
}
