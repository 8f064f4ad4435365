import { Hono } from 'hono';
import { z } from 'zod';
import { maySeeRequest } from '../../bot/visibility.ts';
import { listExceptions } from '../../db/stores/silences.ts';
import { listTagVersions, type TagVersionLine } from '../../db/stores/tag-versions.ts';
import { tagsOfProposal } from '../../domain/requests/registry.ts';
import { usingDepartments } from '../../domain/rights.ts';
import { tagsOfRule } from '../../domain/rule-tags.ts';
import type { ExceptionLine } from '../../domain/silence.ts';
import type { Tag } from '../../domain/tag.ts';
import {
  listRequests,
  readTagDetails,
  type RequestLine,
  type TagDetails,
} from '../../db/stores/console.ts';
import {
  readTagHealth,
  readTagUsage,
  type TagHealth,
  type TagUsage,
} from '../../db/stores/tag-usage.ts';
import { conditionWords } from '../../bot/texts/condition.ts';
import type { WebDependencies } from '../dependencies.ts';
import { ExceptionsHere } from '../exceptions.tsx';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Page } from '../layout.tsx';
import {
  FactsBox,
  Instant,
  NextPage,
  PageHead,
  Pill,
  RequestStatePill,
  SeverityMark,
  withQuery,
  type Fact,
} from '../parts.tsx';
import { TagHealthBox } from '../tag-health.tsx';
import { TagUsageBox } from '../tag-usage.tsx';
import { TagVersions } from '../tag-versions.tsx';
import { tagUsageTexts } from '../texts/tag-usage.ts';
import { tagStatusTones } from '../tag-words.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName, proposalTitle, tagNamesIn } from '../words.ts';

const exceptionsShownMax = 50;
const versionsPerPage = 20;
const requestsShownMax = 20;

const querySchema = z.object({
  before: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
});

/** One tag of the dictionary: what it says, who uses it, what looks at it, and how it came to be so. */
export function createTagRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const { sql } = database;
  const app = new Hono<WebEnv>();

  app.get('/tags/:code', async (context) => {
    const visitor = context.get('signedIn');
    const knowledge = await readKnowledge(visitor.person);
    const code = context.req.param('code');
    const beforeVersion = querySchema.parse({ before: context.req.query('before') ?? null }).before;
    const { hidden } = knowledge;
    const tag = knowledge.dictionary.tags.find((known) => known.code === code);
    if (tag === undefined || hidden.tagCodes.includes(code)) return context.notFound();
    const [details, exceptions, usage, health, versions, requests] = await Promise.all([
      readTagDetails(sql, tag),
      listExceptions(database.query, { nowMs: visitor.nowMs, tagId: tag.id }, exceptionsShownMax),
      readTagUsage(database, tag),
      readTagHealth(database),
      listTagVersions(sql, code, {
        beforeVersion,
        limit: versionsPerPage + 1,
        hiddenCodes: hidden.tagCodes,
      }),
      listRequests(sql, { show: 'all', naming: code }, { beforeId: null, limit: requestsShownMax }),
    ]);
    const props = {
      visitor,
      tag,
      details,
      exceptions,
      versions,
      beforeVersion,
      knowledge,
      usage,
      requests: requests.filter(
        (line) =>
          tagsOfProposal(line.proposal).includes(code) &&
          maySeeRequest(visitor.person, line, knowledge),
      ),
    };
    return context.html(
      <TagPage {...props} health={health.get(code) ?? null} publicUrl={dependencies.publicUrl} />,
    );
  });
  return app;
}

interface TagPageProps {
  readonly visitor: SignedIn;
  readonly tag: Tag;
  readonly details: TagDetails;
  readonly exceptions: readonly ExceptionLine[];
  /** Those about it that the visitor may see, newest first. */
  readonly requests: readonly RequestLine[];
  /** One more than a page where there is a next one. */
  readonly versions: readonly TagVersionLine[];
  readonly beforeVersion: number | null;
  readonly usage: TagUsage;
  readonly health: TagHealth | null;
  readonly publicUrl: string;
  readonly knowledge: Knowledge;
}

function TagPage(props: TagPageProps) {
  const { visitor, tag, versions } = props;
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
        <TagActions {...props} />
      </PageHead>
      <div class="columns">
        <div class="stack">
          <TagFacts {...props} />
          <TagUsageBox {...props} />
          <TagRules {...props} />
          <TagRequests {...props} />
          <ExceptionsHere {...props} />
          {versions.length > 0 && (
            <TagVersions {...props} versions={versions.slice(0, versionsPerPage)} />
          )}
          <NextPage
            visitor={visitor}
            nextHref={
              versions.length > versionsPerPage
                ? `/tags/${tag.code}?before=${versions[versionsPerPage - 1]?.version}#versions`
                : null
            }
            firstHref={props.beforeVersion === null ? null : `/tags/${tag.code}#versions`}
          />
        </div>
        <div class="stack">
          <TagHealthBox {...props} />
          <SubTags {...props} />
          <TagRelations {...props} />
          <TagSources {...props} />
        </div>
      </div>
    </Page>
  );
}

