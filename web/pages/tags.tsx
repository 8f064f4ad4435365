import { Hono } from 'hono';
import { z } from 'zod';
import { listExceptions } from '../../db/stores/silences.ts';
import { tagsOfRule } from '../../domain/rule-tags.ts';
import type { ExceptionLine } from '../../domain/silence.ts';
import { tagStatuses, type Tag } from '../../domain/tag.ts';
import {
  countTags,
  listTags,
  listUndefinedTags,
  readTagDetails,
  type TagDetails,
  type TagLine,
  type UndefinedTagLine,
} from '../../db/stores/console.ts';
import { conditionWords } from '../../bot/texts/condition.ts';
import type { WebDependencies } from '../dependencies.ts';
import { ExceptionsHere } from '../exceptions.tsx';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Page } from '../layout.tsx';
import {
  FactsBox,
  Empty,
  Instant,
  NextPage,
  PageHead,
  Pill,
  SeverityMark,
  Tabs,
  withQuery,
  type PillTone,
  type Fact,
} from '../parts.tsx';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName, tagNamesIn } from '../words.ts';

const linesPerPage = 50;
const exceptionsShownMax = 50;

const querySchema = z.object({
  q: z.string().trim().max(100).catch(''),
  status: z.enum([...tagStatuses, 'undefined', 'all']).catch('all'),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});
type Query = z.infer<typeof querySchema>;

type Counts = Awaited<ReturnType<typeof countTags>>;

const tagStatusTones: Readonly<Record<Tag['status'], PillTone>> = {
  proposed: 'notice',
  active: 'good',
  deprecated: 'bad',
  archived: 'neutral',
};

/** The dictionary and each of its tags. */
export function createTagRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const { sql } = database;
  const app = new Hono<WebEnv>();

  app.get('/tags', async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const filter = { text: query.q, hiddenCodes: knowledge.hidden.tagCodes };
    const page = { offset: query.offset, limit: linesPerPage + 1 };
    const counts = await countTags(sql, filter);
    const rows =
      query.status === 'undefined'
        ? { kind: 'undefined' as const, lines: await listUndefinedTags(sql, query.q, page) }
        : {
            kind: 'defined' as const,
            lines: await listTags(
              sql,
              { ...filter, status: query.status === 'all' ? null : query.status },
              page,
            ),
          };
    return context.html(<TagsPage {...{ visitor, query, counts, rows, knowledge }} />);
  });

  app.get('/tags/:code', async (context) => {
    const visitor = context.get('signedIn');
    const knowledge = await readKnowledge(visitor.person);
    const code = context.req.param('code');
    const tag = knowledge.dictionary.tags.find((known) => known.code === code);
    if (tag === undefined || knowledge.hidden.tagCodes.includes(code)) return context.notFound();
    const [details, exceptions] = await Promise.all([
      readTagDetails(sql, tag),
      listExceptions(database.query, { nowMs: visitor.nowMs, tagId: tag.id }, exceptionsShownMax),
    ]);
    return context.html(<TagPage {...{ visitor, tag, details, exceptions, knowledge }} />);
  });
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
}

