import {
  doorRefusal,
  openQuestions,
  standsInFor,
  talkRefusal,
  voteRefusal,
  withdrawalRefusal,
  type Ballot,
  type CastBallot,
  type SaidKind,
  type SplitPart,
} from '../../domain/request.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Person } from '../../domain/person.ts';
import { changesCustomers, tagsOfProposal } from '../../domain/requests/registry.ts';
import { topicOf } from '../../domain/requests/topic.ts';
import {
  plain,
  strong,
  type Block,
  type Button,
  type Card,
  type Inline,
  type Tint,
} from '../card.ts';
import { inlineText } from '../plain-text.ts';
import { mayUndoFixOfRequest } from '../../domain/rights.ts';
import { conditionWords } from '../texts/condition.ts';
import { reviewWords } from '../texts/review.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, personName, shorten } from '../texts/texts.ts';
import type { RequestPreview, RequestView, SimilarTag, TagUse } from '../views.ts';
import { progressWords } from './fix-progress.ts';
import { backTestBlocks } from './request-back-test.ts';
import { batchBlocks, batchOutcome, standingItems } from './request-batch.ts';
import { changeBlocks, changeInlines } from './request-changes.ts';
import { contradictionBlocks } from './request-contradictions.ts';
import { namingBlocks } from './request-naming.ts';
import { answerButton, messageBlocks } from './request-talk.ts';
import { requestSubject, tagName } from './request-title.ts';
import { whyNotApplied } from './request-failure.ts';
import { createPen, personInline, requestUrl, type CardContext, type Pen } from './context.ts';

const similarMax = 5;
const rulesMax = 5;
const votesMax = 9;
const commentCharsMax = 120;
const definitionCharsMax = 400;

/** A tag request: to a member with ballots, to its requester with a way to withdraw, to others to read. */
export function requestCard(view: RequestView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const { request } = view;
  const title = requestTitle(view, pen);
  const status = requestStatus(view, pen);
  const isNewTag = request.proposal.kind === 'create-tag';
  return {
    locale: reader.locale,
    tint: requestTint(view),
    title,
    status,
    blocks: [
      { kind: 'text', text: [strong(requestSentence(view, pen))] },
      { kind: 'facts', facts: requestFacts(view, pen) },
      ...(isNewTag ? [] : changeBlocks(view.changes, view, pen)),
      ...batchBlocks(view, pen),
      ...backTestBlocks(view, pen),
      ...consoleBlocks(view, pen),
      ...namingBlocks(view, pen),
      ...contradictionBlocks(view, pen),
      ...similarBlocks(view, pen),
      ...voteBlocks(view, pen),
      ...messageBlocks(view, pen),
    ],
    buttons: requestButtons(view, pen),
    menu: requestMenu(view, pen),
    outcome: requestOutcome(view, pen),
    url: requestUrl(pen, request.id),
    summary: pen.texts.request.summary(title, status),
  };
}

export function requestTitle(view: RequestView, pen: Pen): string {
  const { proposal } = view.request;
  const { locale } = pen.reader;
  const name = (code: string) => tagName(view, code, pen);
  return pen.texts.request.title(
    requestWords[locale].topic[topicOf(proposal)],
    requestSubject(proposal, locale, name),
  );
}

function requestSentence(view: RequestView, pen: Pen): string {
  const { proposal, requesterCode } = view.request;
  const { quote } = pen.texts;
  const { locale } = pen.reader;
  const [first = '', second = '', third = ''] = sentenceNames(view, pen);
  const isPlain = proposal.kind === 'exception' || proposal.kind === 'batch';
  return requestWords[locale].sentence[topicOf(proposal)]({
    who: personName(requesterCode, view.people, locale),
    first: isPlain ? first : quote(first),
    second: second === '' || isPlain ? second : quote(second),
    third: quote(third),
  });
}

