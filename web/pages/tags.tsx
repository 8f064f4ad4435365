import { Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { z } from 'zod';
import { requestWords } from '../../bot/texts/request-words.ts';
import type { BatchKind } from '../../commands/fill-batch.ts';
import { tagStatuses } from '../../domain/tag.ts';
import {
  countTags,
  listTags,
  listUndefinedTags,
  type TagLine,
  type TagOrder,
  type UndefinedTagLine,
} from '../../db/stores/console.ts';
import { rankTags } from '../../db/stores/tag-search.ts';
import { readTagHealth, type TagHealth } from '../../db/stores/tag-usage.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import { Empty, ExportLink, NextPage, PageHead, Pill, Select, Tabs, withQuery } from '../parts.tsx';
import { exportFormats, exportResponse } from '../tag-export.ts';
import { HealthFigure } from '../tag-health.tsx';
import { tagStatusTones } from '../tag-words.ts';
import { tagUsageTexts } from '../texts/tag-usage.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

const linesPerPage = 50;

const tagOrders = ['used', 'health', 'name'] as const;

export const tagsQuerySchema = z.object({
  q: z.string().trim().max(100).catch(''),
  status: z.enum([...tagStatuses, 'undefined', 'all']).catch('all'),
  order: z.enum(tagOrders).catch('used'),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});
type Query = z.infer<typeof tagsQuerySchema>;

type Counts = Awaited<ReturnType<typeof countTags>>;

/** The dictionary as a list. */
export function createTagListRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const { sql } = database;
  const app = new Hono<WebEnv>();

  app.get('/tags', async (context) => {
    const visitor = context.get('signedIn');
    const query = tagsQuerySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const ranks = await rankTags(database, query.q);
    const filter = { ranks, text: query.q, hiddenCodes: knowledge.hidden.tagCodes };
    const page = { offset: query.offset, limit: linesPerPage + 1 };
    const [counts, health] = await Promise.all([countTags(sql, filter), readTagHealth(database)]);
    const rows =
      query.status === 'undefined'
        ? { kind: 'undefined' as const, lines: await listUndefinedTags(sql, query.q, page) }
        : {
            kind: 'defined' as const,
            lines: await listTags(
              sql,
              { ...filter, status: query.status === 'all' ? null : query.status },
              page,
              tagOrder(query.order, visitor, health),
            ),
          };
    return context.html(<TagsPage {...{ visitor, query, counts, rows, knowledge, health }} />);
  });
  for (const format of exportFormats) {
    app.get(`/tags.${format}`, async (context) => {
      const visitor = context.get('signedIn');
      const { q, status } = tagsQuerySchema.parse(context.req.query());
      const ranks = await rankTags(database, q);
      const actor = { person: visitor.person, through: 'console' } as const;
      return exportResponse(dependencies.context, actor, {
        format,
        locale: visitor.locale,
        isWanted: (tag) =>
          (ranks?.has(tag.code) ?? true) && (status === 'all' || tag.status === status),
      });
    });
  }
  return app;
}

interface TagsPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  readonly counts: Counts;
  /** Lines: one more than a page where there is a next one. */
  readonly rows:
    | { readonly kind: 'defined'; readonly lines: readonly TagLine[] }
    | { readonly kind: 'undefined'; readonly lines: readonly UndefinedTagLine[] };
  readonly knowledge: Knowledge;
  readonly health: ReadonlyMap<string, TagHealth>;
}

function tagOrder(
  order: Query['order'],
  { locale }: SignedIn,
  health: ReadonlyMap<string, TagHealth>,
): TagOrder {
  if (order === 'name') return { kind: 'name', locale };
  if (order === 'used') return { kind: 'used' };
  return {
    kind: 'health',
    scores: new Map([...health].map(([code, { score }]) => [code, score])),
  };
}

