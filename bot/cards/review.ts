import type { Person } from '../../domain/person.ts';
import { itemsFor, reviewProgress, type ReviewItem } from '../../domain/tag-review.ts';
import { plain, strong, type Block, type Button, type Card, type Inline } from '../card.ts';
import { reviewWords } from '../texts/review.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { ReviewView } from '../views.ts';
import { createPen, personInline, type CardContext, type Pen } from './context.ts';

const tagsMax = 20;
const ownersMax = 10;

/** To an owner: which of their tags are still needed; to a data admin: how far the round has come. */
export function reviewCard(
  shown: { readonly view: ReviewView; readonly as: 'owner' | 'reminder' | 'progress' },
  reader: Person,
  context: CardContext,
): Card {
  const pen = createPen(reader, context);
  return shown.as === 'progress'
    ? progressCard(shown.view, pen)
    : ownerCard(shown.view, shown.as, pen);
}

function ownerCard(view: ReviewView, as: 'owner' | 'reminder', pen: Pen): Card {
  const words = reviewWords[pen.reader.locale];
  const { review, people } = view;
  const items = itemsFor(review, pen.reader, { people, atMs: pen.nowMs });
  const { open } = reviewProgress(items);
  const isOver = review.closedAtMs !== null;
  const title = as === 'reminder' ? words.reminder : words.title;
  const left = open === 0 ? words.status.answered : words.status.open(pen.format.number(open));
  const status = isOver ? words.over : left;
  return {
    locale: pen.reader.locale,
    tint: isOver ? 'grey' : open === 0 ? 'green' : 'blue',
    title,
    status,
    blocks: [
      { kind: 'text', text: [strong(words.ask(pen.format.number(items.length)))] },
      dueFact(view, pen),
      tagList(items, view, pen),
      { kind: 'note', text: [plain(words.hint)] },
    ],
    buttons: isOver ? [] : answerButtons(view, open, pen),
    menu: [],
    outcome: isOver ? [plain(words.over)] : null,
    url: `${pen.publicUrl}/review`,
    summary: pen.texts.request.summary(title, status),
  };
}

function dueFact({ review }: ReviewView, pen: Pen): Block {
  const label = reviewWords[pen.reader.locale].due;
  return {
    kind: 'facts',
    facts: [{ label, value: [plain(pen.format.dateTime(review.dueAtMs))] }],
  };
}

/** Those without an answer come first. */
function tagList(items: readonly ReviewItem[], view: ReviewView, pen: Pen): Block {
  const words = reviewWords[pen.reader.locale];
  const ordered = [...items].sort(
    (one, other) => Number(one.answer !== null) - Number(other.answer !== null),
  );
  return {
    kind: 'list',
    title: words.tags,
    items: ordered.slice(0, tagsMax).map(({ tagCode, answer }): readonly Inline[] => {
      const tag = view.tags.get(tagCode);
      const customers = words.item(pen.format.number(tag?.customers ?? 0));
      return [
        strong(tag === undefined ? shorten(tagCode, 60) : nameIn(pen.reader.locale, tag.name)),
        plain(
          `${pen.texts.colon}${customers}${pen.texts.clauseSeparator}${words.answer[answer ?? 'open']}`,
        ),
      ];
    }),
    more: ordered.length > tagsMax ? pen.texts.moreItems(ordered.length - tagsMax) : null,
  };
}

function answerButtons({ review }: ReviewView, open: number, pen: Pen): readonly Button[] {
  const words = reviewWords[pen.reader.locale];
  const { id: reviewId } = review;
  const isBegun = review.items.some(
    ({ ownerCode, answer }) => ownerCode === pen.reader.code && answer !== null,
  );
  return [
    ...(open === 0
      ? []
      : [
          {
            label: isBegun ? words.keepRest : words.keepAll,
            style: 'primary' as const,
            action: { kind: 'review-keep-all' as const, reviewId },
            confirm: null,
          },
        ]),
    {
      label: words.choose,
      style: 'default',
      action: { kind: 'open-review', reviewId },
      confirm: null,
    },
  ];
}

function progressCard(view: ReviewView, pen: Pen): Card {
  const words = reviewWords[pen.reader.locale];
  const { review } = view;
  const { format } = pen;
  const { all, keep, retire, open } = reviewProgress(review.items);
  const isOver = review.closedAtMs !== null;
  const status = isOver
    ? words.over
    : words.progress(format.number(all - open), format.number(all));
  return {
    locale: pen.reader.locale,
    tint: isOver ? 'green' : 'blue',
    title: words.progressTitle,
    status,
    blocks: [
      {
        kind: 'text',
        text: [
          strong(words.counts(format.number(keep), format.number(retire), format.number(open))),
        ],
      },
      dueFact(view, pen),
      ...silentBlocks(view, pen),
    ],
    buttons: [],
    menu: [],
    outcome: isOver ? [plain(outcomeWords(view, pen))] : null,
    url: `${pen.publicUrl}/review`,
    summary: pen.texts.request.summary(words.progressTitle, status),
  };
}

function silentBlocks({ review, people }: ReviewView, pen: Pen): readonly Block[] {
  const words = reviewWords[pen.reader.locale];
  const owners = [...new Set(review.items.map(({ ownerCode }) => ownerCode))].flatMap((code) => {
    const items = review.items.filter(({ ownerCode }) => ownerCode === code);
    const { open, all } = reviewProgress(items);
    return open === 0 ? [] : [{ code, open, all }];
  });
  if (owners.length === 0) return [];
  return [
    {
      kind: 'list',
      title: words.silent,
      items: owners
        .slice(0, ownersMax)
        .map(({ code, open, all }) => [
          personInline(pen, code, people),
          plain(
            `${pen.texts.colon}${words.silentItem(pen.format.number(open), pen.format.number(all))}`,
          ),
        ]),
      more: owners.length > ownersMax ? pen.texts.moreItems(owners.length - ownersMax) : null,
    },
  ];
}

/** What became of it. */
export function outcomeWords({ review }: ReviewView, pen: Pen): string {
  const words = reviewWords[pen.reader.locale];
  const { retire } = reviewProgress(review.items);
  if (review.requestIds.length === 0) return words.outcomeKept;
  const requests = review.requestIds.map((id) => `#${id}`).join(pen.texts.listSeparator);
  return words.outcome(pen.format.number(retire), requests);
}