function sentenceNames(view: RequestView, pen: Pen): readonly string[] {
  const { proposal } = view.request;
  const { locale } = pen.reader;
  switch (proposal.kind) {
    case 'create-tag':
      return [nameIn(locale, proposal.name)];
    case 'split-tag':
      return [
        tagName(view, proposal.code, pen),
        nameIn(locale, proposal.met.name),
        nameIn(locale, proposal.unmet.name),
      ];
    case 'change-rule':
      return [nameIn(locale, proposal.after.name)];
    case 'change-tag':
      return proposal.before.name === undefined
        ? [tagName(view, proposal.code, pen)]
        : [nameIn(locale, proposal.before.name)];
    case 'batch': {
      const [first] = proposal.items;
      const topic = first === undefined ? '' : requestWords[locale].topic[topicOf(first)];
      return [topic, pen.format.number(proposal.items.length)];
    }
    case 'exception':
      return [`#${proposal.warningId}`, pen.format.date(proposal.untilMs - 1)];
    case 'activate-tag':
    case 'merge-tags':
    case 'deprecate-tag':
    case 'retire-tag':
      return tagsOfProposal(proposal).map((code) => tagName(view, code, pen));
    default:
      return assertNever(proposal);
  }
}

function departmentName(view: RequestView, code: string, pen: Pen): string {
  const department = view.departments.get(code);
  return department === undefined ? shorten(code, 60) : nameIn(pen.reader.locale, department.name);
}

function requestStatus(view: RequestView, pen: Pen): string {
  const { state } = view.request;
  const words = pen.texts.request.state;
  const back = takenBack(view);
  if (back !== null) return takeBackWords(view, pen).state[back];
  return state.kind === 'rejected' && state.reason === 'veto' ? words.vetoed : words[state.kind];
}

function requestTint(view: RequestView): Tint {
  switch (view.request.state.kind) {
    case 'voting':
    case 'applying':
      return 'blue';
    case 'applied':
      return takenBack(view) === null ? 'green' : 'grey';
    case 'failed':
      return 'red';
    case 'rejected':
    case 'expired':
    case 'withdrawn':
      return 'grey';
  }
}

interface Fact {
  readonly label: string;
  readonly value: readonly Inline[];
}

function requestFacts(view: RequestView, pen: Pen): readonly Fact[] {
  const { request, people } = view;
  const { proposal } = request;
  const { texts } = pen;
  const words = texts.request;
  const facts: Fact[] = [];
  const add = (label: string, value: string) => facts.push({ label, value: [plain(value)] });
  if (proposal.kind === 'create-tag') {
    add(words.definition, shorten(proposal.definition[pen.reader.locale], definitionCharsMax));
    add(words.code, shorten(proposal.code, 60));
    add(
      words.levelAndCategory,
      `${texts.tagLevel[proposal.level]} / ${texts.tagCategory[proposal.category]}`,
    );
    add(
      words.scope,
      proposal.departmentCodes.length === 0
        ? words.everyDepartment
        : proposal.departmentCodes
            .slice(0, rulesMax)
            .map((code) => departmentName(view, code, pen))
            .join(texts.listSeparator),
    );
    add(words.life, words.lifeDays(proposal.lifeDays));
    facts.push({ label: words.owner, value: [personInline(pen, proposal.ownerCode, people)] });
    const { part } = requestWords[pen.reader.locale];
    for (const change of view.changes) {
      add(part[change.part], changeInlines(change, view, pen).map(inlineText).join(''));
    }
  }
  if (proposal.kind === 'split-tag') {
    const { criterion, met, unmet } = requestWords[pen.reader.locale];
    add(criterion, conditionWords(proposal.criterion, view.attributes, pen.reader.locale));
    add(met, splitPartWords(proposal.met, pen));
    add(unmet, splitPartWords(proposal.unmet, pen));
  }
  add(words.reason, reasonWords(request, pen));
  facts.push({ label: words.requester, value: [personInline(pen, request.requesterCode, people)] });
  if (proposal.kind !== 'exception') add(words.impact, impactWords(view, pen));
  const { state, terms, batchId } = request;
  if (batchId === undefined) {
    add(words.tally, words.tallyWords({ ...view.tally, quorum: request.quorum }));
  } else {
    add(requestWords[pen.reader.locale].batch.partOf, `#${batchId}`);
  }
  if (state.kind === 'voting') add(words.due, pen.format.dateTime(request.dueAtMs));
  if (state.kind === 'voting' && state.chair !== undefined) {
    const chair = personName(terms?.chair?.code ?? '', people, pen.reader.locale);
    add(words.chair, words.chairTurn(chair, state.chair));
  }
  if (terms !== undefined && terms.ownerCodes.length > 0) {
    const names = terms.ownerCodes.map((code) => personName(code, people, pen.reader.locale));
    add(words.noVote, words.ownersExcluded(names.join(texts.listSeparator)));
  }
  return facts;
}

