import { isAbsent, type Person } from '../../domain/person.ts';
import { isAboutDictionary } from '../../domain/rules/registry.ts';
import type { Severity } from '../../domain/severity.ts';
import { plain, strong, type Block, type Card, type Inline, type Tint } from '../card.ts';
import { nameIn, personName, shorten } from '../texts/texts.ts';
import { describeWriteRefusal } from '../texts/write-refusals.ts';
import { findingReasonWords } from '../texts/finding-reason.ts';
import type { Cause, EvidenceTag, ExampleCustomer, FixView, WarningView } from '../views.ts';
import { createPen, personInline, warningUrl, type CardContext, type Pen } from './context.ts';
import { targetWords } from './escalation.ts';
import { canUndo, warningButtons } from './warning-buttons.ts';
import { progressWords } from './fix-progress.ts';
import {
  affectedCustomers,
  affectedWords,
  choiceWords,
  isTakenBack,
  ruleFacts,
  statusWords,
} from './warning-words.ts';

const examplesMax = 3;
const leftAloneMax = 5;
const titleCharsMax = 80;
const detailCharsMax = 120;

/** A warning as one reader sees it now; the same facts on every channel. */
export function warningCard(view: WarningView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const { warning } = view;
  return {
    locale: reader.locale,
    tint: warningTint(view),
    title: warningTitle(view, pen),
    status: statusWords(view, pen),
    blocks: [
      ...problemBlocks(view, pen),
      ...recurrenceBlocks(view, pen),
      factsBlock(view, pen),
      ...pauseBlocks(view, pen),
      ...escalationBlocks(view, pen),
      ...exampleBlocks(view, pen),
      ...causeBlocks(view.cause, pen),
      ...automaticBlocks(view, pen),
      ...progressBlocks(view, pen),
    ],
    ...warningButtons(view, pen),
    outcome: outcomeLine(view, pen),
    url: warningUrl(pen, warning.id),
    summary: summaryLine(view, pen),
  };
}

const severityTints: Readonly<Record<Severity, Tint>> = {
  high: 'red',
  medium: 'orange',
  low: 'blue',
};

export function warningTint(view: Pick<WarningView, 'warning' | 'fix'>): Tint {
  const { warning, fix } = view;
  const { state } = warning;
  if (state.kind !== 'closed') return severityTints[warning.severity];
  if (isTakenBack(fix)) return 'grey';
  return state.reason === 'not-a-conflict' || state.reason === 'excepted' ? 'grey' : 'green';
}

export function warningTitle(view: WarningView, pen: Pen): string {
  const severity = pen.texts.severity[view.warning.severity];
  return `${severity} · ${nameIn(pen.reader.locale, view.rule.name, titleCharsMax)}`;
}

/** What is wrong and what the rule says. */
export function problemBlocks(view: WarningView, pen: Pen): readonly Block[] {
  const words = pen.texts.rule[view.rule.kind];
  const facts = ruleFacts(view, pen);
  const rule = `${pen.texts.card.rule}${pen.texts.colon}${words.rule(facts)}`;
  return facts.customers === 0
    ? [text(plain(rule))]
    : [text(strong(words.what(facts))), text(plain(rule))];
}

function recurrenceBlocks({ warning }: WarningView, pen: Pen): readonly Block[] {
  const { previousId, recurrences } = warning;
  if (previousId === null) return [];
  return [{ kind: 'note', text: [plain(pen.texts.card.recurred(recurrences + 1, previousId))] }];
}

export function factsBlock(view: WarningView, pen: Pen): Block {
  const { warning, people } = view;
  const { card } = pen.texts;
  const facts: { label: string; value: readonly Inline[] }[] = [
    { label: card.owner, value: ownerInlines(view, pen) },
  ];
  if (warning.secondLineCode !== null) {
    facts.push({
      label: card.secondLine,
      value: [personInline(pen, warning.secondLineCode, people)],
    });
  }
  const manager = warning.escalations.find(({ to }) => to.kind === 'manager');
  if (manager !== undefined && warning.managerCode !== null) {
    facts.push({ label: card.manager, value: [personInline(pen, warning.managerCode, people)] });
  }
  const { state } = warning;
  if (state.kind === 'claimed') {
    facts.push({
      label: card.claimer,
      value: [
        personInline(pen, state.by, people),
        plain(`${pen.texts.clauseSeparator}${pen.format.dateTime(state.atMs)}`),
      ],
    });
  } else if (state.kind === 'fixing' || state.kind === 'verifying') {
    facts.push({ label: card.claimer, value: [personInline(pen, state.by, people)] });
  }
  if (state.kind === 'open') {
    facts.push({ label: card.claimDue, value: deadlineInlines(warning.claimDueAtMs, pen) });
  }
  if (state.kind !== 'closed') {
    facts.push({ label: card.closeDue, value: deadlineInlines(warning.closeDueAtMs, pen) });
  }
  return { kind: 'facts', facts };
}

