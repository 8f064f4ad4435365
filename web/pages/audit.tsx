import { Hono } from 'hono';
import { z } from 'zod';
import { heldRoles, peopleUnder, type Person } from '../../domain/person.ts';
import { listAudit, type AuditFilter, type AuditLine } from '../../db/stores/console.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import type { ChatGroup } from '../../domain/chat-group.ts';
import { describeAction, describeSubject } from '../audit-words.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatExactInstant } from '../format.ts';
import { throughText } from '../history.tsx';
import { Page } from '../layout.tsx';
import { Empty, ExportLink, NextPage, PageHead, Select, withQuery } from '../parts.tsx';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';
import { ErrorPage } from './error.tsx';

const linesPerPage = 50;
const auditReaders = ['data-admin', 'auditor'] as const;

export const auditQuerySchema = z.object({
  action: z
    .string()
    .trim()
    .regex(/^[a-z.-]{0,60}$/)
    .catch(''),
  actor: z.string().max(200).catch(''),
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null),
});
type Query = z.infer<typeof auditQuerySchema>;

/** Who did what and when. */
export function createAuditRoutes(dependencies: WebDependencies): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();
  app.get('/audit', async (context) => {
    const visitor = context.get('signedIn');
    const { texts } = visitor;
    if (!mayReadAudit(visitor)) {
      const roles = auditReaders.map((role) => texts.role[role]).join(' · ');
      return context.html(
        <ErrorPage
          visitor={visitor}
          signedIn={visitor}
          title={texts.errors.forbiddenTitle}
          text={texts.errors.forbidden(roles)}
        />,
        403,
      );
    }
    const query = auditQuerySchema.parse(context.req.query());
    const { people } = await readCurrentKnowledge(database);
    const filter = auditFilter(query, visitor.person, people);
    const page = { beforeId: query.before, limit: linesPerPage + 1 };
    const [lines, { groups }] = await Promise.all([
      listAudit(database.sql, filter, page),
      loadPolicy(database.query),
    ]);
    return context.html(<AuditPage {...{ visitor, query, lines, people, groups }} />);
  });
  return app;
}

/** Who may read the audit trail, here and through the API; of a department, as far as `auditedPeople` goes. */
export function mayReadAudit({ person }: { readonly person: Person }): boolean {
  const held = heldRoles(person);
  return auditReaders.some((role) => held.includes(role));
}

/** Of whom a reader may read the trail, by code; null: all of it. */
export function auditedPeople(
  reader: Person,
  people: ReadonlyMap<string, Person>,
): readonly string[] | null {
  const under = auditReaders.map((role) => peopleUnder(reader, role, people));
  return under.includes(null) ? null : [...new Set(under.flatMap((codes) => codes ?? []))];
}

/** What the page's address asks for, as far as the reader may know. */
export function auditFilter(
  { action, actor }: Query,
  reader: Person,
  people: ReadonlyMap<string, Person>,
): AuditFilter {
  const actorCode = actor === '' ? null : actor;
  return { action, actorCode, subject: null, ofPeople: auditedPeople(reader, people) };
}

interface AuditPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  /** One more than a page where there is a next one. */
  readonly lines: readonly AuditLine[];
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: readonly ChatGroup[];
}

function AuditPage(props: AuditPageProps) {
  const { visitor, query, people } = props;
  const { texts, locale } = visitor;
  const lines = props.lines.slice(0, linesPerPage);
  const last = lines.at(-1);
  const path = (before: number | null) => withQuery('/audit', { ...query, before });
  return (
    <Page visitor={visitor} title={texts.audit.title} area="audit">
      <PageHead title={texts.audit.title} subtitle={texts.audit.subtitle}>
        <ExportLink table="audit" visitor={visitor} query={query} />
      </PageHead>
      <div class="toolbar">
        <form method="get" action="/audit" class="filters" data-autosubmit>
          <Select
            name="actor"
            label={texts.audit.actor}
            value={query.actor}
            options={[
              { value: '', label: texts.audit.anyone },
              ...[...people.values()].map((person) => ({
                value: person.code,
                label: person.name[locale],
              })),
            ]}
          />
          <label class="filter">
            <span class="visually-hidden">{texts.audit.action}</span>
            <input
              type="search"
              name="action"
              value={query.action}
              placeholder={`${texts.audit.action} warning.`}
            />
          </label>
          <button class="button button-default">{texts.common.filter}</button>
        </form>
      </div>
      {lines.length === 0 ? (
        <Empty title={texts.audit.empty} hint={texts.audit.emptyHint} />
      ) : (
        <AuditTable {...props} lines={lines} />
      )}
      <NextPage
        visitor={visitor}
        nextHref={props.lines.length > linesPerPage && last !== undefined ? path(last.id) : null}
        firstHref={query.before === null ? null : path(null)}
      />
    </Page>
  );
}

function AuditTable({ visitor, lines, people, groups }: AuditPageProps) {
  const { audit, common } = visitor.texts;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{audit.when}</th>
            <th scope="col">{audit.who}</th>
            <th scope="col">{audit.what}</th>
            <th scope="col">{audit.subject}</th>
            <th scope="col">{audit.through}</th>
            <th scope="col">{audit.change}</th>
            <th scope="col">{audit.hash}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <td>
                <time datetime={new Date(line.atMs).toISOString()}>
                  {formatExactInstant(line.atMs, visitor.timeZone)}
                </time>
              </td>
              <td class="short" data-label={audit.who}>
                {line.actorCode === null
                  ? common.system
                  : personName(line.actorCode, people, visitor)}
              </td>
              <td class="main-cell">
                {describeAction(line, visitor, { people, groups }).what}
                <small>
                  <code>{line.action}</code>
                </small>
              </td>
              <td class="short" data-label={audit.subject}>
                <Subject line={line} text={describeSubject(line, visitor, people)} />
              </td>
              <td data-label={audit.through}>{throughText(line.through, visitor)}</td>
              <td>
                <Change line={line} label={common.details} />
              </td>
              <td data-label={audit.hash}>
                <code class="short" title={line.hash}>
                  {line.hash.slice(0, 8)}
                </code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const subjectPaths: Readonly<Record<string, string>> = {
  warning: '/warnings',
  request: '/requests',
  tag: '/tags',
  rule: '/rules',
};

function Subject(props: { readonly line: AuditLine; readonly text: string }) {
  const { subjectKind, subjectId } = props.line;
  const { text } = props;
  const path = subjectPaths[subjectKind];
  return path === undefined ? (
    <>{text}</>
  ) : (
    <a href={`${path}/${encodeURIComponent(subjectId)}`}>{text}</a>
  );
}

function Change(props: { readonly line: AuditLine; readonly label: string }) {
  const { before, after } = props.line;
  if (before === null && after === null) return null;
  return (
    <details class="change">
      <summary>{props.label}</summary>
      {before !== null && <p>{`− ${JSON.stringify(before)}`}</p>}
      {after !== null && <p>{`+ ${JSON.stringify(after)}`}</p>}
    </details>
  );
}