/** What Tagwarden asks for by itself it says why in the reader's language. */
function reasonWords({ proposal, reason }: RequestView['request'], pen: Pen): string {
  if (proposal.kind === 'batch' && proposal.reviewId !== undefined) {
    return reviewWords[pen.reader.locale].reason(`#${proposal.reviewId}`);
  }
  const learned =
    proposal.kind === 'change-rule' || proposal.kind === 'change-tag'
      ? proposal.learned
      : undefined;
  if (learned === undefined) return shorten(reason, definitionCharsMax);
  const { right, wrong } = learned;
  const { format, reader } = pen;
  const words = requestWords[reader.locale];
  return (proposal.kind === 'change-tag' ? words.learnedDays : words.learned)(
    format.number(right + wrong),
    format.number(wrong),
    format.percent(right, right + wrong),
  );
}

function consoleBlocks({ request }: RequestView, pen: Pen): readonly Block[] {
  const isAsked =
    request.state.kind === 'voting' && request.terms?.consoleOnly === true && !pen.inConsole;
  return isAsked ? [{ kind: 'note', text: [plain(pen.texts.request.consoleOnly)] }] : [];
}

function splitPartWords({ code, name, definition }: SplitPart, pen: Pen): string {
  const { locale } = pen.reader;
  const words = shorten(definition[locale], definitionCharsMax);
  return `${nameIn(locale, name)} (${shorten(code, 60)})${pen.texts.colon}${words}`;
}

/** Whom and what it concerns, in one line. */
export function impactWords(preview: RequestPreview, pen: Pen): string {
  const { impact, rules, tags } = preview;
  const { locale } = pen.reader;
  const few = (names: readonly string[]) => {
    const more = names.length - rulesMax;
    return more > 0 ? [...names.slice(0, rulesMax), pen.texts.moreItems(more)] : names;
  };
  const named = impact.rules.slice(0, rulesMax).map((code) => {
    const rule = rules.get(code);
    return rule === undefined ? shorten(code, 60) : nameIn(locale, rule.name);
  });
  const rest = impact.rules.length - named.length;
  return pen.texts.request.impactWords({
    ...impact,
    rules: rest > 0 ? [...named, pen.texts.moreItems(rest)] : named,
    sources: impact.sources.map((name) => nameIn(locale, name)),
    usedBy: impact.usedBy === null ? null : useWords(impact.usedBy, preview, pen),
    tags: few(
      impact.tags.map((code) => {
        const tag = tags.get(code);
        return tag === undefined ? shorten(code, 60) : nameIn(locale, tag.name);
      }),
    ),
  });
}

function useWords(use: TagUse, { departments, people }: RequestPreview, pen: Pen): string {
  const { locale } = pen.reader;
  const percent = (share: number) => pen.format.percent(Math.round(share * 100), 100);
  return pen.texts.request.useWords({
    departments: use.departments.map(({ code, share }) => {
      const name = departments.get(code)?.name;
      return `${name === undefined ? code : nameIn(locale, name)} ${percent(share)}`;
    }),
    people: use.people.map((code) => personName(code, people, locale)),
    peopleCount: use.peopleCount,
    automatic: use.automatic === 0 ? null : percent(use.automatic),
  });
}

function similarBlocks(view: RequestView, pen: Pen): readonly Block[] {
  const { request } = pen.texts;
  const { state, proposal } = view.request;
  if (state.kind !== 'voting') return [];
  if (view.similar.length === 0) {
    return proposal.kind === 'create-tag'
      ? [{ kind: 'note', text: [plain(request.noSimilar)] }]
      : [];
  }
  return [similarList(view.similar, request.similar, pen)];
}

/** Tags that may already mean this, with why. */
export function similarList(similar: readonly SimilarTag[], title: string, pen: Pen): Block {
  const { request, colon, moreItems } = pen.texts;
  const shown = similar.slice(0, similarMax);
  return {
    kind: 'list',
    title,
    items: shown.map((tag) => [
      strong(nameIn(pen.reader.locale, tag.name)),
      plain(`${colon}${request.similarItem(tag.customers, request.similarWhy[tag.why])}`),
    ]),
    more: similar.length > shown.length ? moreItems(similar.length - shown.length) : null,
  };
}