/** Why a deadline is further off than the time it leaves. */
function pauseBlocks({ warning }: WarningView, pen: Pen): readonly Block[] {
  const { pause } = warning;
  if (pause === null || warning.state.kind === 'closed' || pause.untilMs <= pen.nowMs) return [];
  const { card } = pen.texts;
  const until = pen.format.dateTime(pause.untilMs);
  const words =
    pause.fromMs <= pen.nowMs
      ? card.pausedUntil(until)
      : card.pausesFrom(pen.format.dateTime(pause.fromMs), until);
  return [{ kind: 'note', text: [plain(words)] }];
}

function ownerInlines(view: WarningView, pen: Pen): readonly Inline[] {
  const { warning, people } = view;
  const inline = personInline(pen, warning.ownerCode, people);
  const owner = people.get(warning.ownerCode);
  if (owner === undefined) return [inline];
  if (owner.status === 'left') return [inline, plain(pen.texts.parentheses(pen.texts.card.left))];
  if (!isAbsent(owner, pen.nowMs)) return [inline];
  const deputy =
    view.deputyCode === null ? null : personName(view.deputyCode, people, pen.reader.locale);
  return [inline, plain(pen.texts.parentheses(pen.texts.card.absent(deputy)))];
}

function deadlineInlines(dueAtMs: number, pen: Pen): readonly Inline[] {
  const due = plain(pen.format.dateTime(dueAtMs));
  return dueAtMs > pen.nowMs ? [due] : [due, strong(pen.texts.parentheses(pen.texts.card.overdue))];
}

/** Says to whom it went on, so that the first reader knows why others write. */
function escalationBlocks(view: WarningView, pen: Pen): readonly Block[] {
  const { warning } = view;
  const { texts } = pen;
  if (warning.state.kind === 'closed') return [];
  const blocks: Block[] = [];
  const last = warning.escalations.at(-1);
  if (last !== undefined) {
    const words = texts.card.escalated(escalationReason(view, pen), targetWords(last, view, pen));
    blocks.push(text(strong(words)));
  }
  if (warning.state.kind === 'claimed' && warning.state.answerByMs !== undefined) {
    const { by, answerByMs } = warning.state;
    const name = personName(by, view.people, pen.reader.locale);
    const words = texts.card.stillOnIt(name, pen.format.dateTime(answerByMs));
    blocks.push(text(strong(words)));
  }
  if (warning.snoozedUntilMs !== null && warning.snoozedUntilMs > pen.nowMs) {
    const until = pen.format.dateTime(warning.snoozedUntilMs);
    blocks.push(text(plain(texts.card.snoozedUntil(until))));
  }
  return blocks;
}

function escalationReason(view: WarningView, pen: Pen): string {
  const { warning, people } = view;
  const { card } = pen.texts;
  const owner = personName(warning.ownerCode, people, pen.reader.locale);
  const by = warning.escalations.at(-1)?.by;
  if (by !== undefined) return card.escalatedBy(personName(by, people, pen.reader.locale));
  if (people.get(warning.ownerCode)?.status === 'left') return card.escalatedLeft(owner);
  if (warning.closeDueAtMs <= pen.nowMs) return card.escalatedUnclosed;
  const isUnclaimed = warning.state.kind === 'open' && warning.claimDueAtMs <= pen.nowMs;
  return isUnclaimed ? card.escalatedUnclaimed(owner) : card.escalatedPlain;
}

function exampleBlocks(view: WarningView, pen: Pen): readonly Block[] {
  if (view.examples.length === 0) return [];
  const shown = view.examples.slice(0, examplesMax);
  const more = Math.max(affectedCustomers(view), view.examples.length) - shown.length;
  return [
    {
      kind: 'list',
      title: pen.texts.card.examples,
      items: shown.map((example) => exampleInlines(example, pen)),
      more: more > 0 ? moreExamples(view, more, pen) : null,
    },
  ];
}

