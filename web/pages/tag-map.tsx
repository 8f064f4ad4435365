import { Hono } from 'hono';
import { raw } from 'hono/html';
import { z } from 'zod';
import {
  layOutTagMap,
  linksAround,
  linksOf,
  type LinkKind,
  type TagLink,
  type TagMap,
} from '../../domain/tag-map.ts';
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
/** Maps that are kept for one reader. */
const keptMax = 20;

export const tagMapQuerySchema = z.object({
  tag: z.string().trim().max(200).catch(''),
  kind: z.enum(linkKinds).nullable().catch(null),
});
type Query = z.infer<typeof tagMapQuerySchema>;

/** How the tags hang together, as a map and as a list. */
export function createTagMapRoutes(readKnowledge: ReadKnowledge): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  /** Laying out takes longer than everything else of the page; it is kept for as long as the dictionary is the same. */
  const laidOut = new WeakMap<Knowledge, Map<string, TagMap>>();
  app.get('/tag-map', async (context) => {
    const visitor = context.get('signedIn');
    const query = tagMapQuerySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const links = visibleLinks(query, knowledge, visitor);
    const known = laidOut.get(knowledge) ?? new Map<string, TagMap>();
    laidOut.set(knowledge, known);
    const key = JSON.stringify([visitor.locale, query]);
    if (known.size >= keptMax) known.clear();
    const map = known.get(key) ?? layOutTagMap(links, { tagsMax, widthMin });
    known.set(key, map);
    return context.html(<TagMapPage {...{ visitor, query, knowledge, links, map }} />);
  });
  return app;
}

/** What the page's address asks for, between tags that the visitor may see. */
export function visibleLinks(
  { tag, kind }: Query,
  knowledge: Knowledge,
  visitor: SignedIn,
): readonly TagLink[] {
  const { dictionary, hidden } = knowledge;
  const tags = dictionary.tags.filter(({ code }) => !hidden.tagCodes.includes(code));
  const links = linksOf(tags, dictionary.relations).filter(
    (link) => kind === null || link.kind === kind,
  );
  if (tag === '') return links;
  const code = findTag(tag, knowledge, visitor);
  return code === null ? [] : linksAround(links, code, aroundSteps);
}

/** By code or name. */
function findTag(text: string, { dictionary }: Knowledge, { locale }: SignedIn): string | null {
  const wanted = text.toLowerCase();
  const found = dictionary.tags.find(
    ({ code, name }) => code === wanted || name[locale].toLowerCase() === wanted,
  );
  return found?.code ?? null;
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
  const around = query.tag === '' ? null : findTag(query.tag, knowledge, visitor);
  return (
    <Page visitor={visitor} title={words.title} area="tags">
      <a class="crumb" href="/tags">
        <Icon name="back" />
        {texts.tags.title}
      </a>
      <PageHead title={words.title} subtitle={words.subtitle}>
        <ExportLink table="relations" visitor={visitor} query={query} />
      </PageHead>
      <form method="get" action="/tag-map" class="filters" role="search" data-autosubmit>
        <label class="filter">
          <span class="visually-hidden">{words.around}</span>
          <input type="search" name="tag" value={query.tag} placeholder={words.around} />
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
        <button class="button button-default">{texts.common.search}</button>
      </form>
      {links.length === 0 ? (
        <Empty title={words.empty} hint={words.emptyHint} />
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
            {raw(tagMapSvg(map, { label: words.title, nameOf, kinds: words.kinds, around }))}
          </section>
          {map.leftOut > 0 && <p class="note">{words.leftOut(formatCount(map.leftOut, locale))}</p>}
          <LinkTable {...props} nameOf={nameOf} />
        </div>
      )}
    </Page>
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