function voteBlocks(view: RequestView, pen: Pen): readonly Block[] {
  const { votes } = view.request;
  const { request, colon, moreItems } = pen.texts;
  if (votes.length === 0) return [];
  const shown = votes.slice(-votesMax);
  return [
    {
      kind: 'list',
      title: request.votes,
      items: shown.map((vote) => [
        personInline(pen, vote.by, view.people),
        plain(`${colon}${request.ballot[vote.ballot]}${commentWords(vote.comment, pen)}`),
      ]),
      more: votes.length > shown.length ? moreItems(votes.length - shown.length) : null,
    },
  ];
}

function commentWords(comment: string, pen: Pen): string {
  return comment === ''
    ? ''
    : `${pen.texts.clauseSeparator}${pen.texts.history.comment(shorten(comment, commentCharsMax))}`;
}

const ballots = [
  { ballot: 'approve', style: 'primary' },
  { ballot: 'reject', style: 'danger' },
  { ballot: 'abstain', style: 'default' },
] as const satisfies readonly { ballot: Ballot; style: Button['style'] }[];

function requestButtons(view: RequestView, pen: Pen): readonly Button[] {
  const { request } = view;
  const { texts, reader } = pen;
  if (request.state.kind !== 'voting') return undoButtons(view, pen);
  if (request.requesterCode === reader.code) {
    const [question] = openQuestions(view.messages);
    return [
      ...(question === undefined ? [] : [answerButton(view, question.id, pen)]),
      {
        label: texts.button.withdraw,
        style: 'default',
        action: { kind: 'withdraw-request', requestId: request.id },
        confirm: texts.confirm.withdraw,
      },
    ];
  }
  return ballots
    .filter(({ ballot }) => mayCast(view, ballot, pen))
    .map(({ ballot, style }) => ({
      label: texts.button[ballot],
      style,
      action: { kind: 'open-vote', requestId: request.id, ballot },
      confirm: null,
    }));
}

/** Whose vote a reader would cast now, and when. */
export function ballotOf(
  { request, people }: RequestView,
  reader: Pick<Person, 'code'>,
  atMs: number,
): Omit<CastBallot, 'ballot'> {
  const memberCode = standsInFor(request, reader, { people, atMs });
  return { by: reader.code, atMs, ...(memberCode === null ? {} : { inPlaceOf: memberCode }) };
}

function mayCast(view: RequestView, ballot: Ballot, pen: Pen): boolean {
  const cast = { ...ballotOf(view, pen.reader, pen.nowMs), ballot };
  const { request } = view;
  const isHere = doorRefusal(request, pen.inConsole ? 'console' : 'chat') === null;
  return isHere && voteRefusal(request, cast) === null;
}

/** What can be said about it, and its history. */
function requestMenu(view: RequestView, pen: Pen): readonly Button[] {
  const { request } = view;
  const { texts, reader } = pen;
  const requestId = request.id;
  const { people } = view;
  const may = (kind: SaidKind) => talkRefusal(request, { person: reader, kind, people }) === null;
  const isOthers = request.requesterCode !== reader.code;
  const item = (label: string, action: Button['action']): Button => ({
    label,
    style: 'default',
    action,
    confirm: null,
  });
  return [
    ...(may('question') ? [item(texts.button.ask, { kind: 'open-ask', requestId })] : []),
    ...(may('comment')
      ? [item(texts.button.comment, { kind: 'open-request-comment', requestId })]
      : []),
    ...(mayCast(view, 'recuse', pen)
      ? [item(texts.button.recuse, { kind: 'open-vote', requestId, ballot: 'recuse' })]
      : []),
    ...(isOthers && withdrawalRefusal(request, reader, people) === null
      ? [
          item(`${texts.button.withdraw}${texts.goesOn}`, {
            kind: 'open-withdraw-request',
            requestId,
          }),
        ]
      : []),
    item(texts.button.history, { kind: 'show-request-history', requestId }),
  ];
}

function takenBack(view: RequestView): 'undoing' | 'undone' | null {
  const { fix } = view;
  return fix?.state === 'undoing' || fix?.state === 'undone' ? fix.state : null;
}

