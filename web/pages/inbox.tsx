import { reviewWords } from '../../bot/texts/review.ts';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Card } from '../../bot/card.ts';
import type { DeliveryPurpose, DeliverySubject } from '../../bot/channel.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { severities } from '../../domain/severity.ts';
import { countInbox, listInbox, type InboxEntry } from '../../db/stores/inbox-list.ts';
import { CardArticle } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import type { DrawCard } from '../draw-card.ts';
import { calendarDay, formatCount, formatInstant } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  Instant,
  NextPage,
  PageHead,
  RequestStatePill,
  Select,
  SeverityMark,
  Tabs,
  WarningStatePill,
  withQuery,
  type Tab,
} from '../parts.tsx';
import { ActsOnTicked } from './warnings.tsx';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { nextDueAtMs, proposalTitle } from '../words.ts';

const entriesPerPage = 50;

export const inboxQuerySchema = z.object({
  show: z.enum(['waiting', 'done', 'all']).catch('waiting'),
  severity: z.enum(severities).nullable().catch(null),
  item: z
    .string()
    .regex(/^(warning|request|digest|assessment|points)-\d{1,9}$/)
    .nullable()
    .catch(null),
  offset: z.coerce.number().int().min(0).max(100_000).catch(0),
});
type Query = z.infer<typeof inboxQuerySchema>;

/** What was delivered to the reader, with the chosen card beside the list. */
export function createInboxRoutes(dependencies: WebDependencies, drawCard: DrawCard): Hono<WebEnv> {
  const { database, publicUrl } = dependencies;
  const app = new Hono<WebEnv>();
  app.get('/', (context) => context.redirect('/inbox'));
  app.get('/inbox', async (context) => {
    const visitor = context.get('signedIn');
    const query = inboxQuerySchema.parse(context.req.query());
    const filter = {
      personCode: visitor.person.code,
      show: query.show,
      severity: query.severity,
      nowMs: visitor.nowMs,
    };
    const [entries, counts] = await Promise.all([
      listInbox(database.sql, filter, { offset: query.offset, limit: entriesPerPage + 1 }),
      countInbox(database.sql, filter),
    ]);
    // A card that was just decided leaves the list, but not from under the eyes of whoever decided it.
    const shown = parseItem(query.item) ?? entries[0]?.subject ?? null;
    return context.html(
      <InboxPage
        visitor={visitor}
        query={query}
        entries={entries}
        counts={counts}
        card={shown === null ? null : await drawCard(shown, visitor)}
        shown={shown}
        publicUrl={publicUrl}
      />,
    );
  });
  return app;
}

interface InboxPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  /** One more than a page where there is a next one. */
  readonly entries: readonly InboxEntry[];
  readonly counts: { readonly waiting: number; readonly all: number };
  readonly shown: DeliverySubject | null;
  readonly card: Card | null;
  readonly publicUrl: string;
}

function InboxPage(props: InboxPageProps) {
  const { visitor, query, entries, shown, card } = props;
  const { texts } = visitor;
  const hasNext = entries.length > entriesPerPage;
  const watch = [
    `inbox:${visitor.person.code}`,
    ...(shown === null || isNews(shown) ? [] : [`${shown.kind}:${shown.id}`]),
  ];
  return (
    <Page visitor={visitor} title={texts.inbox.title} area="inbox" watch={watch}>
      <PageHead title={texts.inbox.title} subtitle={texts.inbox.subtitle}>
        <ExportLink
          table="inbox"
          visitor={visitor}
          query={{ show: query.show, severity: query.severity }}
        />
      </PageHead>
      <div id="inbox-filters" class="toolbar" data-live>
        <Tabs label={texts.inbox.list} tabs={inboxTabs(props)} />
        <form method="get" action="/inbox" class="filters" data-autosubmit>
          <input type="hidden" name="show" value={query.show} />
          <Select
            name="severity"
            label={texts.warnings.severity}
            value={query.severity ?? ''}
            options={[
              { value: '', label: texts.warnings.anySeverity },
              ...severities.map((value) => ({ value, label: texts.severity[value] })),
            ]}
          />
          <button class="button button-quiet no-script">{texts.common.filter}</button>
        </form>
      </div>
      <div class={`inbox ${query.item === null ? 'inbox-at-list' : 'inbox-at-card'}`}>
        <section id="inbox-list" class="inbox-list" aria-label={texts.inbox.list} data-live>
          {entries.length === 0 ? (
            <EmptyInbox visitor={visitor} query={query} />
          ) : (
            <InboxQueue {...props} />
          )}
          <NextPage
            visitor={visitor}
            nextHref={
              hasNext
                ? inboxPath(query, { item: null, offset: query.offset + entriesPerPage })
                : null
            }
            firstHref={query.offset > 0 ? inboxPath(query, { item: null, offset: 0 }) : null}
          />
        </section>
        <section id="inbox-card" class="inbox-card" data-live>
          <a class="back" href={inboxPath(query, { item: null })}>
            <Icon name="back" />
            {texts.inbox.backToList}
          </a>
          {card === null ? (
            entries.length > 0 && <Empty title={texts.inbox.choose} />
          ) : (
            <CardArticle card={card} visitor={visitor} publicUrl={props.publicUrl} />
          )}
        </section>
      </div>
    </Page>
  );
}

