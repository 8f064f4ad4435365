import { Hono } from 'hono';
import { z } from 'zod';
import { heldRoles, holdsOver, type Department, type Person } from '../../domain/person.ts';
import { countOpenWarningsByOwner } from '../../db/stores/console.ts';
import { listUnreached } from '../../db/stores/delivery-queue.ts';
import type { Unreached } from '../../bot/views.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { listLinkProposals, type LinkProposal } from '../../db/stores/links.ts';
import { loadCalendars } from '../../db/stores/people.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
import { readCurrentKnowledge } from '../../db/stores/current-knowledge.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { initial, Page } from '../layout.tsx';
import { Empty, ExportLink, PageHead, Pill, type PillTone, withQuery } from '../parts.tsx';
import { presence } from '../session.ts';
import { LinkProposals } from './links.tsx';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName, roleNames } from '../words.ts';
import { workingHoursWords } from '../working-hours.ts';

export const peopleQuerySchema = z.object({ q: z.string().trim().max(100).catch('') });

/** Who answers for what, and who stands in for whom. */
export function createPeopleRoutes(dependencies: WebDependencies): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();
  app.get('/people', async (context) => {
    const visitor = context.get('signedIn');
    const { q } = peopleQuerySchema.parse(context.req.query());
    const [{ people, departments }, calendars, open, unreached, linked] = await Promise.all([
      readCurrentKnowledge(database),
      loadCalendars(database.query),
      countOpenWarningsByOwner(database.sql),
      listUnreached(database.sql),
      heldRoles(visitor.person).includes('data-admin')
        ? listLinkProposals(database.query, null)
        : [],
    ]);
    const shown = [...people.values()].filter((person) => isPersonFound(person, q.toLowerCase()));
    const proposals = linked.filter(({ personCode }) =>
      holdsOver(visitor.person, 'data-admin', people.get(personCode)),
    );
    return context.html(
      <PeoplePage
        {...{ visitor, q, people, departments, calendars, open, unreached, shown, proposals }}
      />,
    );
  });
  return app;
}

export function isPersonFound(person: Person, text: string): boolean {
  return [person.code, person.name['zh-CN'], person.name.en, person.email ?? ''].some((part) =>
    part.toLowerCase().includes(text),
  );
}

const presenceTones: Readonly<Record<ReturnType<typeof presence>, PillTone>> = {
  active: 'good',
  absent: 'notice',
  left: 'neutral',
};

interface PeoplePageProps {
  readonly visitor: SignedIn;
  readonly q: string;
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  readonly calendars: ReadonlyMap<string, WorkingCalendar>;
  readonly open: ReadonlyMap<string, number>;
  readonly unreached: readonly Unreached[];
  readonly shown: readonly Person[];
  readonly proposals: readonly LinkProposal[];
}

