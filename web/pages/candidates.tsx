import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { candidateKindWords, describeOpinion, describeReason } from '../../bot/texts/candidates.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import {
  candidateDecisions,
  candidatesAtOnceMax,
  candidateScope,
  decideOnCandidates,
  mayDecideOnCandidates,
} from '../../commands/decide-candidates.ts';
import {
  countCandidates,
  findCandidates,
  listCandidates,
  readCandidateProgress,
  type StoredCandidate,
} from '../../db/stores/candidates.ts';
import { readInventoryTags } from '../../db/stores/inventory.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import {
  candidateKinds,
  type CandidateKind,
  type CandidateState,
} from '../../domain/intelligence/candidate.ts';
import type { InventoryTag } from '../../domain/intelligence/suggest.ts';
import type { BatchKind } from '../../commands/fill-batch.ts';
import type { Role } from '../../domain/person.ts';
import type { Tag } from '../../domain/tag.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import { Empty, ExportLink, Instant, NextPage, PageHead, Tabs, withQuery } from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { ErrorPage } from './error.tsx';
import { batchLine } from './new-batch.tsx';

const shownMax = 50;
const mayDecide: readonly Role[] = ['data-admin', 'committee'];
const shownStates = ['open', 'later', 'confirmed', 'refused'] as const;
type ShownState = (typeof shownStates)[number];

const id = z.string().regex(/^\d{1,9}$/);
const placeShape = {
  kind: z.enum(candidateKinds).optional().catch(undefined),
  state: z.enum(shownStates).catch('open'),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
};
export const candidatesQuerySchema = z.object({
  ...placeShape,
  confirmed: id.optional().catch(undefined),
});
const decisionSchema = z.object({
  ...placeShape,
  /** Of what is ticked. */
  decision: z.enum([...candidateDecisions, 'request']).optional(),
  /** Of one line: "confirm:12". */
  one: z
    .string()
    .regex(new RegExp(`^(?:${candidateDecisions.join('|')}):\\d{1,9}$`))
    .optional(),
  id: z.union([id.transform((one) => [one]), z.array(id).max(candidatesAtOnceMax)]).default([]),
});

/** What a person should decide about the dictionary: a queue of each kind, with the evidence in words. */
export function createCandidateRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/candidates', async (context) => {
    const visitor = context.get('signedIn');
    if (!mayDecideOnCandidates(visitor.person)) return forbidden(context);
    const query = candidatesQuerySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const scope = candidateScope(visitor.person, knowledge);
    const [counts, progress, tags, confirmed, { cleanUp }] = await Promise.all([
      countCandidates(database, scope),
      readCandidateProgress(database),
      readInventoryTags(database),
      findCandidates(database, query.confirmed === undefined ? [] : [Number(query.confirmed)]),
      loadPolicy(database.query),
    ]);
    const countOf = (kind: CandidateKind, state: CandidateState) =>
      counts.find((one) => one.kind === kind && one.state === state)?.count ?? 0;
    const busiest = candidateKinds.find((each) => countOf(each, query.state) > 0);
    const kind = query.kind ?? busiest ?? 'synonym';
    const candidates = await listCandidates(
      database,
      { kind, state: query.state, ...scope },
      { offset: query.offset, limit: shownMax },
    );
    const place = { kind, state: query.state, offset: query.offset };
    return context.html(
      <CandidatesPage
        {...{ visitor, place, progress, candidates, knowledge, countOf }}
        goalTags={cleanUp.goalTags}
        confirmed={confirmed.find(({ state }) => state === 'confirmed') ?? null}
        tags={new Map(tags.map((tag) => [tag.id, tag]))}
      />,
    );
  });

  app.post('/candidates', async (context) => {
    const visitor = context.get('signedIn');
    const input = decisionSchema.safeParse(await context.req.parseBody({ all: true }));
    if (!input.success) return context.redirect('/candidates', 303);
    const { one, offset, state, kind } = input.data;
    const back = { kind, state, offset };
    const words = visitor.texts.candidates;
    const [word, oneId] = one?.split(':') ?? [];
    const asked = candidateDecisions.find((each) => each === word) ?? input.data.decision;
    const decision = asked === 'request' ? 'confirm' : asked;
    const ids = (oneId === undefined ? input.data.id : [oneId]).map(Number);
    if (decision === undefined || ids.length === 0) {
      sessions.flash(context, { kind: 'refused', text: words.nothingTicked });
      return context.redirect(withQuery('/candidates', back), 303);
    }
    const actor = { person: visitor.person, through: 'console' } as const;
    const result = await decideOnCandidates(dependencies.context, actor, { ids, decision });
    if (result.kind === 'refused' && result.refusal.kind === 'role-needed') {
      return forbidden(context);
    }
    if (result.kind === 'refused') {
      const { people } = await readKnowledge(visitor.person);
      const text = describeRefusal(result.refusal, visitor.locale, people);
      sessions.flash(context, { kind: 'refused', text });
      return context.redirect(withQuery('/candidates', back), 303);
    }
    if (asked === 'request') {
      const knowledge = await readKnowledge(visitor.person);
      const [found, tags] = await Promise.all([
        findCandidates(database, ids),
        readInventoryTags(database),
      ]);
      return context.redirect(batchOf(found, knowledge, tags), 303);
    }
    const text = words.decided[decision](formatCount(result.changed, visitor.locale));
    sessions.flash(context, { kind: 'done', text });
    const confirmed = decision === 'confirm' && ids.length === 1 ? ids[0] : null;
    return context.redirect(withQuery('/candidates', { ...back, confirmed }), 303);
  });
  return app;
}