export function moreExamples(view: WarningView, count: number, pen: Pen): string {
  return isAboutDictionary(view.rule) ? pen.texts.moreItems(count) : pen.texts.more(count);
}

/** A customer with who put which tag on, when, and through which system. */
export function exampleInlines(example: ExampleCustomer, pen: Pen): readonly Inline[] {
  const { texts } = pen;
  const tags = example.tags.slice(0, tagsPerExampleMax).map((tag) => evidenceWords(tag, pen));
  const missing = example.missing
    .slice(0, tagsPerExampleMax)
    .map((name) => texts.card.missing(texts.quote(nameIn(pen.reader.locale, name))));
  const reasons = (example.reasons ?? [])
    .slice(0, reasonsPerExampleMax)
    .map((reason) =>
      findingReasonWords(reason, pen.reader.locale, (atMs) => pen.format.date(atMs)),
    );
  const rest = example.tags.length - tags.length;
  const words = [...tags, ...missing, ...reasons, ...(rest > 0 ? [texts.moreTags(rest)] : [])];
  return [
    strong(nameIn(pen.reader.locale, example.name, exampleNameCharsMax)),
    plain(
      `${texts.parentheses(shorten(example.ref, refCharsMax))}  ${words.join(texts.tagSeparator)}`.trimEnd(),
    ),
  ];
}

const tagsPerExampleMax = 4;
const reasonsPerExampleMax = 2;
const exampleNameCharsMax = 40;
const refCharsMax = 40;

export function evidenceWords(tag: EvidenceTag, pen: Pen): string {
  const { texts, format } = pen;
  const from = [
    tag.actor === null ? null : shorten(tag.actor, exampleNameCharsMax),
    tag.importName === null ? null : texts.card.imported(shorten(tag.importName, 40)),
    shorten(nameIn(pen.reader.locale, tag.source), exampleNameCharsMax),
    tag.sinceSeconds === null ? null : format.date(tag.sinceSeconds * 1000),
  ];
  return texts.card.exampleTag(
    nameIn(pen.reader.locale, tag.name),
    from.filter((part) => part !== null).join(texts.clauseSeparator),
  );
}

export function causeBlocks(cause: Cause | null, pen: Pen): readonly Block[] {
  if (cause === null) return [];
  const label = `${pen.texts.card.cause}${pen.texts.colon}`;
  return [{ kind: 'note', text: [plain(`${label}${causeWords(cause, pen)}`)] }];
}

function causeWords(cause: Cause, pen: Pen): string {
  const { card } = pen.texts;
  const { kind, count, of } = cause;
  const name = typeof cause.name === 'string' ? cause.name : cause.name[pen.reader.locale];
  const words = card.causeOf[kind](shorten(name, titleCharsMax), count, of);
  return cause.lift === undefined ? words : card.causeLift(words, Math.round(cause.lift));
}

/** What the rule would do by itself, or why it left it to a person. */
function automaticBlocks(view: WarningView, pen: Pen): readonly Block[] {
  const { automaticFix: report, warning } = view;
  if (report === null || report.decision === 'fix' || warning.state.kind === 'closed') return [];
  return [text(plain(pen.texts.card.automatic[report.decision](report)))];
}

/** What is being written, or what the last fix left to do. */
function progressBlocks(view: WarningView, pen: Pen): readonly Block[] {
  const { fix } = view;
  const { state } = view.warning;
  const { texts } = pen;
  const nameOf = (code: string) => personName(code, view.people, pen.reader.locale);
  if (state.kind === 'verifying') {
    const words = state.fixId === null ? texts.card.verifyingByHand : texts.card.verifying;
    return [text(plain(words(nameOf(state.by))))];
  }
  if (fix === null) return [];
  if (fix.state === 'undoing') {
    const words = texts.card.undoing(nameOf(fix.undoneBy ?? fix.requestedBy));
    return [text(plain(`${words}${progressWords(fix, texts)}`))];
  }
  if (state.kind === 'fixing') {
    const choice = fix.choice === null ? '' : choiceWords(fix.choice, view, pen);
    const words = texts.card.fixing(nameOf(state.by), choice);
    return [text(plain(`${words}${progressWords(fix, texts)}`))];
  }
  return state.kind === 'closed' ? leftAloneBlocks(fix, pen) : lastFixBlocks(view, fix, pen);
}

