import type { Ballot } from '../../domain/request.ts';
import { tagCategories, tagLevels } from '../../domain/tag.ts';
import { plain, type Block } from '../card.ts';
import { personInline, type Pen } from '../cards/context.ts';
import { requestTitle, similarList } from '../cards/request.ts';
import type { Field, Form } from '../form.ts';
import { shorten } from '../texts/texts.ts';
import type { RequestView, SimilarTag } from '../views.ts';
import { commentCharsMax, commentField } from './warning.ts';

const nameCharsMax = 60;

export function voteForm(view: RequestView, ballot: Ballot, pen: Pen): Form {
  const words = pen.texts.form.vote;
  const { request } = view;
  const blocks: Block[] = [{ kind: 'note', text: [plain(requestTitle(view, pen))] }];
  if (ballot === 'reject') {
    blocks.push({ kind: 'text', text: [plain(words.rejectHint)] });
    if (request.vetoCodes.includes(pen.reader.code)) {
      blocks.push({ kind: 'text', text: [plain(words.veto)] });
    }
  }
  return {
    locale: pen.reader.locale,
    title: words.title[ballot],
    blocks,
    fields: [commentField({ id: 'comment', label: words.comment, required: ballot === 'reject' })],
    submitLabel: words.title[ballot],
    submitStyle: ballot === 'reject' ? 'danger' : 'primary',
    action: { kind: 'vote', requestId: request.id, ballot },
  };
}

/** Asks once more before a request is taken back. */
export function withdrawForm(view: RequestView, pen: Pen): Form {
  const words = pen.texts.confirm.withdraw;
  return {
    ...about(view, words.title, pen),
    fields: [],
    submitLabel: words.yes,
    submitStyle: 'danger',
    action: { kind: 'withdraw-request', requestId: view.request.id },
  };
}

/** A question to the requester, the answer to one, or a comment. */
export function talkForm(
  view: RequestView,
  what:
    | { readonly kind: 'ask' | 'comment-request' }
    | { readonly kind: 'answer'; readonly questionId: number },
  pen: Pen,
): Form {
  const requestId = view.request.id;
  const words = pen.texts.form.talk[what.kind];
  const asked =
    what.kind === 'answer' ? view.messages.find(({ id }) => id === what.questionId) : undefined;
  const frame = about(view, words.title, pen);
  return {
    ...frame,
    blocks: [
      ...frame.blocks,
      ...(asked === undefined
        ? []
        : [
            {
              kind: 'text' as const,
              text: [
                personInline(pen, asked.by, view.people),
                plain(`${pen.texts.colon}${shorten(asked.text, commentCharsMax)}`),
              ],
            },
          ]),
      { kind: 'note', text: [plain(words.intro)] },
    ],
    fields: [commentField({ id: 'comment', label: words.label, required: true })],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: what.kind === 'answer' ? { ...what, requestId } : { kind: what.kind, requestId },
  };
}

function about(
  view: RequestView,
  title: string,
  pen: Pen,
): Pick<Form, 'locale' | 'title' | 'blocks'> {
  const subject = { kind: 'note' as const, text: [plain(requestTitle(view, pen))] };
  return { locale: pen.reader.locale, title, blocks: [subject] };
}

export function chooseRequestForm(pen: Pen): Form {
  const words = pen.texts.form.request;
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [],
    fields: [
      {
        kind: 'choice',
        id: 'what',
        label: words.question,
        options: [
          { value: 'create-tag', label: words.create, hint: words.createHint },
          { value: 'merge-tags', label: words.merge, hint: words.mergeHint },
          { value: 'retire-tag', label: words.retire, hint: words.retireHint },
        ],
        initial: 'create-tag',
      },
    ],
    submitLabel: words.next,
    submitStyle: 'primary',
    action: { kind: 'choose-request' },
  };
}

/** What was already filled in, by field id. */
export type Filled = Readonly<Record<string, string>>;

/** The form for a new tag; with `similar`, tags to look at first, and going on means none of them fits. */
export function requestTagForm(
  filled: Filled,
  similar: readonly SimilarTag[] | null,
  pen: Pen,
): Form {
  const { texts } = pen;
  const words = texts.form.request;
  const blocks: readonly Block[] =
    similar === null
      ? []
      : [
          similarList(similar, words.similarTitle, pen),
          { kind: 'text', text: [plain(words.similarIntro)] },
        ];
  return {
    locale: pen.reader.locale,
    title: words.createTitle,
    blocks,
    fields: [
      lineField({ id: 'name', label: words.name, filled, charsMax: nameCharsMax }),
      lineField({ id: 'nameEn', label: words.nameEn, filled, charsMax: nameCharsMax }),
      lineField({ id: 'code', label: words.code, filled, charsMax: nameCharsMax }),
      longField({ id: 'definition', label: words.definition, filled }),
      {
        kind: 'select',
        id: 'level',
        label: words.level,
        options: tagLevels.map((level) => ({
          value: level,
          label: texts.tagLevel[level],
          hint: '',
        })),
        initial: filled['level'] ?? 'main',
      },
      {
        kind: 'select',
        id: 'category',
        label: words.category,
        options: tagCategories.map((category) => ({
          value: category,
          label: texts.tagCategory[category],
          hint: '',
        })),
        initial: filled['category'] ?? 'basic',
      },
      longField({ id: 'reason', label: words.reason, filled }),
    ],
    submitLabel: similar === null ? words.submit : words.similarSubmit,
    submitStyle: 'primary',
    action: { kind: 'request-tag', similarSeen: similar !== null },
  };
}

export function requestMergeForm(filled: Filled, pen: Pen): Form {
  const words = pen.texts.form.request;
  return {
    locale: pen.reader.locale,
    title: words.mergeTitle,
    blocks: [{ kind: 'text', text: [plain(words.mergeIntro)] }],
    fields: [
      tagField({ id: 'from', label: words.from, filled }),
      tagField({ id: 'into', label: words.into, filled }),
      longField({ id: 'reason', label: words.reason, filled }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'request-merge' },
  };
}

export function requestRetireForm(filled: Filled, pen: Pen): Form {
  const words = pen.texts.form.request;
  return {
    locale: pen.reader.locale,
    title: words.retireTitle,
    blocks: [{ kind: 'text', text: [plain(words.retireIntro)] }],
    fields: [
      tagField({ id: 'from', label: words.retired, filled }),
      longField({ id: 'reason', label: words.reason, filled }),
    ],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: { kind: 'request-retire' },
  };
}

interface TextField {
  readonly id: string;
  readonly label: string;
  readonly filled: Filled;
}

function lineField(field: TextField & { readonly charsMax: number }): Field {
  const { id, label, filled, charsMax } = field;
  return {
    kind: 'text',
    id,
    label,
    multiline: false,
    required: true,
    charsMax,
    initial: filled[id] ?? '',
  };
}

function tagField({ id, label, filled }: TextField): Field {
  return { kind: 'search', id, label, source: 'tags', suggestions: [], initial: filled[id] ?? '' };
}

function longField(field: TextField): Field {
  const { id, label, filled } = field;
  return {
    kind: 'text',
    id,
    label,
    multiline: true,
    required: true,
    charsMax: commentCharsMax,
    initial: filled[id] ?? '',
  };
}