function TagsPage(props: TagsPageProps) {
  const { visitor, query, counts, rows } = props;
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
        <a class="button button-primary" href="/requests/new">
          {texts.tags.request}
        </a>
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
          <button class="button button-default">{texts.common.search}</button>
        </form>
      </div>
      {rows.lines.length === 0 ? (
        <Empty title={texts.tags.empty} hint={texts.tags.emptyHint} />
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
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.tags.tag}</th>
            <th scope="col">{texts.tags.definition}</th>
            <th scope="col">{texts.tags.status}</th>
            <th scope="col">{texts.tags.level}</th>
            <th scope="col">{texts.tags.owner}</th>
            <th scope="col" class="number">
              {texts.tags.customers}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.lines.map((tag) => (
            <tr>
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
              <td data-label={texts.tags.owner}>
                {personName(tag.ownerCode, knowledge.people, visitor)}
              </td>
              <td class="number" data-label={texts.tags.customers}>
                {tag.customers === null ? texts.common.none : formatCount(tag.customers, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UndefinedTable(props: {
  readonly visitor: SignedIn;
  readonly lines: readonly UndefinedTagLine[];
}) {
  const { texts, locale } = props.visitor;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
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
            <tr>
              <td class="main-cell">
                <strong>{tag.name}</strong>
                <small>{texts.tags.undefinedHint}</small>
              </td>
              <td data-label={texts.tag.sources}>{tag.sources.join(' · ')}</td>
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
    </div>
  );
}

interface TagPageProps {
  readonly visitor: SignedIn;
  readonly tag: Tag;
  readonly details: TagDetails;
  readonly exceptions: readonly ExceptionLine[];
  readonly knowledge: Knowledge;
}

function TagPage(props: TagPageProps) {
  const { visitor, tag } = props;
  const { texts, locale } = visitor;
  return (
    <Page visitor={visitor} title={tag.name[locale]} area="tags">
      <a class="crumb" href="/tags">
        <Icon name="back" />
        {texts.tags.title}
      </a>
      <PageHead title={tag.name[locale]} subtitle={tag.definition[locale]}>
        <Pill tone={tagStatusTones[tag.status]}>{texts.tagStatus[tag.status]}</Pill>
        {tag.sensitive && <Pill tone="neutral">{texts.tags.sensitive}</Pill>}
        <a
          class="button button-default"
          href={withQuery('/requests/new', { kind: 'change', tag: tag.code })}
        >
          {texts.tag.change}
        </a>
        <a
          class="button button-default"
          href={withQuery('/requests/new', { kind: 'merge', from: tag.code })}
        >
          {texts.tag.merge}
        </a>
      </PageHead>
      <div class="columns">
        <div class="stack">
          <TagFacts {...props} />
          <TagRules {...props} />
          <ExceptionsHere {...props} />
          <TagVersions {...props} />
        </div>
        <div class="stack">
          <TagRelations {...props} />
          <TagSources {...props} />
        </div>
      </div>
    </Page>
  );
}

function TagFacts({ visitor, tag, details, knowledge }: TagPageProps) {
  const { texts, locale } = visitor;
  const { dictionary, people } = knowledge;
  const names = tagNamesIn(dictionary, visitor);
  const days = (count: number) => texts.common.days(formatCount(count, locale));
  const facts: readonly Fact[] = [
    [texts.tag.code, tag.code],
    [
      texts.tag.customers,
      details.customers === null ? texts.common.none : formatCount(details.customers, locale),
    ],
    [texts.tag.owner, personName(tag.ownerCode, people, visitor)],
    [texts.tag.level, texts.tagLevel[tag.level]],
    [texts.tag.category, texts.tagCategory[tag.category]],
    ...(tag.parentCode === null
      ? []
      : [[texts.tag.parent, names.get(tag.parentCode) ?? tag.parentCode] as const]),
    [
      texts.tag.departments,
      tag.departmentCodes.length === 0
        ? texts.common.everyDepartment
        : tag.departmentCodes
            .map((code) => knowledge.departments.get(code)?.name[locale] ?? code)
            .join(' · '),
    ],
    [texts.tag.life, tag.lifeDays === null ? texts.tag.forEver : days(tag.lifeDays)],
    ...(tag.successorCode === null
      ? []
      : [[texts.tag.successor, names.get(tag.successorCode) ?? tag.successorCode] as const]),
    ...(tag.confirmEveryDays === null
      ? []
      : [[texts.tag.confirm, days(tag.confirmEveryDays)] as const]),
    [
      texts.tag.criteria,
      tag.criteria === null
        ? texts.tag.noCriteria
        : conditionWords(tag.criteria, dictionary.attributes, locale),
    ],
  ];
  return <FactsBox facts={facts} />;
}

function TagRules({ visitor, tag, details, knowledge }: TagPageProps) {
  const { texts, locale } = visitor;
  const { dictionary, hidden } = knowledge;
  const rules = dictionary.rules.filter(
    (rule) =>
      rule.enabled &&
      !hidden.ruleIds.includes(rule.id) &&
      tagsOfRule(rule, dictionary).includes(tag.code),
  );
  return (
    <section class="box">
      <h2>
        {texts.tag.rules}
        {details.openWarnings > 0 && (
          <small>{` ${texts.tag.openWarnings(formatCount(details.openWarnings, locale))}`}</small>
        )}
      </h2>
      {rules.length === 0 ? (
        <p class="box-body note">{texts.tag.noRules}</p>
      ) : (
        <ul class="lines">
          {rules.map((rule) => (
            <li class="line">
              <span>
                <a href={withQuery('/warnings', { rule: rule.code })}>{rule.name[locale]}</a>{' '}
                <small>{texts.ruleKind[rule.kind]}</small>
              </span>
              <SeverityMark severity={rule.severity} visitor={visitor} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Stands for the configuration as a whole in a version's author. */
const systemCode = 'system';

function TagVersions({ visitor, details, knowledge }: TagPageProps) {
  const { texts, locale } = visitor;
  if (details.versions.length === 0) return null;
  const changer = (code: string) =>
    code === systemCode ? texts.common.system : personName(code, knowledge.people, visitor);
  return (
    <section class="box">
      <h2>{texts.tag.versions}</h2>
      <ul class="lines">
        {details.versions.map((version) => (
          <li>
            <strong>{texts.tag.version(formatCount(version.version, locale))}</strong>{' '}
            {version.changedBy !== systemCode && version.reason}
            <br />
            <small>
              {`${changer(version.changedBy)} · `}
              <Instant atMs={version.changedAtMs} visitor={visitor} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TagRelations({ visitor, tag, details, knowledge }: TagPageProps) {
  const { texts } = visitor;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const shown = details.relations
    .map((relation) => {
      const isFrom = relation.fromCode === tag.code;
      const isSymmetric = relation.kind === 'exclusive-with' || relation.kind === 'synonym-of';
      return {
        code: isFrom ? relation.toCode : relation.fromCode,
        words:
          isFrom || isSymmetric
            ? texts.relation[relation.kind]
            : texts.relation[`${relation.kind}-of` as keyof typeof texts.relation],
      };
    })
    .filter(({ code }) => !knowledge.hidden.tagCodes.includes(code));
  return (
    <section class="box">
      <h2>{texts.tag.relations}</h2>
      {shown.length === 0 ? (
        <p class="box-body note">{texts.tag.noRelations}</p>
      ) : (
        <ul class="lines">
          {shown.map(({ code, words }) => (
            <li>
              <small>{words}</small>{' '}
              <a href={`/tags/${encodeURIComponent(code)}`}>{names.get(code) ?? code}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function TagSources({ visitor, details }: TagPageProps) {
  const { texts } = visitor;
  return (
    <section class="box">
      <h2>{texts.tag.sources}</h2>
      {details.sources.length === 0 ? (
        <p class="box-body note">{texts.tag.noSources}</p>
      ) : (
        <ul class="lines">
          {details.sources.map((source) => (
            <li>
              {source.name} <small>{`${source.source} · ${source.ref}`}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function tagsPath(query: Query, change: Partial<Query>): string {
  const { q, status, offset } = { ...query, ...change };
  return withQuery('/tags', {
    q,
    status: status === 'all' ? null : status,
    offset: offset === 0 ? null : offset,
  });
}