function forbidden(context: Context<WebEnv>) {
  const visitor = context.get('signedIn');
  const { errors, role } = visitor.texts;
  const text = errors.forbidden(mayDecide.map((each) => role[each]).join(' / '));
  return context.html(
    <ErrorPage visitor={visitor} signedIn={visitor} title={errors.forbiddenTitle} text={text} />,
    403,
  );
}

interface CandidatesPageProps {
  readonly visitor: SignedIn;
  readonly place: {
    readonly kind: CandidateKind;
    readonly state: ShownState;
    readonly offset: number;
  };
  readonly progress: Awaited<ReturnType<typeof readCandidateProgress>>;
  /** So many tags are wanted, by policy; null: nobody said. */
  readonly goalTags: number | null;
  readonly candidates: readonly StoredCandidate[];
  readonly countOf: (kind: CandidateKind, state: CandidateState) => number;
  readonly knowledge: Knowledge;
  readonly tags: ReadonlyMap<number, InventoryTag>;
  /** What was confirmed just now. */
  readonly confirmed: StoredCandidate | null;
}

function CandidatesPage(props: CandidatesPageProps) {
  const { visitor, place, candidates, countOf } = props;
  const words = visitor.texts.candidates;
  const { locale } = visitor;
  const count = countOf(place.kind, place.state);
  const href = (change: Partial<CandidatesPageProps['place']>) =>
    withQuery('/candidates', { ...place, offset: null, ...change });
  const hasMore = place.offset + candidates.length < count;
  return (
    <Page visitor={visitor} title={words.title} area="candidates">
      <PageHead title={words.title} subtitle={words.subtitle}>
        <ExportLink table="candidates" visitor={visitor} query={place} />
        <a class="button button-default" href="/review">
          {visitor.texts.review.area}
        </a>
      </PageHead>
      <div class="stack">
        <Progress {...props} />
        <Tabs
          label={words.queues}
          tabs={candidateKinds.map((kind) => ({
            href: href({ kind }),
            label: candidateKindWords[locale][kind].name,
            count: formatCount(countOf(kind, place.state), locale),
            current: kind === place.kind,
          }))}
        />
        <div class="toolbar">
          <h2>{candidateKindWords[locale][place.kind].question}</h2>
          <Tabs
            label={words.states}
            tabs={shownStates.map((state) => ({
              href: href({ state }),
              label: words.state[state],
              count: formatCount(countOf(place.kind, state), locale),
              current: state === place.state,
            }))}
          />
        </div>
        {candidates.length === 0 ? (
          <Empty title={words.empty} hint={words.emptyHint} />
        ) : (
          <Queue {...props} />
        )}
        <NextPage
          visitor={visitor}
          nextHref={hasMore ? href({ offset: place.offset + shownMax }) : null}
          firstHref={place.offset > 0 ? href({}) : null}
        />
      </div>
    </Page>
  );
}