function TagsPage(props: TagsPageProps) {
  const { visitor, query, counts, rows, knowledge } = props;
  const isBare = query.q === '' && knowledge.dictionary.tags.length === 0;
  const { texts, locale } = visitor;
  const tab = (status: Query['status'], label: string) => ({
    href: tagsPath(query, { status, offset: 0 }),
    label,
    count: formatCount(counts[status], locale),
    current: query.status === status,
  });
  return (
    <Page visitor={visitor} title={texts.tags.title} area="tags">
      <PageHead title={texts.tags.title} subtitle={texts.tags.subtitle}>
        {query.status !== 'undefined' && (
          <a
            class="button button-quiet"
            href={tagsPath({ ...query, offset: 0 }, {}, '/tags.xlsx')}
            download
          >
            {texts.tags.export}
          </a>
        )}
        {visitor.person.roles.includes('data-admin') && (
          <a class="button button-default" href="/tag-imports">
            {texts.tags.import}
          </a>
        )}
        <a class="button button-primary" href="/requests/new">
          {texts.tags.request}
        </a>
        <a class="button button-default" href="/tag-map">
          {texts.tagMap.open}
        </a>
        <ExportLink table="tags" visitor={visitor} query={query} />
      </PageHead>
      <div class="toolbar">
        <Tabs
          label={texts.tags.status}
          tabs={[
            tab('all', texts.common.all),
            ...tagStatuses
              .filter((status) => counts[status] > 0 || status === query.status)
              .map((status) => tab(status, texts.tagStatus[status])),
            tab('undefined', texts.tagStatus.undefined),
          ]}
        />
        <form method="get" action="/tags" class="filters" role="search">
          <input type="hidden" name="status" value={query.status} />
          <label class="filter">
            <span class="visually-hidden">{texts.tags.search}</span>
            <input type="search" name="q" value={query.q} placeholder={texts.tags.search} />
          </label>
          <Select
            name="order"
            label={tagUsageTexts[locale].order}
            value={query.order}
            options={tagOrders.map((value) => ({
              value,
              label: tagUsageTexts[locale].orders[value],
            }))}
          />
          <button class="button button-default">{texts.common.search}</button>
        </form>
      </div>
      {rows.lines.length === 0 ? (
        <Empty
          title={isBare ? texts.tags.bare : texts.tags.empty}
          hint={isBare ? texts.tags.bareHint : texts.tags.emptyHint}
        />
      ) : rows.kind === 'undefined' ? (
        <UndefinedTable visitor={visitor} lines={rows.lines.slice(0, linesPerPage)} />
      ) : (
        <TagTable {...props} lines={rows.lines.slice(0, linesPerPage)} />
      )}
      <NextPage
        visitor={visitor}
        nextHref={
          rows.lines.length > linesPerPage
            ? tagsPath(query, { offset: query.offset + linesPerPage })
            : null
        }
        firstHref={query.offset > 0 ? tagsPath(query, { offset: 0 }) : null}
      />
      <p class="note below">{texts.tags.counted}</p>
    </Page>
  );
}

