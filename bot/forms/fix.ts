import type { ResolutionCode } from '../../domain/fix.ts';
import {
  carriedDecisionsMax,
  customersPerFormMax,
  findCharsMax,
  type ConfirmedFix,
  type FormAction,
} from '../actions.ts';
import { plain, strong, type Block } from '../card.ts';
import { evidenceWords, problemBlocks } from '../cards/warning.ts';
import type { Pen } from '../cards/context.ts';
import {
  choiceWords,
  customerTagNames,
  resolutionWords,
  tagNames,
} from '../cards/warning-words.ts';
import type { Field, Form, Option } from '../form.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { CustomerChoice, FixPreview, WarningView } from '../views.ts';

const customerFieldPrefix = 'customer-';
const previewExamplesMax = 3;
const changesMax = 10;
const tagsPerExampleMax = 4;
const sourcesMax = 5;

/** How all of it should be resolved: what the rule recommends first, an exception and one by one last. */
export function fixForm(view: WarningView, pen: Pen): Form {
  const { fix } = pen.texts.form;
  const names = tagNames(view, pen);
  const resolutions: readonly Option[] = view.resolutions.map((resolution, index) => ({
    value: resolution,
    label: pen.texts.asLabel(resolutionWords(resolution, names, pen)),
    hint: index === 0 ? fix.recommendedHint : '',
  }));
  const isPair = view.rule.kind === 'exclusive' || view.rule.kind === 'dominance';
  return {
    locale: pen.reader.locale,
    title: fix.title,
    blocks: problemBlocks(view, pen),
    fields: [
      {
        kind: 'choice',
        id: 'resolution',
        label: fix.question,
        options: [
          ...resolutions,
          {
            value: 'both-right',
            label: isPair ? fix.bothRight : fix.excepted,
            hint: fix.bothRightHint,
          },
          {
            value: 'by-customer',
            label: fix.byCustomer,
            hint: fix.byCustomerHint(view.warning.customers),
          },
        ],
        initial: view.resolutions[0] ?? null,
      },
    ],
    submitLabel: fix.next,
    submitStyle: 'primary',
    action: { kind: 'choose-fix', warningId: view.warning.id },
  };
}

/** Pages that are offered around the one that is shown. */
const pagesMax = 15;

export interface CustomerPage {
  readonly total: number;
  readonly offset: number;
  /** What they were found by; empty for all. */
  readonly text: string;
  readonly customers: readonly CustomerChoice[];
  /** Whose resolution was chosen, on this page and on others, by id. */
  readonly decided: Decisions;
  /** What nobody was found by, so that all are shown; null where nothing was searched for in vain. */
  readonly inVain: string | null;
}

export type Decisions = ReadonlyMap<number, ResolutionCode>;

/** What a form carries of decisions; `readDecisions` is its counterpart. */
type CarriedDecisions = Extract<FormAction, { kind: 'choose-fix-by-customer' }>['decided'];

export function readDecisions(carried: CarriedDecisions): Decisions {
  return new Map(
    Object.entries(carried).flatMap(([resolution, customerIds]) =>
      customerIds.map((customerId) => [customerId, resolution as ResolutionCode] as const),
    ),
  );
}

function carry(decisions: Decisions): CarriedDecisions {
  const carried: CarriedDecisions = {};
  for (const [customerId, resolution] of decisions) {
    (carried[resolution] ??= []).push(customerId);
  }
  return carried;
}

/** One drop-down for each customer of a page; whoever is not decided stays as they are. */
export function byCustomerForm(view: WarningView, page: CustomerPage, pen: Pen): Form {
  const { texts } = pen;
  const words = texts.form.byCustomer;
  const { offset, total, text, customers, decided, inVain } = page;
  const shown = customers.slice(0, customersPerFormMax);
  const isDecidedHere = ({ customerId }: CustomerChoice) => decided.has(customerId);
  const decidedElsewhere = decided.size - shown.filter(isDecidedHere).length;
  const notes = [
    ...(shown.length < total || text !== '' ? [words.otherPages] : []),
    ...(decidedElsewhere > 0
      ? [words.decidedElsewhere(decidedElsewhere, carriedDecisionsMax)]
      : []),
  ];
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [
      ...(inVain === null ? [] : [textBlock(words.notFound(inVain))]),
      textBlock(words.range(offset + 1, offset + shown.length, total)),
      {
        kind: 'list',
        title: texts.card.examples,
        items: shown.map((customer) => [
          strong(customerLabel(customer, pen)),
          plain(`  ${customer.tags.map((tag) => evidenceWords(tag, pen)).join('   ')}`),
        ]),
        more: null,
      },
      ...notes.map((note): Block => ({ kind: 'note', text: [plain(note)] })),
    ],
    fields: [
      {
        kind: 'text',
        id: 'find',
        label: words.find,
        multiline: false,
        required: false,
        charsMax: findCharsMax,
        initial: text,
      },
      ...pageFields(page, pen),
      ...shown.map((customer) => customerField(view, customer, decided, pen)),
    ],
    submitLabel: texts.form.fix.next,
    submitStyle: 'primary',
    action: {
      kind: 'choose-fix-by-customer',
      warningId: view.warning.id,
      offset,
      text,
      decided: carry(decided),
    },
  };
}

function textBlock(text: string): Block {
  return { kind: 'text', text: [plain(text)] };
}

