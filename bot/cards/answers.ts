import type { CheckAnswer, CheckedFinding } from '../../commands/check-tags.ts';
import type { Person } from '../../domain/person.ts';
import type { Tag } from '../../domain/tag.ts';
import { plain, strong, type Block, type Card, type Inline } from '../card.ts';
import { nameIn, personName, shorten } from '../texts/texts.ts';
import type { WarningView } from '../views.ts';
import { createPen, warningUrl, type CardContext, type Pen } from './context.ts';
import { statusWords } from './warning-words.ts';

const findingsMax = 8;
const askedCharsMax = 60;

/** The open warnings that are this reader's to handle, most urgent first. `hasMore`: the list was cut. */
export function inboxCard(
  views: readonly WarningView[],
  hasMore: boolean,
  reader: Person,
  context: CardContext,
): Card {
  const pen = createPen(reader, context);
  const { inbox, reply } = pen.texts;
  const blocks: readonly Block[] =
    views.length === 0
      ? [{ kind: 'text', text: [plain(reply.nothingDue)] }]
      : [
          {
            kind: 'list',
            title: inbox.list,
            items: views.map((view) => inboxItem(view, pen)),
            more: hasMore ? inbox.more : null,
          },
        ];
  return withButtons(
    {
      title: inbox.title,
      status: inbox.status(views.length, hasMore),
      tint: views.some((view) => view.warning.severity === 'high') ? 'red' : 'blue',
      blocks,
      url: `${pen.publicUrl}/inbox`,
    },
    ['newRequest', 'preferences'],
    pen,
  );
}

function inboxItem(view: WarningView, pen: Pen): readonly Inline[] {
  const { warning, rule } = view;
  const { texts, format } = pen;
  const due =
    warning.state.kind === 'open'
      ? texts.summary.claimDue(format.dateTime(warning.claimDueAtMs))
      : texts.summary.closeDue(format.dateTime(warning.closeDueAtMs));
  return [
    plain(`${texts.severity[warning.severity]} · `),
    {
      kind: 'link',
      text: nameIn(pen.reader.locale, rule.name),
      url: warningUrl(pen, warning.id),
    },
    plain(
      `${texts.clauseSeparator}${texts.inbox.item(warning.customers, statusWords(view, pen), due)}`,
    ),
  ];
}

export interface CheckQuestion {
  /** The customer or the tags, as asked. */
  readonly subject: string;
  readonly add: string | null;
}

/** Whether tags may go together, which rule says so, and what to do instead. */
export function checkCard(
  question: CheckQuestion,
  answer: CheckAnswer,
  reader: Person,
  context: CardContext,
): Card {
  const pen = createPen(reader, context);
  const { check } = pen.texts;
  const add = question.add === null ? null : shorten(question.add, askedCharsMax);
  const isClean = answer.findings.length === 0;
  const isGood = add === null ? isClean : answer.allowed;
  const verdict =
    add !== null && !answer.allowed
      ? check.refusedWords(add)
      : isGood
        ? check.allowedWords(add)
        : check.conflicts;
  const listTitle = answer.allowed && add !== null ? check.alreadyThere : check.findings;
  return answerCard(
    {
      title: check.title(shorten(question.subject, askedCharsMax), add),
      status: isGood ? check.allowed : add === null ? check.conflicts : check.refused,
      tint: isGood ? 'green' : 'red',
      blocks: [
        { kind: 'text', text: [strong(verdict)] },
        ...(isClean ? [] : [findingsBlock(answer.findings, listTitle, pen)]),
      ],
      url: `${pen.publicUrl}/check`,
    },
    pen,
  );
}

function findingsBlock(findings: readonly CheckedFinding[], title: string, pen: Pen): Block {
  const { texts } = pen;
  const { locale } = pen.reader;
  const shown = findings.slice(0, findingsMax);
  return {
    kind: 'list',
    title,
    items: shown.map((finding) => [
      plain(`${texts.severity[finding.severity]} · `),
      strong(nameIn(locale, finding.ruleName)),
      plain(
        `${texts.colon}${finding.tags.map((tag) => texts.quote(nameIn(locale, tag.name))).join(texts.listSeparator)}${texts.fullStop}${texts.sentenceGap}${texts.check.adviceWords(shorten(finding.advice[locale], 200))}`,
      ),
    ]),
    more: findings.length > shown.length ? texts.moreItems(findings.length - shown.length) : null,
  };
}

export type FoundTag = Pick<Tag, 'code' | 'name' | 'definition' | 'status' | 'ownerCode'> & {
  readonly customers: number;
};

export function searchCard(
  found: { readonly text: string; readonly tags: readonly FoundTag[] },
  people: ReadonlyMap<string, Person>,
  reader: Person,
  context: CardContext,
): Card {
  const pen = createPen(reader, context);
  const { texts } = pen;
  const { locale } = reader;
  const text = shorten(found.text, askedCharsMax);
  const blocks: readonly Block[] =
    found.tags.length === 0
      ? [{ kind: 'text', text: [plain(texts.reply.noSuchTag(text))] }]
      : [
          {
            kind: 'list',
            title: texts.search.list,
            items: found.tags.map((tag) => [
              {
                kind: 'link',
                text: nameIn(locale, tag.name),
                url: `${pen.publicUrl}/tags/${encodeURIComponent(tag.code)}`,
              },
              plain(
                `${texts.parentheses(tag.code)}${texts.colon}${shorten(tag.definition[locale], 120)}${texts.listBreak}${texts.search.item(tag.customers, texts.tagStatus[tag.status], personName(tag.ownerCode, people, locale))}`,
              ),
            ]),
            more: null,
          },
        ];
  return withButtons(
    {
      title: texts.search.title(text),
      status: texts.search.status(found.tags.length),
      tint: 'blue',
      blocks,
      url: `${pen.publicUrl}/tags?q=${encodeURIComponent(text)}`,
    },
    ['newRequest'],
    pen,
  );
}

/** A link that signs the reader in once. */
export function signInCard(
  link: { readonly token: string; readonly expiresAtMs: number },
  reader: Person,
  context: CardContext,
): Card {
  const pen = createPen(reader, context);
  const { signIn } = pen.texts;
  const url = `${pen.publicUrl}/sign-in/${encodeURIComponent(link.token)}`;
  return answerCard(
    {
      title: signIn.title,
      status: signIn.status,
      tint: 'blue',
      blocks: [
        { kind: 'text', text: [{ kind: 'link', text: signIn.link, url }] },
        {
          kind: 'note',
          text: [plain(signIn.text(pen.format.dateTime(link.expiresAtMs)))],
        },
      ],
      url: null,
    },
    pen,
  );
}

/** What may come next. */
function withButtons(
  answer: Parameters<typeof answerCard>[0],
  next: readonly ('newRequest' | 'preferences')[],
  pen: Pen,
): Card {
  const actions = {
    newRequest: { kind: 'open-request' },
    preferences: { kind: 'open-preferences' },
  } as const;
  return {
    ...answerCard(answer, pen),
    buttons: next.map((name) => ({
      label: pen.texts.button[name],
      style: 'default',
      action: actions[name],
      confirm: null,
    })),
  };
}

function answerCard(
  answer: Pick<Card, 'title' | 'status' | 'tint' | 'blocks' | 'url'>,
  pen: Pen,
): Card {
  return {
    ...answer,
    locale: pen.reader.locale,
    buttons: [],
    menu: [],
    outcome: null,
    summary: answer.title,
  };
}
