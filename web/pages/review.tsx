import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { reviewWords } from '../../bot/texts/review.ts';
import type { ReviewView } from '../../bot/views.ts';
import { answerReview } from '../../commands/answer-review.ts';
import { startReview } from '../../commands/start-review.ts';
import { withNames } from '../../db/stores/review-views.ts';
import { loadNewestReview } from '../../db/stores/tag-reviews.ts';
import {
  itemsFor,
  mayAnswer,
  reviewAnswers,
  reviewProgress,
  type ReviewItem,
} from '../../domain/tag-review.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import { Empty, Instant, PageHead, Pill } from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

/** Fields of answers begin so; the rest is the tag's code. */
const answerPrefix = 'tag-';
const answer = z.enum(reviewAnswers);
const postSchema = z.object({
  review: z.coerce.number().int().positive().max(2_147_483_647),
  rest: z.enum(['keep']).optional(),
});

/** The newest round in which owners say which of their tags are still needed: one's own answers, and how far it is. */
export function createReviewRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
): Hono<WebEnv> {
  const { database, context: commandContext, views } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/review', async (context) => {
    const visitor = context.get('signedIn');
    const review = await loadNewestReview(database.query);
    const view = review === null ? null : await withNames(database, review);
    return context.html(<ReviewPage {...{ visitor, view }} />);
  });

  app.post('/review', async (context) => {
    const visitor = context.get('signedIn');
    const body = await context.req.parseBody();
    const input = postSchema.safeParse(body);
    if (!input.success) return context.redirect('/review', 303);
    const said = Object.entries(body).flatMap(([name, value]) => {
      const read = answer.safeParse(value);
      return name.startsWith(answerPrefix) && read.success
        ? [{ code: name.slice(answerPrefix.length), answer: read.data }]
        : [];
    });
    const codesOf = (one: (typeof reviewAnswers)[number]) =>
      said.filter((each) => each.answer === one).map(({ code }) => code);
    const result = await answerReview(
      commandContext,
      { person: visitor.person, through: 'console' },
      {
        reviewId: input.data.review,
        keep: codesOf('keep'),
        retire: codesOf('retire'),
        keepRest: input.data.rest === 'keep',
      },
    );
    if (result.kind === 'refused') {
      const text = describeRefusal(result.refusal, visitor.locale, await views.people());
      sessions.flash(context, { kind: 'refused', text });
    } else {
      const { done } = reviewWords[visitor.locale];
      const count = (number: number) => formatCount(number, visitor.locale);
      const text = done(count(result.keep), count(result.retire));
      sessions.flash(context, { kind: 'done', text });
    }
    return context.redirect('/review', 303);
  });

  app.post('/review/start', async (context) => {
    const visitor = context.get('signedIn');
    const actor = { person: visitor.person, through: 'console' } as const;
    const result = await startReview(commandContext, actor);
    const { review } = visitor.texts;
    sessions.flash(
      context,
      result.kind === 'refused'
        ? {
            kind: 'refused',
            text: describeRefusal(result.refusal, visitor.locale, await views.people()),
          }
        : { kind: 'done', text: result.kind === 'done' ? review.begun : review.goesOn },
    );
    return context.redirect('/review', 303);
  });
  return app;
}

interface ReviewPageProps {
  readonly visitor: SignedIn;
  /** null: there was none yet. */
  readonly view: ReviewView | null;
}

function ReviewPage({ visitor, view }: ReviewPageProps) {
  const words = visitor.texts.review;
  const isAdmin = visitor.person.roles.includes('data-admin');
  const isOpen = view !== null && view.review.closedAtMs === null;
  return (
    <Page
      visitor={visitor}
      title={words.area}
      area="tags"
      watch={view === null ? [] : [`review:${view.review.id}`]}
    >
      <PageHead title={words.area} subtitle={words.subtitle}>
        {isAdmin && !isOpen && (
          <form method="post" action="/review/start">
            <Csrf visitor={visitor} />
            <button class="button button-primary">{words.start}</button>
          </form>
        )}
      </PageHead>
      {view === null ? (
        <Empty title={words.empty} hint={isAdmin ? words.emptyHintAdmin : words.emptyHint} />
      ) : (
        <div class="stack">
          <ProgressBox {...{ visitor, view }} />
          <OwnTags {...{ visitor, view }} />
          {isAdmin && <OwnersBox {...{ visitor, view }} />}
        </div>
      )}
    </Page>
  );
}

