import { Hono } from 'hono';
import { z } from 'zod';
import { requestCard } from '../../bot/cards/request.ts';
import type { RequestView } from '../../bot/views.ts';
import { seatsOf, type Ballot } from '../../domain/request.ts';
import { listRequests, type RequestLine } from '../../db/stores/console.ts';
import { listDrafts, type RequestDraft } from '../../db/stores/request-drafts.ts';
import { fixItemsShown, listFixItems } from '../../db/stores/fix-items.ts';
import { maySeeFixOfRequest } from '../../domain/rights.ts';
import { CardArticle } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import { draftPath, draftTitle } from '../drafts.tsx';
import { FixBox, fixItemsPerPage } from '../fix-items.tsx';
import { formatCount } from '../format.ts';
import { History } from '../history.tsx';
import { Icon } from '../icons.tsx';
import { Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  Instant,
  NextPage,
  PageHead,
  Pill,
  RequestStatePill,
  Tabs,
  withQuery,
  type PillTone,
} from '../parts.tsx';
import { maySeeRequest } from '../../bot/visibility.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName, proposalTitle, tagNamesIn } from '../words.ts';

const linesPerPage = 50;

export const requestsQuerySchema = z.object({
  show: z.enum(['voting', 'decided', 'all']).catch('all'),
  before: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
});
type Query = z.infer<typeof requestsQuerySchema>;
const pageSchema = z.object({
  items: z.coerce.number().int().min(0).max(10_000_000).catch(0),
  shown: z.enum(fixItemsShown).catch('all'),
});
const idSchema = z.coerce.number().int().positive().max(2_147_483_647);

/** What was asked of the tag committee, and what became of it. */
export function createRequestRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database, views, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/requests', async (context) => {
    const visitor = context.get('signedIn');
    const query = requestsQuerySchema.parse(context.req.query());
    const [lines, knowledge, drafts] = await Promise.all([
      listRequests(database.sql, query, { beforeId: query.before, limit: linesPerPage + 1 }),
      readKnowledge(visitor.person),
      listDrafts(database.query, visitor.person.code),
    ]);
    return context.html(<RequestsPage {...{ visitor, query, lines, knowledge, drafts }} />);
  });

  app.get('/requests/:id', async (context) => {
    const visitor = context.get('signedIn');
    const id = idSchema.safeParse(context.req.param('id'));
    const [view, knowledge] = await Promise.all([
      id.success ? views.request(id.data) : null,
      readKnowledge(visitor.person),
    ]);
    if (view === null || !maySeeRequest(visitor.person, view.request, knowledge)) {
      return context.notFound();
    }
    const { items: offset, shown } = pageSchema.parse(context.req.query());
    const isTheirs = maySeeFixOfRequest(visitor.person, view.request, view.people);
    // What changed no customer has no list of them.
    const fix = isTheirs && view.fix !== null && view.fix.counts.customers > 0 ? view.fix : null;
    const [history, items] = await Promise.all([
      views.history({ kind: 'request', id: view.request.id }),
      fix === null
        ? []
        : listFixItems(database.sql, fix.id, { offset, shown, limit: fixItemsPerPage + 1 }),
    ]);
    const { texts } = visitor;
    const card = requestCard(view, visitor.person, {
      publicUrl,
      nowMs: visitor.nowMs,
      inConsole: true,
    });
    return context.html(
      <Page
        visitor={visitor}
        title={card.title}
        area="requests"
        watch={[`request:${view.request.id}`]}
      >
        <a class="crumb" href="/requests">
          <Icon name="back" />
          {texts.requests.title}
        </a>
        <div class="columns">
          <div id="request-card" data-live>
            <CardArticle card={card} headingLevel={1} withoutLink {...{ visitor, publicUrl }} />
            {fix !== null && (
              <FixBox
                {...{ visitor, fix, items, shown, offset }}
                people={knowledge.people}
                mayExport
                pathOf={(page) =>
                  withQuery(`/requests/${view.request.id}`, {
                    items: page.offset === 0 ? null : page.offset,
                    shown: page.shown === 'all' ? null : page.shown,
                  })
                }
              />
            )}
          </div>
          <div class="stack">
            <VotesBox {...{ visitor, view, knowledge }} />
            <section class="box" id="history" data-live>
              <h2>{texts.requests.history}</h2>
              <div class="box-body">
                <History
                  entries={history}
                  names={{ people: knowledge.people, groups: [] }}
                  visitor={visitor}
                />
              </div>
            </section>
          </div>
        </div>
      </Page>,
    );
  });
  return app;
}

interface RequestsPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  /** One more than a page where there is a next one. */
  readonly lines: readonly RequestLine[];
  readonly knowledge: Knowledge;
  /** The visitor's own. */
  readonly drafts: readonly RequestDraft[];
}

