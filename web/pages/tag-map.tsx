import { Hono } from 'hono';
import { raw } from 'hono/html';
import { z } from 'zod';
import {
  layOutTagMap,
  linksAround,
  linksOf,
  linksOfTags,
  type LinkKind,
  type TagLink,
  type TagMap,
} from '../../domain/tag-map.ts';
import { tagCategories, type Tag } from '../../domain/tag.ts';
import type { Database } from '../../db/client.ts';
import { rankTags } from '../../db/stores/tag-search.ts';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Page } from '../layout.tsx';
import { Empty, ExportLink, PageHead, Select, withQuery } from '../parts.tsx';
import { linkTones, tagMapSvg } from '../tag-map-svg.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { tagNamesIn } from '../words.ts';

const linkKinds = Object.keys(linkTones) as [LinkKind, ...LinkKind[]];
/** More are no picture any more: whoever looks for one asks for what is around a tag. */
const tagsMax = 120;
const aroundSteps = 2;
const widthMin = 960;
const aroundWidthMin = 640;
/** Maps that are kept for one reader. */
const keptMax = 20;

export const tagMapQuerySchema = z.object({
  tag: z.string().trim().max(200).catch(''),
  kind: z.enum(linkKinds).nullable().catch(null),
  category: z.enum(tagCategories).nullable().catch(null),
  department: z.string().max(100).catch(''),
});
type Query = z.infer<typeof tagMapQuerySchema>;

/** How the tags hang together, as a map and as a list. */
export function createTagMapRoutes(database: Database, readKnowledge: ReadKnowledge): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  /** Laying out takes longer than everything else of the page; it is kept for as long as the dictionary is the same. */
  const laidOut = new WeakMap<Knowledge, Map<string, TagMap>>();
  app.get('/tag-map', async (context) => {
    const visitor = context.get('signedIn');
    const query = tagMapQuerySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const found = await findTag(database, query.tag, knowledge, visitor);
    if (found !== null && found !== query.tag) {
      return context.redirect(withQuery('/tag-map', { ...query, tag: found }));
    }
    const links = visibleLinks(query, knowledge);
    const known = laidOut.get(knowledge) ?? new Map<string, TagMap>();
    laidOut.set(knowledge, known);
    const key = JSON.stringify([visitor.locale, query]);
    if (known.size >= keptMax) known.clear();
    const map =
      known.get(key) ??
      layOutTagMap(links, { tagsMax, widthMin: query.tag === '' ? widthMin : aroundWidthMin });
    known.set(key, map);
    return context.html(<TagMapPage {...{ visitor, query, knowledge, links, map }} />);
  });
  return app;
}

/** What the page's address asks for, between tags that the visitor may see; a department's are those it may use, or owns. */
export function visibleLinks(query: Query, knowledge: Knowledge): readonly TagLink[] {
  const { tag, kind, category, department } = query;
  const { dictionary, hidden, people } = knowledge;
  const tags = dictionary.tags.filter(({ code }) => !hidden.tagCodes.includes(code));
  const ofKind = linksOf(tags, dictionary.relations).filter(
    (link) => kind === null || link.kind === kind,
  );
  const isOfDepartment = ({ departmentCodes, ownerCode }: Tag) =>
    departmentCodes.length === 0
      ? people.get(ownerCode)?.departmentCode === department
      : departmentCodes.includes(department);
  const wanted = tags.filter(
    (one) =>
      (category === null || one.category === category) &&
      (department === '' || isOfDepartment(one)),
  );
  const links = linksOfTags(ofKind, new Set(wanted.map(({ code }) => code)));
  return tag === '' ? links : linksAround(links, tag, aroundSteps);
}

/** By code or name, otherwise what the dictionary's search finds first. */
async function findTag(
  database: Database,
  text: string,
  { dictionary, hidden }: Knowledge,
  { locale }: SignedIn,
): Promise<string | null> {
  const tags = dictionary.tags.filter(({ code }) => !hidden.tagCodes.includes(code));
  const wanted = text.toLowerCase();
  const named =
    tags.find(({ code }) => code === wanted) ??
    tags.find(({ name }) => name[locale].toLowerCase() === wanted);
  if (named !== undefined || text === '') return named?.code ?? null;
  const ranks = await rankTags(database, text);
  const rankOf = (code: string) => ranks?.get(code) ?? Infinity;
  const [best] = tags
    .filter(({ code }) => ranks?.has(code) === true)
    .toSorted((a, b) => rankOf(a.code) - rankOf(b.code));
  return best?.code ?? null;
}

interface TagMapPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  readonly knowledge: Knowledge;
  readonly links: readonly TagLink[];
  readonly map: TagMap;
}

