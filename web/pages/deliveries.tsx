import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { sendDeliveriesAgain } from '../../commands/send-deliveries-again.ts';
import {
  listFailed,
  readChannelQueues,
  type ChannelQueue,
  type FailedDelivery,
} from '../../db/stores/delivery-queue.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { groupCodeOf, type ChatGroup } from '../../domain/chat-group.ts';
import { heldRoles, peopleUnder, type Person } from '../../domain/person.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { throughText } from '../history.tsx';
import { Csrf, Page } from '../layout.tsx';
import { Empty, ExportLink, Instant, PageHead } from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';
import { ErrorPage } from './error.tsx';

const linesMax = 200;

const againSchema = z.object({
  id: z.union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(linesMax)]),
});

/** How the queues of the channels stand, and what was given up. */
export function createDeliveryRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/deliveries', async (context) => {
    const visitor = context.get('signedIn');
    const { texts } = visitor;
    if (!heldRoles(visitor.person).includes('data-admin')) {
      const { errors } = texts;
      const title = errors.forbiddenTitle;
      const text = errors.forbidden(texts.role['data-admin']);
      return context.html(
        <ErrorPage visitor={visitor} signedIn={visitor} {...{ title, text }} />,
        403,
      );
    }
    const people = await loadPeople(database.query);
    const [queues, failed, { groups }] = await Promise.all([
      readChannelQueues(database.sql),
      listFailed(database.query, peopleUnder(visitor.person, 'data-admin', people), linesMax),
      loadPolicy(database.query),
    ]);
    return context.html(<DeliveriesPage {...{ visitor, queues, failed, people, groups }} />);
  });

  app.post('/deliveries', async (context) => {
    const visitor = context.get('signedIn');
    const input = againSchema.safeParse(await context.req.parseBody({ all: true }));
    if (!input.success) return context.redirect('/deliveries', 303);
    const result = await sendDeliveriesAgain(
      dependencies.context,
      { person: visitor.person, through: 'console' },
      { ids: input.data.id },
    );
    const { deliveries } = visitor.texts;
    if (result.kind === 'refused') {
      const people = await loadPeople(database.query);
      const text = describeRefusal(result.refusal, visitor.locale, people);
      sessions.flash(context, { kind: 'refused', text });
    } else {
      const count = formatCount(result.count, visitor.locale);
      const text = result.kind === 'done' ? deliveries.sentAgain(count) : deliveries.nothingToSend;
      sessions.flash(context, { kind: 'done', text });
    }
    return context.redirect('/deliveries', 303);
  });
  return app;
}

interface DeliveriesPageProps {
  readonly visitor: SignedIn;
  readonly queues: readonly ChannelQueue[];
  readonly failed: readonly FailedDelivery[];
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: readonly ChatGroup[];
}

function DeliveriesPage(props: DeliveriesPageProps) {
  const { visitor, failed } = props;
  const { deliveries } = visitor.texts;
  return (
    <Page visitor={visitor} title={deliveries.title} area="deliveries">
      <PageHead title={deliveries.title} subtitle={deliveries.subtitle}>
        {failed.length > 0 && (
          <form method="post" action="/deliveries" class="page-actions">
            <Csrf visitor={visitor} />
            {failed.map(({ id }) => (
              <input type="hidden" name="id" value={id} />
            ))}
            <button class="button button-default">{deliveries.sendAllAgain}</button>
          </form>
        )}
        <ExportLink table="deliveries" visitor={visitor} />
      </PageHead>
      <div class="stack">
        <QueueTable {...props} />
        {failed.length === 0 ? (
          <Empty
            title={props.queues.length === 0 ? deliveries.idle : deliveries.empty}
            hint={deliveries.emptyHint}
          />
        ) : (
          <FailedTable {...props} />
        )}
      </div>
    </Page>
  );
}

function QueueTable({ visitor, queues }: DeliveriesPageProps) {
  const { deliveries, common } = visitor.texts;
  if (queues.length === 0) return null;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{deliveries.channel}</th>
            <th scope="col" class="number">
              {deliveries.waiting}
            </th>
            <th scope="col">{deliveries.waitingSince}</th>
            <th scope="col" class="number">
              {deliveries.held}
            </th>
            <th scope="col" class="number">
              {deliveries.failed}
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr>
              <td data-label={deliveries.channel}>{throughText(queue.channel, visitor)}</td>
              <td class="number" data-label={deliveries.waiting}>
                {formatCount(queue.waiting, visitor.locale)}
              </td>
              <td data-label={deliveries.waitingSince}>
                {queue.waitingSinceMs === null ? (
                  common.none
                ) : (
                  <Instant atMs={queue.waitingSinceMs} visitor={visitor} />
                )}
                {queue.delay !== null && (
                  <small class="detail">
                    {deliveries.delay}
                    <span lang="en">{queue.delay}</span>
                  </small>
                )}
              </td>
              <td class="number" data-label={deliveries.held}>
                {formatCount(queue.held, visitor.locale)}
              </td>
              <td class="number" data-label={deliveries.failed}>
                {formatCount(queue.failed, visitor.locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FailedTable(props: DeliveriesPageProps) {
  const { visitor, failed } = props;
  const { deliveries } = visitor.texts;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{deliveries.when}</th>
            <th scope="col">{deliveries.about}</th>
            <th scope="col">{deliveries.recipient}</th>
            <th scope="col">{deliveries.channel}</th>
            <th scope="col">{deliveries.why}</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {failed.map((line) => (
            <tr>
              <td data-label={deliveries.when}>
                <Instant atMs={line.updatedAt} visitor={visitor} />
              </td>
              <td class="short" data-label={deliveries.about}>
                <SubjectLink line={line} visitor={visitor} />
              </td>
              <td class="short" data-label={deliveries.recipient}>
                {recipientName(line.recipientCode, props)}
              </td>
              <td class="short" data-label={deliveries.channel}>
                {throughText(line.channel, visitor)}
              </td>
              <td data-label={deliveries.why}>
                {deliveries.failure[line.failure]}
                <small class="detail" lang="en">
                  {line.error}
                </small>
              </td>
              <td>
                <form method="post" action="/deliveries">
                  <Csrf visitor={visitor} />
                  <button class="button button-default" name="id" value={line.id}>
                    {deliveries.sendAgain}
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of a person or a group; a group that the policy no longer has by its code. */
export function recipientName(
  code: string,
  { visitor, people, groups }: Pick<DeliveriesPageProps, 'visitor' | 'people' | 'groups'>,
): string {
  const groupCode = groupCodeOf(code);
  if (groupCode === null) return personName(code, people, visitor);
  return groups.find((group) => group.code === groupCode)?.name[visitor.locale] ?? groupCode;
}

function SubjectLink(props: { readonly line: FailedDelivery; readonly visitor: SignedIn }) {
  const { line, visitor } = props;
  const text = visitor.texts.deliveries.subject[line.subjectKind](String(line.subjectId));
  switch (line.subjectKind) {
    case 'warning':
      return <a href={`/warnings/${line.subjectId}`}>{text}</a>;
    case 'request':
      return <a href={`/requests/${line.subjectId}`}>{text}</a>;
    case 'flood':
      return <a href={`/warnings?together=${line.subjectId}`}>{text}</a>;
    case 'assessment':
    case 'points':
      return <a href="/assessment">{text}</a>;
    case 'review':
      return <a href="/review">{text}</a>;
    case 'digest':
    case 'event':
      return <>{text}</>;
  }
}