function PeoplePage(props: PeoplePageProps) {
  const { visitor, q, shown } = props;
  const { texts } = visitor;
  return (
    <Page visitor={visitor} title={texts.people.title} area="people">
      <PageHead title={texts.people.title} subtitle={texts.people.subtitle}>
        <form method="get" action="/people" class="filters" role="search">
          <label class="filter">
            <span class="visually-hidden">{texts.people.search}</span>
            <input type="search" name="q" value={q} placeholder={texts.people.search} />
          </label>
          <button class="button button-default">{texts.common.search}</button>
        </form>
        <ExportLink table="people" visitor={visitor} query={{ q }} />
      </PageHead>
      <LinkProposals visitor={visitor} proposals={props.proposals} people={props.people} />
      {shown.length === 0 ? (
        <Empty title={texts.people.empty} hint={texts.people.emptyHint} />
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.people.person}</th>
                <th scope="col">{texts.people.department}</th>
                <th scope="col">{texts.people.hours}</th>
                <th scope="col">{texts.people.behind}</th>
                <th scope="col">{texts.people.channels}</th>
                <th scope="col" class="number">
                  {texts.people.open}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((person) => (
                <PersonRow {...props} person={person} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

/** On which channels cards do not reach them, and why; what to do stands with the deliveries. */
function UnreachedLines({
  visitor,
  person,
  unreached,
}: PeoplePageProps & { readonly person: Person }) {
  const { texts, locale } = visitor;
  const bot = textsFor(locale);
  const isAdmin = visitor.person.roles.includes('data-admin');
  const chosen: readonly string[] = person.channels;
  return (
    <>
      {unreached
        .filter(({ personCode, channel }) => personCode === person.code && chosen.includes(channel))
        .map(({ channel, failure }) => {
          const words = texts.people.unreached(bot.channelName[channel], bot.undelivered[failure]);
          return (
            <small class="detail">
              <Pill tone="notice">{isAdmin ? <a href="/deliveries">{words}</a> : words}</Pill>
            </small>
          );
        })}
    </>
  );
}

/** When they work; what sets it apart from the department's and from the reader's clock stands below. */
function Hours({
  visitor,
  person,
  departments,
  calendars,
}: PeoplePageProps & { readonly person: Person }) {
  const { texts } = visitor;
  const calendar = calendars.get(person.calendarCode);
  if (calendar === undefined) return <>{texts.common.none}</>;
  const departmentCalendar = departments.get(person.departmentCode)?.calendarCode ?? null;
  const isOwn = departmentCalendar !== null && departmentCalendar !== person.calendarCode;
  const beside = [
    ...(calendar.timeZone === visitor.timeZone ? [] : [calendar.timeZone]),
    ...(calendar.holidays === null ? [] : [texts.people.chineseHolidays]),
    ...(isOwn ? [texts.people.ownHours] : []),
  ];
  return (
    <>
      {workingHoursWords(calendar, texts)}
      {beside.length > 0 && <small class="detail">{beside.join(' · ')}</small>}
    </>
  );
}

function PersonRow(props: PeoplePageProps & { readonly person: Person }) {
  const { visitor, person, people, departments, open } = props;
  const { texts, locale } = visitor;
  const count = open.get(person.code) ?? 0;
  const state = presence(person, visitor.nowMs);
  const behind = [
    [texts.people.secondLine, person.secondLineCode] as const,
    [texts.people.deputy, person.deputyCode] as const,
    [texts.people.manager, person.managerCode] as const,
  ].flatMap(([label, code]) => (code === null ? [] : [[label, code] as const]));
  return (
    <tr id={person.code}>
      <td class="main-cell">
        <span class="person-cell">
          <span class="avatar" aria-hidden="true">
            {initial(person.name[locale])}
          </span>
          <span>
            <strong>{person.name[locale]}</strong>{' '}
            {state !== 'active' && (
              <Pill tone={presenceTones[state]}>{texts.personStatus[state]}</Pill>
            )}
            <small>{person.email ?? person.code}</small>
          </span>
        </span>
      </td>
      <td>
        {departments.get(person.departmentCode)?.name[locale] ?? person.departmentCode}
        <small class="detail">{roleNames(person, departments, visitor).join(' · ')}</small>
      </td>
      <td data-label={texts.people.hours}>
        <Hours {...props} />
      </td>
      <td>
        <dl class="pairs">
          {behind.map(([label, code]) => (
            <div>
              <dt>{label}</dt>
              <dd>{personName(code, people, visitor)}</dd>
            </div>
          ))}
        </dl>
      </td>
      <td data-label={texts.people.channels}>
        {['inbox' as const, ...person.channels.filter((channel) => channel !== 'inbox')]
          .map((channel) => texts.warning.through[channel])
          .join(' · ')}
        <UnreachedLines {...props} />
      </td>
      <td class="number" data-label={texts.people.open}>
        {count === 0 ? (
          texts.common.none
        ) : (
          <a href={withQuery('/warnings', { owner: person.code })}>{formatCount(count, locale)}</a>
        )}
      </td>
    </tr>
  );
}
