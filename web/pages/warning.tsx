import { Hono } from 'hono';
import { z } from 'zod';
import type { CustomerChoice, EvidenceTag, FixView, WarningView } from '../../bot/views.ts';
import type { Card } from '../../bot/card.ts';
import { fixItemsShown, listFixItems, type FixItemLine } from '../../db/stores/fix-items.ts';
import { permission, standInCode } from '../../domain/rights.ts';
import { CardArticle } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import { FixBox, fixItemsPerPage } from '../fix-items.tsx';
import { calendarDay, formatCount } from '../format.ts';
import { History } from '../history.tsx';
import { Icon } from '../icons.tsx';
import { Page } from '../layout.tsx';
import { NextPage, withQuery } from '../parts.tsx';
import { hiddenNamesFor, maySeeWarning, withoutHiddenTags } from '../../bot/visibility.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { findingReasonWords } from '../../bot/texts/finding-reason.ts';
import { nameIn } from '../../bot/texts/texts.ts';
import { warningCard } from '../../bot/cards/warning.ts';

const customersPerPage = 25;

const offset = z.coerce.number().int().min(0).max(10_000_000).catch(0);
const querySchema = z.object({
  customers: offset,
  items: offset,
  shown: z.enum(fixItemsShown).catch('all'),
});
type Query = z.infer<typeof querySchema>;
const idSchema = z.coerce.number().int().positive().max(2_147_483_647);

/** One warning: its card, every customer, what a fix did to each, and its history. */
export function createWarningRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { views, database, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();
  app.get('/warnings/:id', async (context) => {
    const visitor = context.get('signedIn');
    const id = idSchema.safeParse(context.req.param('id'));
    if (!id.success) return context.notFound();
    const query = querySchema.parse(context.req.query());
    const [view, knowledge] = await Promise.all([
      views.warning(id.data),
      readKnowledge(visitor.person),
    ]);
    const mayRead = view !== null && maySeeWarning(visitor.person, view, knowledge);
    if (!mayRead) return context.notFound();
    const shown = withoutHiddenTags(view, visitor.person, knowledge);
    const [customers, items, history] = await Promise.all([
      views.customers(id.data, { offset: query.customers, limit: customersPerPage }),
      view.fix === null
        ? []
        : listFixItems(database.sql, view.fix.id, {
            offset: query.items,
            shown: query.shown,
            limit: fixItemsPerPage + 1,
          }),
      views.history({ kind: 'warning', id: id.data }),
    ]);
    const hiddenNames = hiddenNamesFor(visitor.person, view, knowledge);
    const card = warningCard(shown, visitor.person, { publicUrl, nowMs: visitor.nowMs });
    const { texts, locale } = visitor;
    return context.html(
      <Page
        visitor={visitor}
        title={shown.rule.name[locale]}
        area="warnings"
        watch={[`warning:${id.data}`]}
      >
        <WarningPage
          {...{ visitor, query, card, customers, items, knowledge, hiddenNames, publicUrl }}
          id={id.data}
          fix={view.fix}
          mayExport={isResponsible(visitor, view.warning, knowledge)}
          muted={shown.muted}
        />
        <section class="box" id="history" data-live>
          <h2>{texts.warning.history}</h2>
          <div class="box-body">
            <History
              entries={history}
              names={{ people: knowledge.people, groups: view.groups }}
              visitor={visitor}
            />
          </div>
        </section>
      </Page>,
    );
  });
  return app;
}

function isResponsible(
  { person, nowMs }: SignedIn,
  warning: WarningView['warning'],
  { people }: Knowledge,
): boolean {
  const owner = people.get(warning.ownerCode);
  const deputyCode = standInCode(owner ?? null, nowMs);
  return permission(person, warning, 'undo', { deputyCode, owner }).kind === 'allowed';
}

interface WarningPageProps {
  readonly visitor: SignedIn;
  readonly id: number;
  readonly query: Query;
  readonly card: Card;
  readonly customers: { readonly total: number; readonly customers: readonly CustomerChoice[] };
  readonly fix: FixView | null;
  readonly mayExport: boolean;
  readonly muted: WarningView['muted'];
  /** One more than a page where there is a next one. */
  readonly items: readonly FixItemLine[];
  readonly knowledge: Knowledge;
  /** Names of tags that the reader may not see. */
  readonly hiddenNames: ReadonlySet<string>;
  readonly publicUrl: string;
}