/** The cards by line; those of warnings can be ticked and dealt with together. */
function InboxQueue({ visitor, query, entries, shown }: InboxPageProps) {
  const { warnings } = visitor.texts;
  const lines = entries.slice(0, entriesPerPage);
  const isTicked = ({ subject }: InboxEntry) =>
    subject.kind === 'warning' && subject.state.kind !== 'closed';
  return (
    <form method="post" action="/warnings" data-queue>
      <Csrf visitor={visitor} />
      <input type="hidden" name="return" value={inboxPath(query, {})} />
      {lines.some(isTicked) && <ActsOnTicked visitor={visitor} />}
      <ul>
        {lines.map((entry) => (
          <li data-queue-row tabindex={-1}>
            {isTicked(entry) && (
              <input
                type="checkbox"
                name="id"
                value={String(entry.subject.id)}
                aria-label={warnings.tick(String(entry.subject.id), ruleNameOf(entry, visitor))}
              />
            )}
            <InboxRow
              entry={entry}
              visitor={visitor}
              query={query}
              current={shown !== null && itemId(shown) === itemId(entry.subject)}
            />
          </li>
        ))}
      </ul>
    </form>
  );
}

function ruleNameOf({ subject }: InboxEntry, { locale }: SignedIn): string {
  return subject.kind === 'warning' ? subject.ruleName[locale] : '';
}

function inboxTabs({ visitor, query, counts }: InboxPageProps): readonly Tab[] {
  const { inbox } = visitor.texts;
  const tab = (show: Query['show'], label: string, count: number) => ({
    href: inboxPath(query, { show, item: null, offset: 0 }),
    label,
    count: formatCount(count, visitor.locale),
    current: query.show === show,
  });
  return [
    tab('waiting', inbox.toDo, counts.waiting),
    tab('done', inbox.done, counts.all - counts.waiting),
    tab('all', inbox.all, counts.all),
  ];
}

function EmptyInbox(props: { readonly visitor: SignedIn; readonly query: Query }) {
  const { inbox } = props.visitor.texts;
  const isFiltered = props.query.severity !== null || props.query.show !== 'waiting';
  return isFiltered ? (
    <Empty title={inbox.emptyFiltered} />
  ) : (
    <Empty title={inbox.empty} hint={inbox.emptyHint} />
  );
}

function InboxRow(props: {
  readonly entry: InboxEntry;
  readonly visitor: SignedIn;
  readonly query: Query;
  readonly current: boolean;
}) {
  const { entry, visitor, query } = props;
  const { subject } = entry;
  const tone = subject.kind === 'warning' ? subject.severity : subject.kind;
  return (
    <a
      class={`row row-${tone} ${entry.waiting ? '' : 'row-done'}`}
      href={inboxPath(query, { item: itemId(subject) })}
      data-open
      {...(props.current ? { 'aria-current': 'true' } : {})}
    >
      <RowTitle entry={entry} visitor={visitor} />
      <span class="row-facts">
        <span>{saysItsKind(subject) ? '' : purposeText(entry.purpose, visitor)}</span>
        <RowDue entry={entry} visitor={visitor} />
      </span>
    </a>
  );
}