function TagTable(props: TagsPageProps & { readonly lines: readonly TagLine[] }) {
  const { visitor, knowledge } = props;
  const { texts, locale } = visitor;
  return (
    <AskForTicked visitor={visitor} kinds={['merge', 'deprecate', 'retire', 'activate', 'owner']}>
      <table>
        <thead>
          <tr>
            <TickAll visitor={visitor} />
            <th scope="col">{texts.tags.tag}</th>
            <th scope="col">{texts.tags.definition}</th>
            <th scope="col">{texts.tags.status}</th>
            <th scope="col">{texts.tags.level}</th>
            <th scope="col">{texts.tags.owner}</th>
            <th scope="col" class="number">
              {tagUsageTexts[locale].health}
            </th>
            <th scope="col" class="number">
              {texts.tags.customers}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.lines.map((tag) => (
            <tr data-queue-row tabindex={-1}>
              <Tick visitor={visitor} id={tag.code} name={tag.name[locale]} />
              <td class="main-cell">
                <a href={`/tags/${encodeURIComponent(tag.code)}`}>{tag.name[locale]}</a>
                <small>
                  <code>{tag.code}</code>
                </small>
              </td>
              <td class="wide-cell">{tag.definition[locale]}</td>
              <td>
                <Pill tone={tagStatusTones[tag.status]}>{texts.tagStatus[tag.status]}</Pill>{' '}
                {tag.sensitive && <Pill tone="neutral">{texts.tags.sensitive}</Pill>}
              </td>
              <td data-label={texts.tags.level}>
                {`${texts.tagLevel[tag.level]} · ${texts.tagCategory[tag.category]}`}
              </td>
              <td class="short" data-label={texts.tags.owner}>
                {personName(tag.ownerCode, knowledge.people, visitor)}
              </td>
              <td class="number" data-label={tagUsageTexts[locale].health}>
                <HealthFigure health={props.health.get(tag.code)} visitor={visitor} />
              </td>
              <td class="number" data-label={texts.tags.customers}>
                {tag.customers === null ? texts.common.none : formatCount(tag.customers, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </AskForTicked>
  );
}

/** A table whose ticked lines can be asked for together: the list of the batch is made of them. */
function AskForTicked(props: {
  readonly visitor: SignedIn;
  readonly kinds: readonly BatchKind[];
  readonly children: Child;
}) {
  const { visitor, kinds } = props;
  const { texts, locale } = visitor;
  const words = requestWords[locale].form.kinds;
  return (
    <form method="post" action="/requests/new-batch" class="stack" data-queue>
      <Csrf visitor={visitor} />
      <input type="hidden" name="step" value="list" />
      <div class="toolbar">
        <div class="line">
          <span>{texts.tags.askForTicked}</span>
          {kinds.map((kind) => (
            <button class="button button-default" name="kind" value={kind}>
              {words[kind].choice}
            </button>
          ))}
        </div>
        <small class="keys">{texts.tags.keys}</small>
      </div>
      <div class="table-frame">{props.children}</div>
    </form>
  );
}

function TickAll({ visitor }: { readonly visitor: SignedIn }) {
  return (
    <th scope="col">
      <input type="checkbox" data-tick-all aria-label={visitor.texts.candidates.tickAll} />
    </th>
  );
}

function Tick(props: { readonly visitor: SignedIn; readonly id: string; readonly name: string }) {
  const label = props.visitor.texts.candidates.tick(props.name);
  return (
    <td>
      <input type="checkbox" name="id" value={props.id} aria-label={label} />
    </td>
  );
}

function UndefinedTable(props: {
  readonly visitor: SignedIn;
  readonly lines: readonly UndefinedTagLine[];
}) {
  const { visitor } = props;
  const { texts, locale } = visitor;
  return (
    <AskForTicked visitor={visitor} kinds={['create']}>
      <table>
        <thead>
          <tr>
            <TickAll visitor={visitor} />
            <th scope="col">{texts.tags.tag}</th>
            <th scope="col">{texts.tag.sources}</th>
            <th scope="col" class="number">
              {texts.tags.customers}
            </th>
            <th scope="col">
              <span class="visually-hidden">{texts.tags.request}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.lines.map((tag) => (
            <tr data-queue-row tabindex={-1}>
              <Tick visitor={visitor} id={tag.name} name={tag.name} />
              <td class="main-cell">
                <strong>{tag.name}</strong>
                <small>{texts.tags.undefinedHint}</small>
              </td>
              <td data-label={texts.tag.sources}>
                {tag.sources.map((name) => name[visitor.locale]).join(' · ')}
              </td>
              <td class="number" data-label={texts.tags.customers}>
                {tag.customers === null ? texts.common.none : formatCount(tag.customers, locale)}
              </td>
              <td>
                <a href={withQuery('/requests/new', { kind: 'create', name: tag.name })}>
                  {texts.tags.request}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </AskForTicked>
  );
}

function tagsPath(query: Query, change: Partial<Query>, path = '/tags'): string {
  const { q, status, order, offset } = { ...query, ...change };
  return withQuery(path, {
    q,
    status: status === 'all' ? null : status,
    order: order === 'used' ? null : order,
    offset: offset === 0 ? null : offset,
  });
}