function RequestsPage(props: RequestsPageProps) {
  const { visitor, query } = props;
  const { texts } = visitor;
  const page = props.lines.slice(0, linesPerPage);
  const last = page.at(-1);
  const lines = page.filter((line) => maySeeRequest(visitor.person, line, props.knowledge));
  const tab = (show: Query['show'], label: string) => ({
    href: requestsPath({ show, before: null }),
    label,
    count: null,
    current: query.show === show,
  });
  return (
    <Page visitor={visitor} title={texts.requests.title} area="requests">
      <PageHead title={texts.requests.title} subtitle={texts.requests.subtitle}>
        <a class="button button-default" href="/requests/new-batch">
          {texts.newBatch.new}
        </a>
        <a class="button button-primary" href="/requests/new">
          {texts.requests.new}
        </a>
        <ExportLink table="requests" visitor={visitor} query={query} />
      </PageHead>
      <div class="toolbar">
        <Tabs
          label={texts.requests.state}
          tabs={[
            tab('all', texts.common.all),
            tab('voting', texts.requests.open),
            tab('decided', texts.requests.decided),
          ]}
        />
      </div>
      <div class="stack">
        <Drafts {...props} />
        {lines.length === 0 ? (
          <Empty title={texts.requests.empty} hint={texts.requests.emptyHint} />
        ) : (
          <RequestTable {...props} lines={lines} />
        )}
      </div>
      <NextPage
        visitor={visitor}
        nextHref={
          props.lines.length > linesPerPage && last !== undefined
            ? requestsPath({ ...query, before: last.id })
            : null
        }
        firstHref={query.before === null ? null : requestsPath({ ...query, before: null })}
      />
    </Page>
  );
}

/** What somebody has begun to ask for and not sent yet. */
function Drafts({ visitor, drafts }: RequestsPageProps) {
  if (drafts.length === 0) return null;
  const { texts } = visitor;
  return (
    <section class="box" id="drafts">
      <h2>{texts.drafts.title}</h2>
      <ul class="lines">
        {drafts.map((draft) => (
          <li>
            <span class="line">
              <a href={draftPath(draft)}>{draftTitle(draft, visitor)}</a>
              <small>
                {texts.drafts.savedAt} <Instant atMs={draft.savedAtMs} visitor={visitor} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RequestTable({ visitor, lines, knowledge }: RequestsPageProps) {
  const { texts, locale } = visitor;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.requests.request}</th>
            <th scope="col">{texts.requests.state}</th>
            <th scope="col">{texts.requests.votes}</th>
            <th scope="col">{texts.requests.requester}</th>
            <th scope="col">{texts.requests.due}</th>
            <th scope="col">{texts.requests.created}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <td class="main-cell">
                <a href={`/requests/${line.id}`}>{proposalTitle(line.proposal, visitor, names)}</a>
              </td>
              <td data-label={texts.requests.state}>
                <RequestStatePill {...line} visitor={visitor} />
              </td>
              <td data-label={texts.requests.votes}>
                {texts.requests.tally(
                  formatCount(line.approve, locale),
                  formatCount(line.quorum, locale),
                  formatCount(line.reject, locale),
                )}
              </td>
              <td data-label={texts.requests.requester}>
                {personName(line.requesterCode, knowledge.people, visitor)}
              </td>
              <td data-label={texts.requests.due}>
                {line.state === 'voting' ? (
                  <Instant atMs={line.dueAtMs} visitor={visitor} />
                ) : (
                  texts.common.none
                )}
              </td>
              <td data-label={texts.requests.created}>
                <Instant atMs={line.createdAtMs} visitor={visitor} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ballotTones: Readonly<Record<Ballot, PillTone>> = {
  approve: 'good',
  reject: 'bad',
  abstain: 'neutral',
  recuse: 'neutral',
};

function VotesBox(props: {
  readonly visitor: SignedIn;
  readonly view: RequestView;
  readonly knowledge: Knowledge;
}) {
  const { visitor, view, knowledge } = props;
  const { texts } = visitor;
  const { votes } = view.request;
  const names = (codes: readonly string[]) =>
    codes.map((code) => personName(code, knowledge.people, visitor)).join(' · ');
  return (
    <section class="box" id="votes" data-live>
      <h2>{texts.requests.votesTitle}</h2>
      <ul class="lines">
        {seatsOf(view.request).map((seat) => {
          const vote = votes.find((cast) => seat.personCodes.includes(cast.inPlaceOf ?? cast.by));
          return (
            <li>
              <span class="line">
                <strong>
                  {seat.code === seat.personCodes[0]
                    ? names(seat.personCodes)
                    : `${knowledge.departments.get(seat.code)?.name[visitor.locale] ?? seat.code}: ${names(seat.personCodes)}`}
                </strong>
                {vote === undefined ? (
                  <Pill tone="neutral">{texts.requests.notYet}</Pill>
                ) : (
                  <Pill tone={ballotTones[vote.ballot]}>{texts.ballot[vote.ballot]}</Pill>
                )}
              </span>
              {vote !== undefined && (
                <>
                  {!seat.personCodes.includes(vote.by) && <small>{names([vote.by])}</small>}
                  {vote.comment !== '' && <p>{vote.comment}</p>}
                  <small>
                    <Instant atMs={vote.atMs} visitor={visitor} />
                  </small>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function requestsPath(query: Query): string {
  return withQuery('/requests', {
    show: query.show === 'all' ? null : query.show,
    before: query.before,
  });
}