/** What the fix did, how many are left, and why each of them is. */
function lastFixBlocks(view: WarningView, fix: FixView, pen: Pen): readonly Block[] {
  if (fix.state !== 'written') return [];
  const { texts } = pen;
  const left = texts.card.stillOpen(view.warning.customers, view.leftAfterFix);
  const counts = `${texts.card.lastFix}${texts.colon}${texts.fixCounts(fix.counts)}${texts.fullStop}`;
  return [text(plain(`${counts}${texts.sentenceGap}${left}`)), ...leftAloneBlocks(fix, pen)];
}

function leftAloneBlocks(fix: FixView, pen: Pen): readonly Block[] {
  const { texts } = pen;
  const total = fix.counts.changedMeanwhile + fix.counts.refused;
  if (fix.leftAlone.length === 0 || total === 0) return [];
  const shown = fix.leftAlone.slice(0, leftAloneMax);
  return [
    {
      kind: 'list',
      title: texts.card.leftAlone,
      items: shown.map((customer) => [
        strong(shorten(customer.ref, refCharsMax)),
        plain(`${texts.colon}${leftAloneWords(customer, pen)}`),
      ]),
      more: total > shown.length ? texts.more(total - shown.length) : null,
    },
  ];
}

function leftAloneWords(customer: FixView['leftAlone'][number], pen: Pen): string {
  const { card, colon } = pen.texts;
  if (customer.outcome === 'changed-meanwhile') return card.changedMeanwhile;
  return customer.detail === null
    ? card.refused
    : `${card.refused}${colon}${shorten(describeWriteRefusal(customer.detail, pen.reader.locale), detailCharsMax)}`;
}

/** Who closed it, how and when; null while it is open. */
function outcomeLine(view: WarningView, pen: Pen): readonly Inline[] | null {
  const { state } = view.warning;
  if (state.kind !== 'closed') return null;
  const { outcome } = pen.texts.card;
  const at = pen.format.dateTime(state.atMs);
  const by =
    state.by === null ? pen.texts.system : personName(state.by, view.people, pen.reader.locale);
  switch (state.reason) {
    case 'gone':
      return [plain(outcome.gone(at))];
    case 'fixed':
      return [plain(fixedLine(view, { by, at }, pen))];
    case 'fixed-by-hand':
    case 'not-a-conflict':
    case 'excepted':
      return [plain(outcome[state.reason](by, at))];
  }
}

function fixedLine(view: WarningView, end: { by: string; at: string }, pen: Pen): string {
  const { fix } = view;
  const { texts } = pen;
  const { outcome } = texts.card;
  if (fix === null) return outcome.fixedPlain(end.by, end.at);
  const sentences = [
    fix.choice === null
      ? outcome.fixedPlain(end.by, end.at)
      : outcome.fixed(end.by, end.at, choiceWords(fix.choice, view, pen)),
    `${texts.fixCounts(fix.counts)}${texts.fullStop}`,
  ];
  if (fix.state === 'undone' && fix.undoneBy !== null) {
    sentences.push(outcome.undone(personName(fix.undoneBy, view.people, pen.reader.locale)));
    if (fix.undoCounts !== null) {
      sentences.push(`${texts.undoCounts(fix.undoCounts)}${texts.fullStop}`);
    }
  } else if (canUndo(view, pen) && fix.undoUntilMs !== null) {
    sentences.push(outcome.undoUntil(pen.format.dateTime(fix.undoUntilMs)));
  }
  return sentences.join(texts.sentenceGap);
}

function summaryLine(view: WarningView, pen: Pen): string {
  const { warning } = view;
  const { texts } = pen;
  const parts = [
    texts.summary.warning(
      texts.severity[warning.severity],
      nameIn(pen.reader.locale, view.rule.name, titleCharsMax),
      warning.customers === 0 ? null : affectedWords(view, warning.customers, pen),
      statusWords(view, pen),
    ),
  ];
  if (warning.state.kind === 'open') {
    parts.push(texts.summary.claimDue(pen.format.dateTime(warning.claimDueAtMs)));
  } else if (warning.state.kind !== 'closed') {
    parts.push(texts.summary.closeDue(pen.format.dateTime(warning.closeDueAtMs)));
  }
  return parts.join(texts.clauseSeparator);
}

function text(...inlines: readonly Inline[]): Block {
  return { kind: 'text', text: inlines };
}