function TagMapPage(props: TagMapPageProps) {
  const { visitor, query, knowledge, links, map } = props;
  const { texts, locale } = visitor;
  const words = texts.tagMap;
  const names = tagNamesIn(knowledge.dictionary, visitor);
  const nameOf = (code: string) => names.get(code) ?? code;
  const around = knowledge.dictionary.tags.find(({ code }) => code === query.tag)?.code ?? null;
  const isHidden = around !== null && knowledge.hidden.tagCodes.includes(around);
  const here = isHidden ? null : around;
  const count = (value: number) => formatCount(value, locale);
  const unlinked =
    knowledge.dictionary.tags.filter(({ code }) => !knowledge.hidden.tagCodes.includes(code))
      .length -
    map.tags.length -
    map.leftOut;
  const isWhole = Object.values(query).every((value) => value === '' || value === null);
  const pathOf = (code: string) =>
    code === here
      ? `/tags/${encodeURIComponent(code)}`
      : withQuery('/tag-map', { ...query, tag: code });
  return (
    <Page visitor={visitor} title={words.title} area="tags">
      <a class="crumb" href="/tags">
        <Icon name="back" />
        {texts.tags.title}
      </a>
      <PageHead title={words.title} subtitle={words.subtitle}>
        <ExportLink table="relations" visitor={visitor} query={query} />
      </PageHead>
      <form method="get" action="/tag-map" class="filters with-gap" role="search" data-autosubmit>
        <label class="filter">
          <span class="visually-hidden">{words.around}</span>
          <input
            type="search"
            name="tag"
            value={here === null ? query.tag : nameOf(here)}
            placeholder={words.around}
          />
        </label>
        <Select
          name="kind"
          label={words.kind}
          value={query.kind ?? ''}
          options={[
            { value: '', label: words.anyKind },
            ...linkKinds.map((kind) => ({ value: kind, label: words.kinds[kind] })),
          ]}
        />
        <Select
          name="category"
          label={texts.tag.category}
          value={query.category ?? ''}
          options={[
            { value: '', label: words.anyCategory },
            ...tagCategories.map((value) => ({ value, label: texts.tagCategory[value] })),
          ]}
        />
        <Select
          name="department"
          label={words.department}
          value={query.department}
          options={[
            { value: '', label: words.anyDepartment },
            ...[...knowledge.departments.values()].map(({ code, name }) => ({
              value: code,
              label: name[locale],
            })),
          ]}
        />
        <button class="button button-default">{texts.common.search}</button>
        {query.tag !== '' && (
          <a class="button button-quiet" href={withQuery('/tag-map', { ...query, tag: '' })}>
            {words.everyTag}
          </a>
        )}
      </form>
      {links.length === 0 ? (
        <Empty
          title={query.tag !== '' && here === null ? words.notFound(query.tag) : words.empty}
          hint={query.tag !== '' && here === null ? words.notFoundHint : words.emptyHint}
        />
      ) : (
        <div class="stack">
          <section class="box map-box" data-map-box aria-label={words.title}>
            <div class="map-tools">
              <button type="button" class="button button-default" data-map-zoom="in">
                {words.zoomIn}
              </button>
              <button type="button" class="button button-default" data-map-zoom="out">
                {words.zoomOut}
              </button>
              <button type="button" class="button button-default" data-map-zoom="reset">
                {words.whole}
              </button>
            </div>
            <Legend kinds={[...new Set(map.links.map(({ kind }) => kind))]} visitor={visitor} />
            {raw(
              tagMapSvg(map, {
                label: words.title,
                nameOf,
                pathOf,
                kinds: words.kinds,
                around: here,
              }),
            )}
          </section>
          <p class="note">
            {here === null ? words.shown(count(map.tags.length)) : words.shownAround(nameOf(here))}{' '}
            {map.leftOut > 0 && words.leftOut(count(map.leftOut), count(tagsMax))}{' '}
            {isWhole && unlinked > 0 && words.unlinked(count(unlinked))}{' '}
            <span class="keys">{words.keys}</span>
          </p>
          <LinkTable {...props} nameOf={nameOf} />
        </div>
      )}
    </Page>
  );
}

/** Beside the map and not in it: it stays as large, and where it is. */
function Legend(props: { readonly kinds: readonly LinkKind[]; readonly visitor: SignedIn }) {
  const words = props.visitor.texts.tagMap;
  return (
    <ul class="map-legend">
      {props.kinds.map((kind) => (
        <li>
          <svg width="10" height="10" aria-hidden="true">
            <rect width="10" height="10" rx="2" class={`tone-${linkTones[kind]}`} />
          </svg>
          {words.kinds[kind]}
        </li>
      ))}
    </ul>
  );
}

const linesMax = 500;

function LinkTable({
  visitor,
  query,
  links,
  nameOf,
}: TagMapPageProps & { readonly nameOf: (code: string) => string }) {
  const words = visitor.texts.tagMap;
  const tag = (code: string) => <a href={`/tags/${encodeURIComponent(code)}`}>{nameOf(code)}</a>;
  return (
    <>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.from}</th>
              <th scope="col">{words.kind}</th>
              <th scope="col">{words.to}</th>
              <th scope="col">
                <span class="visually-hidden">{words.showAround}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {links.slice(0, linesMax).map(({ kind, fromCode, toCode }) => (
              <tr>
                <td class="main-cell">{tag(fromCode)}</td>
                <td data-label={words.kind}>{words.kinds[kind]}</td>
                <td data-label={words.to}>{tag(toCode)}</td>
                <td>
                  <a href={withQuery('/tag-map', { ...query, tag: fromCode })}>
                    {words.showAround}
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {links.length > linesMax && (
        <p class="note">{words.cut(formatCount(linesMax, visitor.locale))}</p>
      )}
    </>
  );
}