function WarningPage(props: WarningPageProps) {
  const { visitor, card, fix, query } = props;
  const { texts } = visitor;
  return (
    <div class="stack with-gap">
      <a class="crumb" href="/warnings">
        <Icon name="back" />
        {texts.warnings.title}
      </a>
      <div id="warning-card" data-live>
        <CardArticle
          card={card}
          visitor={visitor}
          publicUrl={props.publicUrl}
          headingLevel={1}
          withoutLink
        />
      </div>
      <div id="warning-fix" data-live>
        {fix !== null && (
          <FixBox
            {...{ visitor, fix }}
            items={props.items}
            shown={query.shown}
            offset={query.items}
            people={props.knowledge.people}
            mayExport={props.mayExport}
            pathOf={({ shown, offset: items }) => pagePath(props, { shown, items })}
          />
        )}
      </div>
      <div id="warning-customers" data-live>
        <CustomersBox {...props} />
      </div>
      <div id="warning-muted" data-live>
        {props.muted.length > 0 && <MutedBox {...props} />}
      </div>
    </div>
  );
}

/** What is not told while this warning stands, since this warning explains it. */
function MutedBox({ visitor, muted, knowledge }: WarningPageProps) {
  const { texts, locale } = visitor;
  const nameOf = (code: string) =>
    knowledge.dictionary.rules.find((rule) => rule.code === code)?.name[locale] ?? code;
  return (
    <section class="box">
      <h2>{texts.warning.muted}</h2>
      <p class="box-body note">{texts.warning.mutedHint}</p>
      <ul class="lines">
        {muted.map(({ ruleCode, findings }) => (
          <li>
            <a href={`/rules/${encodeURIComponent(ruleCode)}`}>{nameOf(ruleCode)}</a>{' '}
            <small>{texts.warning.mutedFindings(formatCount(findings, locale))}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CustomersBox(props: WarningPageProps) {
  const { visitor, query, hiddenNames } = props;
  const { texts, locale } = visitor;
  const { total, customers } = props.customers;
  const until = query.customers + customers.length;
  return (
    <section class="box">
      <h2>
        {texts.warning.customers}
        {total > 0 && (
          <small>
            {` ${texts.common.range(
              formatCount(query.customers + 1, locale),
              formatCount(until, locale),
              formatCount(total, locale),
            )}`}
          </small>
        )}
      </h2>
      {customers.length === 0 ? (
        <p class="box-body note">{texts.warning.customersEmpty}</p>
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.warning.customer}</th>
                <th scope="col">{texts.warning.tags}</th>
              </tr>
            </thead>
            <tbody>
              {customers.map((customer) => (
                <tr>
                  <td class="main-cell">
                    <strong>{nameIn(locale, customer.name)}</strong>
                    <small>{customer.ref}</small>
                  </td>
                  <td>
                    <ul class="evidence">
                      {customer.tags
                        .filter((tag) => !hiddenNames.has(tag.name[locale]))
                        .map((tag) => (
                          <li>
                            <Evidence tag={tag} visitor={visitor} />
                          </li>
                        ))}
                      {customer.missing
                        .filter((name) => !hiddenNames.has(name[locale]))
                        .map((name) => (
                          <li>
                            <small>{texts.warning.missing}</small>{' '}
                            <span class="tag">{name[locale]}</span>
                          </li>
                        ))}
                      {(customer.reasons ?? []).map((reason) => (
                        <li>
                          <small>
                            {findingReasonWords(reason, locale, (atMs) =>
                              calendarDay(atMs, visitor.timeZone),
                            )}
                          </small>
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NextPage
        visitor={visitor}
        nextHref={until < total ? pagePath(props, { customers: until }) : null}
        firstHref={query.customers > 0 ? pagePath(props, { customers: 0 }) : null}
      />
    </section>
  );
}

function Evidence(props: { readonly tag: EvidenceTag; readonly visitor: SignedIn }) {
  const { tag, visitor } = props;
  const since =
    tag.sinceSeconds === null
      ? visitor.texts.warning.unknownSince
      : calendarDay(tag.sinceSeconds * 1000, visitor.timeZone);
  const origin = [tag.actor, tag.source[visitor.locale], since, tag.importName].filter(
    (part) => part !== null,
  );
  return (
    <>
      <span class="tag">{tag.name[visitor.locale]}</span>
      <small>{origin.join(' · ')}</small>
    </>
  );
}

function pagePath(props: WarningPageProps, change: Partial<Query>): string {
  const { customers, items, shown } = { ...props.query, ...change };
  return withQuery(`/warnings/${props.id}`, {
    customers: customers === 0 ? null : customers,
    items: items === 0 ? null : items,
    shown: shown === 'all' ? null : shown,
  });
}