function Progress(props: CandidatesPageProps) {
  const { visitor, progress, confirmed } = props;
  const words = visitor.texts.candidates;
  const { first, last, failedAtMs } = progress;
  const inUse = [...props.tags.values()].filter((tag) => tag.isInUse).length;
  const merge = confirmed === null ? null : mergeOf(confirmed, props);
  return (
    <>
      {confirmed !== null && merge !== null && (
        <p class="flash" role="status">
          {words.confirmedMerge(tagNames(confirmed, props).join(' · '))}{' '}
          <a href={merge}>{words.askForMerge}</a>
        </p>
      )}
      {failedAtMs !== null && (
        <p class="flash flash-refused" role="status">
          {words.failed} <Instant atMs={failedAtMs} visitor={visitor} />
        </p>
      )}
      {first === null || last === null ? (
        <p>{words.neverLooked}</p>
      ) : (
        <p>
          {words.progress(
            formatCount(inUse, visitor.locale),
            formatCount(first.tags, visitor.locale),
          )}{' '}
          <small>
            {words.lookedAt} <Instant atMs={last.endedAtMs} visitor={visitor} />
          </small>
        </p>
      )}
      {first !== null && last !== null && <Goal {...props} first={first.tags} now={inUse} />}
    </>
  );
}

/** How much of the way to the wanted number of tags is gone. */
function Goal(props: CandidatesPageProps & { readonly first: number; readonly now: number }) {
  const { visitor, goalTags, first, now } = props;
  // Below it from the first, there is no way to go.
  if (goalTags === null || first <= goalTags) return null;
  const words = visitor.texts.candidates;
  const count = (number: number) => formatCount(number, visitor.locale);
  const way = first - goalTags;
  const gone = Math.min(way, Math.max(0, first - now));
  const text =
    now <= goalTags
      ? words.goalReached(count(goalTags))
      : words.goal(count(first), count(goalTags), count(now - goalTags));
  return (
    <p>
      <progress value={now <= goalTags ? way : gone} max={way} aria-label={text} /> {text}
    </p>
  );
}

function Queue(props: CandidatesPageProps) {
  const { visitor, place, candidates } = props;
  const words = visitor.texts.candidates;
  const isOpen = place.state === 'open' || place.state === 'later';
  const decisions = isOpen ? (['confirm', 'refuse', 'later'] as const) : (['reopen'] as const);
  return (
    <form method="post" action="/candidates" class="stack" data-queue>
      <Csrf visitor={visitor} />
      <input type="hidden" name="kind" value={place.kind} />
      <input type="hidden" name="state" value={place.state} />
      <input type="hidden" name="offset" value={String(place.offset)} />
      <div class="toolbar">
        <div class="line">
          <span>{words.ticked}</span>
          {decisions.map((decision) => (
            <button class="button button-default" name="decision" value={decision}>
              {words.decision[decision]}
            </button>
          ))}
          {kindsToAskFor[place.kind] !== undefined && place.state !== 'refused' && (
            <button class="button button-primary" name="decision" value="request">
              {words.askForAll}
            </button>
          )}
        </div>
        {isOpen && <small class="keys">{words.keys}</small>}
      </div>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <input type="checkbox" data-tick-all aria-label={words.tickAll} />
              </th>
              <th scope="col">{words.tags}</th>
              <th scope="col">{words.why}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <Line {...props} candidate={candidate} decisions={decisions} />
            ))}
          </tbody>
        </table>
      </div>
    </form>
  );
}

const keyOf = { confirm: 'c', refuse: 'r', later: 'l', reopen: 'o' } as const;

function Line(
  props: CandidatesPageProps & {
    readonly candidate: StoredCandidate;
    readonly decisions: readonly (keyof typeof keyOf)[];
  },
) {
  const { visitor, candidate, decisions, knowledge } = props;
  const words = visitor.texts.candidates;
  const departmentNames = new Map(
    [...knowledge.departments].map(([code, { name }]) => [code, name[visitor.locale]]),
  );
  const names = tagNames(candidate, props).join(' · ');
  const merge = candidate.state === 'confirmed' ? mergeOf(candidate, props) : null;
  return (
    <tr data-queue-row tabindex={-1}>
      <td>
        <input
          type="checkbox"
          name="id"
          value={String(candidate.id)}
          aria-label={words.tick(names)}
        />
      </td>
      <td class="main-cell">
        {tagIds(candidate).map((tagId) => (
          <TagLine {...props} tagId={tagId} />
        ))}
      </td>
      <td data-label={words.why}>
        <ul class="reasons">
          {candidate.reasons.map((reason) => (
            <li>{describeReason(reason, visitor.locale, departmentNames)}</li>
          ))}
          {candidate.opinion !== null && (
            <li class="opinion">{describeOpinion(candidate.opinion, visitor.locale)}</li>
          )}
        </ul>
      </td>
      <td>
        <span class="queue-actions">
          {merge !== null && <a href={merge}>{words.askForMerge}</a>}
          {decisions.map((decision) => (
            <button
              class={decision === 'later' ? 'button button-quiet' : 'button button-default'}
              name="one"
              value={`${decision}:${candidate.id}`}
              data-key={keyOf[decision]}
              aria-label={`${words.decision[decision]}: ${names}`}
            >
              {words.decision[decision]}
            </button>
          ))}
        </span>
      </td>
    </tr>
  );
}