/** The page that is shown and those around it, where there are several. */
function pageFields({ offset, total }: CustomerPage, pen: Pen): readonly Field[] {
  const words = pen.texts.form.byCustomer;
  const pages = Math.ceil(total / customersPerFormMax);
  if (pages <= 1) return [];
  const current = Math.floor(offset / customersPerFormMax);
  const first = Math.max(0, Math.min(current - Math.floor(pagesMax / 2), pages - pagesMax));
  const shown = Array.from({ length: Math.min(pages, pagesMax) }, (_, index) => first + index);
  return [
    {
      kind: 'select',
      id: 'page',
      label: words.page,
      options: shown.map((page) => ({
        value: String(page * customersPerFormMax),
        label: words.pageOption(
          page * customersPerFormMax + 1,
          Math.min((page + 1) * customersPerFormMax, total),
        ),
        hint: '',
      })),
      initial: String(current * customersPerFormMax),
    },
  ];
}

function customerField(
  view: WarningView,
  customer: CustomerChoice,
  decided: Decisions,
  pen: Pen,
): Field {
  const { texts } = pen;
  const names = customerTagNames(view, customer.tags, pen);
  return {
    kind: 'select',
    id: `${customerFieldPrefix}${customer.customerId}`,
    label: customerLabel(customer, pen),
    options: [
      { value: 'leave', label: texts.form.byCustomer.leave, hint: '' },
      ...customer.resolutions.map((resolution) => ({
        value: resolution,
        label: texts.asLabel(resolutionWords(resolution, names, pen)),
        hint: '',
      })),
    ],
    initial:
      customer.resolutions.find((one) => one === decided.get(customer.customerId)) ?? 'leave',
  };
}

function customerLabel(customer: Pick<CustomerChoice, 'name' | 'ref'>, pen: Pen): string {
  return `${nameIn(pen.reader.locale, customer.name, 40)}${pen.texts.parentheses(shorten(customer.ref, 40))}`;
}

/** Id of the customer whom a field of the form is about; null where it is about none. */
export function customerOfField(fieldId: string): number | null {
  const digits = /^customer-(?<id>[1-9]\d{0,14})$/u.exec(fieldId)?.groups?.['id'];
  return digits === undefined ? null : Number(digits);
}

/** Exactly what would change, and the confirmation. */
export function previewForm(view: WarningView, preview: FixPreview, pen: Pen): Form {
  const { texts } = pen;
  const words = texts.form.preview;
  const confirmed: ConfirmedFix = {
    customers: preview.customers,
    choice:
      preview.choice.kind === 'by-customer'
        ? {
            kind: 'by-customer',
            resolutions: preview.choice.resolutions.map((one) => ({ ...one })),
          }
        : preview.choice,
  };
  const what = words.what(preview.customers, choiceWords(preview.choice, view, pen));
  const notes = [
    ...(preview.leftAsTheyAre > 0 ? [words.left(preview.leftAsTheyAre)] : []),
    words.sources(
      shortList(
        preview.sources.map((name) => nameIn(pen.reader.locale, name)),
        sourcesMax,
        pen,
      ),
    ),
    words.undo,
  ];
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [
      { kind: 'text', text: [strong(what)] },
      ...changeBlocks(preview, pen),
      ...exampleBlocks(preview, pen),
      { kind: 'note', text: [plain(notes.join(texts.sentenceGap))] },
    ],
    fields: [],
    submitLabel: words.confirm(preview.customers),
    submitStyle: 'danger',
    action: {
      kind: 'confirm-fix',
      warningId: view.warning.id,
      choice: JSON.stringify(confirmed),
    },
  };
}

function changeBlocks(preview: FixPreview, pen: Pen): readonly Block[] {
  if (preview.changes.length === 0) return [];
  const { texts } = pen;
  const words = texts.form.preview;
  const shown = preview.changes.slice(0, changesMax);
  return [
    {
      kind: 'list',
      title: words.changes,
      items: shown.map(({ tag, change, customers }) => [
        plain(words[change](texts.quote(nameIn(pen.reader.locale, tag)), customers)),
      ]),
      more:
        preview.changes.length > shown.length
          ? texts.moreItems(preview.changes.length - shown.length)
          : null,
    },
  ];
}

function exampleBlocks(preview: FixPreview, pen: Pen): readonly Block[] {
  if (preview.examples.length === 0) return [];
  const { texts } = pen;
  const words = texts.form.preview;
  const shown = preview.examples.slice(0, previewExamplesMax);
  const quoted = (tags: FixPreview['examples'][number]['added']) =>
    shortList(
      tags.map((tag) => texts.quote(nameIn(pen.reader.locale, tag))),
      tagsPerExampleMax,
      pen,
    );
  return [
    {
      kind: 'list',
      title: words.examples,
      items: shown.map((example) => {
        const changes = [
          ...(example.removed.length > 0 ? [words.exampleRemoved(quoted(example.removed))] : []),
          ...(example.added.length > 0 ? [words.exampleAdded(quoted(example.added))] : []),
        ];
        return [
          strong(customerLabel(example, pen)),
          plain(`${texts.colon}${changes.join(texts.clauseSeparator)}`),
        ];
      }),
      more: preview.customers > shown.length ? texts.more(preview.customers - shown.length) : null,
    },
  ];
}

function shortList(items: readonly string[], max: number, pen: Pen): string {
  const shown = items.slice(0, max).map((item) => shorten(item, 62));
  const rest = items.length - shown.length;
  return [...shown, ...(rest > 0 ? [pen.texts.moreItems(rest)] : [])].join(pen.texts.listSeparator);
}
