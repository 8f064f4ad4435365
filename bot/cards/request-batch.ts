import { assertNever } from '../../domain/assert-never.ts';
import { itemsOf, type SingleProposal } from '../../domain/request.ts';
import { changesOf } from '../../domain/requests/registry.ts';
import { plain, strong, type Block, type Inline } from '../card.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, shorten } from '../texts/texts.ts';
import type { BatchItem, RequestPreview, RequestView } from '../views.ts';
import type { Pen } from './context.ts';
import { changeInlines } from './request-changes.ts';
import { whyNotApplied } from './request-failure.ts';
import { requestSubject, tagName } from './request-title.ts';

const shownMax = 12;
/** Of what a new tag means, where many are asked for at once. */
const definitionCharsMax = 120;

/** Every change of a batch, those first that could not be applied or taken back, and what became of it. */
export function batchBlocks(view: RequestView, pen: Pen): readonly Block[] {
  if (view.request.proposal.kind !== 'batch') return [];
  const isVoting = view.request.state.kind === 'voting';
  const ordered = [...view.items].sort((one, other) => rank(one) - rank(other));
  return [
    listOf(
      ordered.map((item) => [
        ...itemInlines(item.proposal, view, pen),
        ...(isVoting ? [] : [plain(`${pen.texts.colon}${outcomeWords(item, view, pen)}`)]),
      ]),
      pen,
    ),
  ];
}

/** The changes of a batch that is about to be asked for. */
export function batchPreview(
  items: readonly SingleProposal[],
  preview: RequestPreview,
  pen: Pen,
): Block {
  return listOf(
    items.map((item) => itemInlines(item, preview, pen)),
    pen,
  );
}

function listOf(items: readonly (readonly Inline[])[], pen: Pen): Block {
  return {
    kind: 'list',
    title: requestWords[pen.reader.locale].batch.title,
    items: items.slice(0, shownMax),
    more: items.length > shownMax ? pen.texts.moreItems(items.length - shownMax) : null,
  };
}

function itemInlines(
  item: SingleProposal,
  view: Pick<RequestView, 'tags' | 'attributes' | 'departments' | 'duties' | 'people'>,
  pen: Pen,
): readonly Inline[] {
  const subject = requestSubject(item, pen.reader.locale, (code) => tagName(view, code, pen));
  const { part } = requestWords[pen.reader.locale];
  return [
    strong(subject),
    ...(item.kind === 'create-tag' ? [plain(`${pen.texts.colon}${meaningOf(item, pen)}`)] : []),
    ...changesOf(item).flatMap((change) => [
      plain(`${pen.texts.clauseSeparator}${part[change.part]}${pen.texts.colon}`),
      ...changeInlines(change, view, pen),
    ]),
  ];
}

function meaningOf(item: Extract<SingleProposal, { kind: 'create-tag' }>, pen: Pen): string {
  return shorten(nameIn(pen.reader.locale, item.definition), definitionCharsMax);
}

function rank({ state, undo }: BatchItem): number {
  return state?.kind === 'failed' || undo?.kind === 'left' ? 0 : 1;
}

function outcomeWords(item: BatchItem, view: RequestView, pen: Pen): string {
  const { batch } = requestWords[pen.reader.locale];
  const { state } = item;
  switch (state?.kind) {
    case undefined:
      return batch.waiting;
    case 'applying':
      return batch.applying;
    case 'applied':
      return appliedWords(item, pen);
    case 'failed':
      return batch.failed(whyNotApplied(state, view, pen));
    default:
      return assertNever(state);
  }
}

function appliedWords({ customers, undo }: BatchItem, pen: Pen): string {
  const { batch } = requestWords[pen.reader.locale];
  const counted = (count: number) => (count === 0 ? null : pen.format.number(count));
  switch (undo?.kind) {
    case undefined:
      return batch.applied(counted(customers));
    case 'undone':
      return batch.undone(counted(undo.customersLeft));
    case 'undoing':
    case 'left':
      return batch[undo.kind];
    default:
      return assertNever(undo);
  }
}

/** How many of a batch's changes stand as applied and could be taken back. */
export function standingItems(items: readonly BatchItem[]): number {
  return items.filter(({ state, undo }) => state?.kind === 'applied' && undo === null).length;
}

/** How many of a batch were applied; nothing for anything else. */
export function batchOutcome({ request, items }: RequestView, pen: Pen): readonly string[] {
  if (itemsOf(request.proposal).length !== items.length) return [];
  const { outcome } = requestWords[pen.reader.locale].batch;
  const undone = (kind: 'undone' | 'left') =>
    items.filter(({ undo }) => undo?.kind === kind).length;
  const counts = {
    applied: items.filter(({ state, undo }) => state?.kind === 'applied' && !isOver(undo)).length,
    failed: items.filter(({ state }) => state?.kind === 'failed').length,
    undone: undone('undone'),
    left: undone('left'),
  };
  const told = (['applied', 'failed', 'undone', 'left'] as const).filter(
    (kind) => counts[kind] > 0,
  );
  if (told.length === 0) return [];
  const words = told.map((kind) => outcome[kind](pen.format.number(counts[kind])));
  return [`${words.join(pen.texts.clauseSeparator)}${pen.texts.fullStop}`];
}

function isOver(undo: BatchItem['undo']): boolean {
  return undo?.kind === 'undone' || undo?.kind === 'left';
}
