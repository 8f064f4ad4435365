import { countOpenWarningsByOwner, listAudit, listScans } from '../../db/stores/console.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import { listFailed } from '../../db/stores/delivery-queue.ts';
import { heldRoles, peopleUnder } from '../../domain/person.ts';
import type { ChatGroup } from '../../domain/chat-group.ts';
import { describeAction, describeSubject } from '../audit-words.ts';
import { formatDuration } from '../format.ts';
import { throughText } from '../history.tsx';
import { auditFilter, auditQuerySchema, mayReadAudit } from '../pages/audit.tsx';
import { recipientName } from '../pages/deliveries.tsx';
import { isPersonFound, peopleQuerySchema } from '../pages/people.tsx';
import { personName, roleNames } from '../words.ts';
import { allAtOnce, countCell, instantCell, pagesById, tableOf, type OpenTable } from './table.ts';

/** Scans but for those that verify a fix. */
export const openScans: OpenTable = ({ dependencies, visitor, knowledge }) => {
  const { texts, locale } = visitor;
  const words = texts.scans;
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [words.kind, ({ kind }) => texts.scanKind[kind]],
      [words.state, ({ state }) => texts.scanState[state]],
      [words.customers, ({ customers }) => countCell(customers)],
      [words.assignments, ({ assignments }) => countCell(assignments)],
      [words.open, ({ findingsOpen }) => countCell(findingsOpen)],
      [words.new, ({ findingsNew }) => countCell(findingsNew)],
      [words.gone, ({ findingsGone }) => countCell(findingsGone)],
      [
        words.by,
        ({ requestedBy }) =>
          requestedBy === null ? '' : personName(requestedBy, knowledge.people, visitor),
      ],
      [words.started, ({ startedAtMs }) => instantCell(startedAtMs, visitor)],
      [
        words.duration,
        ({ startedAtMs, finishedAtMs }) =>
          finishedAtMs === null ? '' : formatDuration(finishedAtMs - startedAtMs, locale),
      ],
    ],
    pagesById((page) => listScans(dependencies.database.sql, page)),
  );
};

const failedMax = 100_000;

/** What could not be delivered. */
export const openDeliveries: OpenTable = ({ dependencies, visitor, knowledge }) => {
  if (!heldRoles(visitor.person).includes('data-admin')) return null;
  const recipientCodes = peopleUnder(visitor.person, 'data-admin', knowledge.people);
  const { query } = dependencies.database;
  const words = visitor.texts.deliveries;
  let groups: readonly ChatGroup[] = [];
  return tableOf(
    [
      [words.when, ({ updatedAt }) => instantCell(updatedAt, visitor)],
      [words.about, (line) => words.subject[line.subjectKind](String(line.subjectId))],
      [
        words.recipient,
        ({ recipientCode }) =>
          recipientName(recipientCode, { visitor, groups, people: knowledge.people }),
      ],
      [words.channel, ({ channel }) => throughText(channel, visitor)],
      [words.why, ({ failure }) => words.failure[failure]],
      [visitor.texts.common.details, ({ error }) => error],
    ],
    allAtOnce(async () => {
      ({ groups } = await loadPolicy(query));
      return listFailed(query, recipientCodes, failedMax);
    }),
  );
};

/** The people that the page's search finds. */
export const openPeople: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  const { q } = peopleQuerySchema.parse(asked);
  const { texts, locale } = visitor;
  const words = texts.people;
  const { people, departments } = knowledge;
  const other = (code: string | null) => (code === null ? '' : personName(code, people, visitor));
  let open: ReadonlyMap<string, number> = new Map();
  return tableOf(
    [
      [words.person, ({ name }) => name[locale]],
      [texts.table.code, ({ code }) => code],
      [texts.table.email, ({ email }) => email ?? ''],
      [words.roles, (person) => roleNames(person, departments, visitor).join('; ')],
      [
        words.department,
        ({ departmentCode }) => departments.get(departmentCode)?.name[locale] ?? departmentCode,
      ],
      [words.secondLine, ({ secondLineCode }) => other(secondLineCode)],
      [words.deputy, ({ deputyCode }) => other(deputyCode)],
      [words.manager, ({ managerCode }) => other(managerCode)],
      [
        words.channels,
        ({ channels }) => channels.map((channel) => texts.warning.through[channel]).join('; '),
      ],
      [words.open, ({ code }) => countCell(open.get(code) ?? 0)],
    ],
    allAtOnce(async () => {
      open = await countOpenWarningsByOwner(dependencies.database.sql);
      return [...people.values()].filter((person) => isPersonFound(person, q.toLowerCase()));
    }),
  );
};

/** The audit trail, with the page's filters. */
export const openAudit: OpenTable = ({ dependencies, visitor, knowledge, query: asked }) => {
  if (!mayReadAudit(visitor)) return null;
  const { database } = dependencies;
  const filter = auditFilter(auditQuerySchema.parse(asked), visitor.person, knowledge.people);
  const { audit, common } = visitor.texts;
  const { people } = knowledge;
  let groups: readonly ChatGroup[] | null = null;
  const json = (value: unknown) => (value === null ? '' : JSON.stringify(value));
  return tableOf(
    [
      ['#', ({ id }) => String(id)],
      [audit.when, ({ atMs }) => instantCell(atMs, visitor)],
      [
        audit.who,
        ({ actorCode }) =>
          actorCode === null ? common.system : personName(actorCode, people, visitor),
      ],
      [audit.what, (line) => describeAction(line, visitor, { people, groups: groups ?? [] }).what],
      [audit.action, ({ action }) => action],
      [audit.subject, (line) => describeSubject(line, visitor, people)],
      [audit.through, ({ through }) => throughText(through, visitor)],
      [`${audit.change} −`, ({ before }) => json(before)],
      [`${audit.change} +`, ({ after }) => json(after)],
      [audit.hash, ({ hash }) => hash],
    ],
    pagesById(async (page) => {
      groups ??= (await loadPolicy(database.query)).groups;
      return listAudit(database.sql, filter, page);
    }),
  );
};