function takeBackWords(view: RequestView, pen: Pen) {
  const { takeBack } = pen.texts.request;
  const { kind } = view.request.proposal;
  if (kind === 'batch') return takeBack.batch;
  if (kind === 'retire-tag') return takeBack.retire;
  if (kind === 'change-rule') return takeBack.rule;
  if (kind === 'create-tag') return takeBack.create;
  if (kind === 'merge-tags') return takeBack.merge;
  const isOfCustomers = touchesCustomers(view) && view.fix?.counts.customers !== 0;
  return isOfCustomers ? takeBack.other : takeBack.dictionary;
}

/** Whether its approval was to write to customers; a new name is written where sources know the tag by it. */
function touchesCustomers({ request: { proposal } }: RequestView): boolean {
  const isRename = proposal.kind === 'change-tag' && proposal.after.name !== undefined;
  return isRename || changesCustomers(proposal);
}

function canUndo(view: RequestView, pen: Pen): boolean {
  const { fix, request } = view;
  return (
    request.state.kind === 'applied' &&
    fix?.state === 'written' &&
    fix.undoUntilMs !== null &&
    fix.undoUntilMs > pen.nowMs &&
    (request.proposal.kind !== 'batch' || standingItems(view.items) > 0)
  );
}

/** To whoever asked for it and to data admins, while it can be taken back. */
function undoButtons(view: RequestView, pen: Pen): readonly Button[] {
  const { fix } = view;
  const { reader } = pen;
  if (fix === null || !mayUndoFixOfRequest(reader, fix, view.people) || !canUndo(view, pen)) {
    return [];
  }
  const isBatch = view.request.proposal.kind === 'batch';
  const count = isBatch ? standingItems(view.items) : fix.counts.changed;
  return [
    {
      label: takeBackWords(view, pen).button,
      style: 'default',
      action: { kind: 'undo', fixId: fix.id },
      confirm: takeBackWords(view, pen).confirm(count),
    },
  ];
}

/** When it came into force, what it changed on customers, and whether that can be or was taken back. */
function appliedLine(view: RequestView, atMs: number, pen: Pen): string {
  const { fix, people, request } = view;
  const { texts, format } = pen;
  const { outcome } = texts.request;
  const sentences = [outcome.applied(format.dateTime(atMs)), ...batchOutcome(view, pen)];
  if (fix !== null) {
    const isBatch = request.proposal.kind === 'batch';
    const writes = !isBatch && touchesCustomers(view);
    if (writes) sentences.push(`${texts.fixCounts(fix.counts)}${texts.fullStop}`);
    const by = personName(fix.undoneBy ?? fix.requestedBy, people, pen.reader.locale);
    if (fix.state === 'undoing') {
      sentences.push(`${takeBackWords(view, pen).undoing(by)}${progressWords(fix, texts)}`);
    }
    if (fix.state === 'undone') {
      sentences.push(takeBackWords(view, pen).undone(by));
      if (writes && fix.undoCounts !== null) {
        sentences.push(`${texts.undoCounts(fix.undoCounts)}${texts.fullStop}`);
      }
    }
    if (canUndo(view, pen) && fix.undoUntilMs !== null) {
      sentences.push(texts.card.outcome.undoUntil(format.dateTime(fix.undoUntilMs)));
    }
  }
  return sentences.join(texts.sentenceGap);
}

function requestOutcome(view: RequestView, pen: Pen): readonly Inline[] | null {
  const { state } = view.request;
  const { outcome } = pen.texts.request;
  switch (state.kind) {
    case 'voting':
      return null;
    case 'applying':
      return [
        plain(`${outcome.applying}${view.fix === null ? '' : progressWords(view.fix, pen.texts)}`),
      ];
    case 'failed':
      return [
        plain(outcome.failed(pen.format.dateTime(state.atMs), whyNotApplied(state, view, pen))),
      ];
    case 'rejected': {
      const words = {
        veto: outcome.vetoed,
        votes: outcome.rejected,
        chair: outcome.chairRejected,
      }[state.reason];
      return [plain(words(pen.format.dateTime(state.atMs)))];
    }
    case 'applied':
      return [plain(appliedLine(view, state.atMs, pen))];
    case 'expired':
    case 'withdrawn':
      return [plain(outcome[state.kind](pen.format.dateTime(state.atMs)))];
  }
}