/** Requests that fit where the tag stands in its life. */
function TagActions({ visitor, tag }: TagPageProps) {
  const { texts, locale } = visitor;
  const words = tagUsageTexts[locale];
  const to = (kind: string, field: 'tag' | 'from') =>
    withQuery('/requests/new', { kind, [field]: tag.code });
  const activate =
    tag.status === 'active' ? null : (
      <a class="button button-default" href={to('activate', 'tag')}>
        {tag.status === 'proposed' ? words.activate : words.revive}
      </a>
    );
  if (tag.status === 'archived') return activate;
  const rest: readonly (readonly [label: string, href: string])[] = [
    [words.rename, to('rename', 'tag')],
    [words.handOver, to('owner', 'tag')],
    ...(tag.status === 'active' ? [[words.split, to('split', 'tag')] as const] : []),
    ...(tag.status === 'deprecated' ? [] : [[words.deprecate, to('deprecate', 'tag')] as const]),
    [words.retire, to('retire', 'from')],
  ];
  return (
    <>
      {activate}
      <a class="button button-default" href={to('change', 'tag')}>
        {texts.tag.change}
      </a>
      <a class="button button-default" href={to('merge', 'from')}>
        {texts.tag.merge}
      </a>
      <details class="menu">
        <summary class="button button-default">{words.act}</summary>
        <div class="menu-items">
          {rest.map(([label, href]) => (
            <a class="menu-item" href={href}>
              {label}
            </a>
          ))}
        </div>
      </details>
    </>
  );
}

function TagFacts({ visitor, tag, knowledge }: TagPageProps) {
  const { texts, locale } = visitor;
  const { dictionary, people } = knowledge;
  const names = tagNamesIn(dictionary, visitor);
  const days = (count: number) => texts.common.days(formatCount(count, locale));
  const using = usingDepartments(tag, people.get(tag.ownerCode)?.departmentCode);
  const departmentWords = (codes: readonly string[]) =>
    codes.map((code) => knowledge.departments.get(code)?.name[locale] ?? code).join(' · ');
  const facts: readonly Fact[] = [
    [texts.tag.code, tag.code],
    [texts.tag.owner, ownerWords(tag, knowledge, visitor)],
    [texts.tag.level, texts.tagLevel[tag.level]],
    [texts.tag.category, texts.tagCategory[tag.category]],
    ...(tag.parentCode === null
      ? []
      : [[texts.tag.parent, names.get(tag.parentCode) ?? tag.parentCode] as const]),
    [texts.tag.departments, using === null ? texts.common.everyDepartment : departmentWords(using)],
    ...(tag.sensitive
      ? [
          [
            texts.tag.alsoSeenBy,
            [departmentWords(tag.seenByDepartmentCodes), texts.role['data-admin']]
              .filter((words) => words !== '')
              .join(' · '),
          ] as const,
        ]
      : []),
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

function ownerWords({ ownerCode }: Tag, { people }: Knowledge, visitor: SignedIn): string {
  const owner = personName(ownerCode, people, visitor);
  const deputyCode = people.get(ownerCode)?.deputyCode ?? null;
  return deputyCode === null
    ? owner
    : visitor.texts.tag.ownerWithDeputy(owner, personName(deputyCode, people, visitor));
}

function TagRequests({ visitor, requests, knowledge }: TagPageProps) {
  const { texts } = visitor;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  return (
    <section class="box" id="requests">
      <h2>{texts.tag.requests}</h2>
      {requests.length === 0 ? (
        <p class="box-body note">{texts.tag.noRequests}</p>
      ) : (
        <ul class="lines">
          {requests.map((line) => (
            <li class="line">
              <span>
                <a href={`/requests/${line.id}`}>{proposalTitle(line.proposal, visitor, names)}</a>{' '}
                <small>
                  {personName(line.requesterCode, knowledge.people, visitor)}
                  {' · '}
                  <Instant atMs={line.createdAtMs} visitor={visitor} />
                </small>
              </span>
              <RequestStatePill {...line} visitor={visitor} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
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

/** Tags below this one. */
function SubTags({ visitor, tag, knowledge }: TagPageProps) {
  const { locale } = visitor;
  const { dictionary, hidden } = knowledge;
  const below = dictionary.tags.filter(
    ({ code, parentCode, status }) =>
      parentCode === tag.code && status !== 'archived' && !hidden.tagCodes.includes(code),
  );
  if (below.length === 0) return null;
  return (
    <section class="box">
      <h2>{tagUsageTexts[locale].subTags}</h2>
      <ul class="lines">
        {below.map(({ code, name, status }) => (
          <li>
            <a href={`/tags/${code}`}>{name[locale]}</a>{' '}
            {status !== 'active' && (
              <Pill tone={tagStatusTones[status]}>{visitor.texts.tagStatus[status]}</Pill>
            )}
          </li>
        ))}
      </ul>
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
              {source.name} <small>{`${source.source[visitor.locale]} · ${source.ref}`}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