function ProgressBox({ visitor, view }: { readonly visitor: SignedIn; readonly view: ReviewView }) {
  const words = reviewWords[visitor.locale];
  const { review } = view;
  const { all, keep, retire, open } = reviewProgress(review.items);
  const count = (number: number) => formatCount(number, visitor.locale);
  return (
    <section class="box box-body" id="review-progress" data-live>
      <p class="line">
        <strong>{words.progress(count(all - open), count(all))}</strong>
        <Pill tone={review.closedAtMs === null ? 'neutral' : 'good'}>
          {review.closedAtMs === null ? words.going : words.over}
        </Pill>
      </p>
      <progress value={all - open} max={Math.max(1, all)} aria-label={words.progressTitle} />
      <p>{words.counts(count(keep), count(retire), count(open))}</p>
      <p>
        <small>
          {words.due} <Instant atMs={review.dueAtMs} visitor={visitor} />
        </small>
      </p>
      {review.requestIds.length > 0 && (
        <p>
          {visitor.texts.review.became}{' '}
          {review.requestIds.map((id) => (
            <a href={`/requests/${id}`}>{`#${id} `}</a>
          ))}
        </p>
      )}
    </section>
  );
}

function OwnTags({ visitor, view }: { readonly visitor: SignedIn; readonly view: ReviewView }) {
  const words = reviewWords[visitor.locale];
  const { review, people } = view;
  const items = itemsFor(review, visitor.person, { people, atMs: visitor.nowMs });
  if (items.length === 0) return <p>{visitor.texts.review.noneOfYours}</p>;
  const isOpen = review.closedAtMs === null;
  return (
    <form method="post" action="/review" class="stack">
      <Csrf visitor={visitor} />
      <input type="hidden" name="review" value={String(review.id)} />
      <h2>{words.tags}</h2>
      <AnswerTable {...{ visitor, view, items, isOpen }} />
      {isOpen && (
        <div class="form-actions">
          <button class="button button-primary">{words.form.submit}</button>
          <button class="button button-default" name="rest" value="keep">
            {words.keepRest}
          </button>
          <small>{words.hint}</small>
        </div>
      )}
    </form>
  );
}

function AnswerTable(props: {
  readonly visitor: SignedIn;
  readonly view: ReviewView;
  readonly items: readonly ReviewItem[];
  readonly isOpen: boolean;
}) {
  const { visitor, view, items, isOpen } = props;
  const words = reviewWords[visitor.locale];
  const now = { people: view.people, atMs: visitor.nowMs };
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{visitor.texts.review.tag}</th>
            <th scope="col">{visitor.texts.review.customers}</th>
            <th scope="col">{visitor.texts.review.answer}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const tag = view.tags.get(item.tagCode);
            const name = tag?.name[visitor.locale] ?? item.tagCode;
            return (
              <tr>
                <td class="main-cell">
                  <a href={`/tags/${item.tagCode}`}>{name}</a>
                </td>
                <td data-label={visitor.texts.review.customers}>
                  {formatCount(tag?.customers ?? 0, visitor.locale)}
                </td>
                <td data-label={visitor.texts.review.answer}>
                  {isOpen && mayAnswer(item, visitor.person, now) ? (
                    <span class="queue-actions" role="radiogroup" aria-label={name}>
                      {reviewAnswers.map((one) => (
                        <label>
                          <input
                            type="radio"
                            name={`${answerPrefix}${item.tagCode}`}
                            value={one}
                            checked={item.answer === one}
                          />{' '}
                          {words.answer[one]}
                        </label>
                      ))}
                    </span>
                  ) : (
                    words.answer[item.answer ?? 'open']
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Every owner with how far they are, the most open questions first. */
function OwnersBox({ visitor, view }: { readonly visitor: SignedIn; readonly view: ReviewView }) {
  const words = reviewWords[visitor.locale];
  const { review, people } = view;
  const count = (number: number) => formatCount(number, visitor.locale);
  const owners = [...new Set(review.items.map(({ ownerCode }) => ownerCode))]
    .map((code) => ({
      code,
      ...reviewProgress(review.items.filter(({ ownerCode }) => ownerCode === code)),
    }))
    .sort((one, other) => other.open - one.open);
  return (
    <section class="box" id="review-owners" data-live>
      <h2>{visitor.texts.review.owners}</h2>
      <ul class="lines">
        {owners.map(({ code, keep, retire, open, all }) => (
          <li>
            <span class="line">
              <strong>{personName(code, people, visitor)}</strong>
              <Pill tone={open === 0 ? 'good' : 'neutral'}>
                {open === 0 ? words.status.answered : words.silentItem(count(open), count(all))}
              </Pill>
            </span>
            <small>{words.counts(count(keep), count(retire), count(open))}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