function RowTitle(props: { readonly entry: InboxEntry; readonly visitor: SignedIn }) {
  const { visitor } = props;
  const { subject } = props.entry;
  const { texts, locale } = visitor;
  switch (subject.kind) {
    case 'warning':
      return (
        <>
          <span class="row-head">
            <SeverityMark severity={subject.severity} visitor={visitor} />
            <WarningStatePill state={subject.state} visitor={visitor} />
          </span>
          <strong>{subject.ruleName[locale]}</strong>
          <span class="row-sub">
            {texts.common.customers(formatCount(subject.customers, locale))}
          </span>
        </>
      );
    case 'request':
      return (
        <>
          <span class="row-head">
            <span class="kind">{texts.inbox.request}</span>
            <RequestStatePill state={subject.state} visitor={visitor} />
          </span>
          <strong>{proposalTitle(subject.proposal, visitor)}</strong>
        </>
      );
    case 'review':
      return (
        <>
          <span class="row-head">
            <span class="kind">{texts.review.area}</span>
          </span>
          <strong>{reviewWords[locale].title}</strong>
        </>
      );
    case 'digest':
    case 'assessment':
    case 'points':
      return (
        <>
          <span class="row-head">
            <span class="kind">{texts.inbox[subject.kind]}</span>
          </span>
          <strong>{`${texts.inbox[subject.kind]} · ${calendarDay(props.entry.postedAtMs, visitor.timeZone)}`}</strong>
        </>
      );
    default:
      return assertNever(subject);
  }
}

function RowDue(props: { readonly entry: InboxEntry; readonly visitor: SignedIn }) {
  const { entry, visitor } = props;
  const { inbox } = visitor.texts;
  const { subject } = entry;
  if (subject.kind === 'warning' && subject.state.kind === 'closed') {
    return <span>{inbox.closed(formatInstant(subject.state.atMs, visitor))}</span>;
  }
  if (!entry.waiting || isNews(subject)) {
    return <Instant atMs={entry.postedAtMs} visitor={visitor} />;
  }
  const dueAtMs = subject.kind === 'warning' ? nextDueAtMs(subject) : subject.dueAtMs;
  return dueAtMs < visitor.nowMs ? (
    <span class="overdue">{inbox.overdue}</span>
  ) : (
    <span>{inbox.due(formatInstant(dueAtMs, visitor))}</span>
  );
}

/** What has no deadline. */
function isNews<T extends { readonly kind: DeliverySubject['kind'] }>(
  subject: T,
): subject is Extract<T, { kind: 'digest' | 'assessment' | 'points' }> {
  return subject.kind === 'digest' || subject.kind === 'assessment' || subject.kind === 'points';
}

/** What these came for is what they are. */
function saysItsKind({ kind }: InboxEntry['subject']): boolean {
  return kind === 'digest' || kind === 'assessment';
}

function purposeText(purpose: DeliveryPurpose, visitor: SignedIn): string {
  const texts: Readonly<Partial<Record<DeliveryPurpose, string>>> = visitor.texts.purpose;
  return texts[purpose] ?? visitor.texts.purpose.reminder;
}

function itemId(subject: DeliverySubject): string {
  return `${subject.kind}-${subject.id}`;
}

const itemKinds = ['warning', 'request', 'digest', 'review', 'assessment', 'points'] as const;

function parseItem(item: string | null): DeliverySubject | null {
  const [found, id] = item?.split('-') ?? [];
  const kind = itemKinds.find((one) => one === found);
  return kind === undefined ? null : { kind, id: Number(id) };
}

function inboxPath(query: Query, change: Partial<Query>): string {
  const { show, severity, item, offset } = { ...query, ...change };
  return withQuery('/inbox', {
    show: show === 'waiting' ? null : show,
    severity,
    offset: offset === 0 ? null : offset,
    item,
  });
}