function TagLine(props: CandidatesPageProps & { readonly tagId: number }) {
  const { visitor, knowledge, tags, tagId } = props;
  const code = knowledge.dictionary.tags.find(({ id: known }) => known === tagId)?.code;
  const tag = tags.get(tagId);
  const name = tag?.name[visitor.locale] ?? String(tagId);
  return (
    <p>
      {code === undefined ? name : <a href={`/tags/${code}`}>{name}</a>}
      <small>{tag?.isDefined === false ? visitor.texts.candidates.undefinedTag : code}</small>
    </p>
  );
}

function tagIds({ firstTagId, secondTagId }: StoredCandidate): readonly number[] {
  return [firstTagId, secondTagId].filter((tagId) => tagId !== 0);
}

function tagNames(
  candidate: StoredCandidate,
  { tags, visitor }: CandidatesPageProps,
): readonly string[] {
  return tagIds(candidate).map((tagId) => tags.get(tagId)?.name[visitor.locale] ?? String(tagId));
}

/** What is asked for in one request where many candidates of a queue are right. */
const kindsToAskFor: Readonly<Partial<Record<CandidateKind, BatchKind>>> = {
  synonym: 'merge',
  redundancy: 'merge',
  zombie: 'retire',
  undefined: 'create',
  unowned: 'owner',
};

/** Where to ask for all of it at once; what is no tag of the dictionary is left out but where it is to be defined. */
function batchOf(
  found: readonly StoredCandidate[],
  knowledge: Knowledge,
  tags: readonly InventoryTag[],
): string {
  const kind = kindsToAskFor[found[0]?.kind ?? 'zombie'] ?? 'retire';
  const lines = found.flatMap((candidate) => {
    if (kind === 'merge') {
      const pair = mergedPair(candidate, knowledge);
      return pair === null ? [] : [`${pair.from} → ${pair.into}`];
    }
    const { firstTagId } = candidate;
    const tag = knowledge.dictionary.tags.find(({ id: known }) => known === firstTagId);
    if (kind === 'create') {
      const name = tags.find(({ id: known }) => known === firstTagId)?.name['zh-CN'];
      return tag !== undefined || name === undefined ? [] : [batchLine(kind, name)];
    }
    if (tag === undefined) return [];
    return [`${batchLine(kind, tag.code)}${kind === 'owner' ? ownerToBe(tag, knowledge) : ''}`];
  });
  return withQuery('/requests/new-batch', { kind, list: lines.join('\n') });
}

/** Who may take over from somebody who no longer answers: their deputy or their manager, by code; empty: nobody of them. */
function ownerToBe({ ownerCode }: Tag, { people }: Knowledge): string {
  const before = people.get(ownerCode);
  const heirs = [before?.deputyCode, before?.managerCode].map((code) => people.get(code ?? ''));
  const heir = heirs.find(
    (person) => person?.status === 'active' && person.roles.includes('owner'),
  );
  return heir?.code ?? '';
}

/** Where to ask for the tag on fewer customers to go into the other one; null: not two tags of the dictionary that are one. */
function mergeOf(candidate: StoredCandidate, { knowledge }: CandidatesPageProps): string | null {
  const pair = mergedPair(candidate, knowledge);
  return pair === null ? null : withQuery('/requests/new', { kind: 'merge', ...pair });
}

function mergedPair(
  candidate: StoredCandidate,
  knowledge: Knowledge,
): { readonly from: string; readonly into: string } | null {
  if (candidate.kind !== 'synonym' && candidate.kind !== 'redundancy') return null;
  const codeOf = (tagId: number) =>
    knowledge.dictionary.tags.find(({ id: known }) => known === tagId)?.code;
  const [first, second] = [codeOf(candidate.firstTagId), codeOf(candidate.secondTagId)];
  if (first === undefined || second === undefined) return null;
  const population = candidate.reasons.find((reason) => reason.kind === 'population');
  const isFirstRarer = population !== undefined && population.ofFirst < population.ofSecond;
  return isFirstRarer ? { from: first, into: second } : { from: second, into: first };
}
