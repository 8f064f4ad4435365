import { maySeeRequest } from '../../bot/visibility.ts';
import { listWarnings } from '../../db/stores/console.ts';
import { listInbox, type InboxEntry } from '../../db/stores/inbox-list.ts';
import { listRequests } from '../../db/stores/console.ts';
import { inboxQuerySchema } from '../pages/inbox.tsx';
import { requestsQuerySchema } from '../pages/requests.tsx';
import { warningFilter, warningsOrder, warningsQuerySchema } from '../pages/warnings.tsx';
import { nextDueAtMs, personName, proposalTitle, tagNamesIn } from '../words.ts';
import {
  countCell,
  instantCell,
  pagesById,
  pagesByOffset,
  tableOf,
  type OpenTable,
  type TableContext,
} from './table.ts';

/** Warnings, with the page's filters and in its order. */
export const openWarnings: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  const { sql } = dependencies.database;
  const query = warningsQuerySchema.parse(asked);
  const filter = warningFilter(query, visitor, knowledge);
  const { texts, locale } = visitor;
  const words = texts.warnings;
  const person = (code: string | null) =>
    code === null ? '' : personName(code, knowledge.people, visitor);
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [words.warning, ({ ruleName }) => ruleName[locale]],
      [words.ruleFilter, ({ ruleCode }) => ruleCode],
      [texts.table.kind, ({ ruleKind }) => texts.ruleKind[ruleKind]],
      [words.severity, ({ severity }) => texts.severity[severity]],
      [
        words.state,
        ({ state }) =>
          state.kind === 'closed'
            ? texts.closeReason[state.reason]
            : texts.warningState[state.kind],
      ],
      [words.customers, ({ customers }) => countCell(customers)],
      [words.owner, ({ ownerCode }) => person(ownerCode)],
      [texts.people.secondLine, ({ secondLineCode }) => person(secondLineCode)],
      [words.opened, ({ openedAtMs }) => instantCell(openedAtMs, visitor)],
      [
        words.due,
        (line) => instantCell(line.state.kind === 'closed' ? null : nextDueAtMs(line), visitor),
      ],
    ],
    pagesById((page) => listWarnings(sql, filter, { order: warningsOrder(query), ...page })),
  );
};

/** Requests, with the page's filter. */
export const openRequests: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  const query = requestsQuerySchema.parse(asked);
  const { texts } = visitor;
  const words = texts.requests;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [
        words.request,
        (line) =>
          maySeeRequest(visitor.person, line, knowledge)
            ? proposalTitle(line.proposal, visitor, names)
            : texts.common.none,
      ],
      [
        words.state,
        ({ state, isUndone }) => (isUndone ? texts.requestUndone : texts.requestState[state]),
      ],
      [texts.ballot.approve, ({ approve }) => String(approve)],
      [texts.ballot.reject, ({ reject }) => String(reject)],
      [texts.table.quorum, ({ quorum }) => String(quorum)],
      [
        words.requester,
        ({ requesterCode }) => personName(requesterCode, knowledge.people, visitor),
      ],
      [
        words.due,
        ({ state, dueAtMs }) => instantCell(state === 'voting' ? dueAtMs : null, visitor),
      ],
      [words.created, ({ createdAtMs }) => instantCell(createdAtMs, visitor)],
    ],
    pagesById((page) => listRequests(dependencies.database.sql, query, page)),
  );
};

/** What waits for the visitor, or what is done. */
export const openInbox: OpenTable = (context) => {
  const { dependencies, visitor } = context;
  const { show, severity } = inboxQuerySchema.parse(context.query);
  const { texts } = visitor;
  const filter = { personCode: visitor.person.code, show, severity, nowMs: visitor.nowMs };
  const told = (entry: InboxEntry) => tellEntry(entry, context);
  return tableOf(
    [
      [texts.inbox.title, (entry) => told(entry).title],
      [texts.warnings.severity, (entry) => told(entry).severity],
      [texts.warnings.state, (entry) => told(entry).state],
      [texts.warnings.customers, (entry) => told(entry).customers],
      [texts.warnings.due, (entry) => told(entry).due],
      [texts.table.posted, ({ postedAtMs }) => instantCell(postedAtMs, visitor)],
    ],
    pagesByOffset((page) => listInbox(dependencies.database.sql, filter, page)),
  );
};

function tellEntry({ subject }: InboxEntry, { visitor, knowledge }: TableContext) {
  const { texts, locale } = visitor;
  const nothing = { severity: '', state: '', customers: '', due: '' };
  switch (subject.kind) {
    case 'warning': {
      const { state } = subject;
      const isClosed = state.kind === 'closed';
      return {
        title: subject.ruleName[locale],
        severity: texts.severity[subject.severity],
        state: isClosed ? texts.closeReason[state.reason] : texts.warningState[state.kind],
        customers: countCell(subject.customers),
        due: instantCell(isClosed ? null : nextDueAtMs(subject), visitor),
      };
    }
    case 'request':
      return {
        ...nothing,
        title: proposalTitle(subject.proposal, visitor, tagNamesIn(knowledge.dictionary, visitor)),
        state: texts.requestState[subject.state],
        due: instantCell(subject.state === 'voting' ? subject.dueAtMs : null, visitor),
      };
    case 'digest':
    case 'assessment':
    case 'points':
      return { ...nothing, title: texts.inbox[subject.kind] };
    case 'review':
      return {
        ...nothing,
        title: texts.review.area,
        due: instantCell(subject.dueAtMs, visitor),
      };
  }
}
