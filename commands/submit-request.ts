import type { Dictionary } from '../domain/dictionary.ts';
import { hiddenFrom, maySeeProposal } from '../domain/hidden.ts';
import type { Person } from '../domain/person.ts';
import type { AskedProposal, RequestProposal, TagRequest } from '../domain/request.ts';
import { prepareFor } from '../domain/requests/prepare-for.ts';
import { rulesOfProposal, tagsOfProposal } from '../domain/requests/registry.ts';
import { countCarrying } from '../db/stores/request-views.ts';
import { committeeFor } from '../domain/committee.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { listOpenRequests, recordRivalry } from '../db/stores/request-rivals.ts';
import { readKnown } from '../db/stores/known.ts';
import { insertRequest, loadRequest } from '../db/stores/requests.ts';
import type { OtherRequest } from '../domain/requests/contradictions.ts';
import { areRivals, isSameProposal } from '../domain/requests/rivals.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { madeBy } from './made.ts';
import { auditingRefusal } from './refused.ts';
import { tellOfRequest } from './talk-about-request.ts';
import { startRequestWorkflow } from './request-workflow.ts';

const reasonCharsMax = 1000;

/**
 * Asks the committee for a change. Anybody who works here may ask; who may vote is fixed now.
 * Refused where the proposal cannot be carried out, is about what the actor may not see, puts on a sensitive tag that
 * they may not use, or the very same is being decided; whoever asked for what contradicts it is told.
 */
export async function submitRequest(
  context: CommandContext,
  actor: Actor,
  input: { readonly proposal: AskedProposal; readonly reason: string },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const result = await submit(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'submit', subjectKind: 'proposal', subjectId: input.proposal.kind },
    result,
  );
}

async function submit(
  context: CommandContext,
  actor: Actor,
  input: { readonly proposal: AskedProposal; readonly reason: string },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const { database } = context;
  const made = await madeBy(database.query, actor);
  const known = made === null ? null : await loadRequest(database.query, Number(made));
  if (known !== null) {
    await startRequestWorkflow(context, known.id);
    return { kind: 'done', request: known };
  }
  const fault = findReasonFault(input.reason);
  if (fault !== null) return { kind: 'refused', refusal: fault };
  const prepared = prepareFor(actor.person, input.proposal, await readKnown(database));
  if (prepared.kind === 'faulty') return { kind: 'refused', refusal: prepared.fault };
  const { proposal } = prepared;
  return placeRequest(context, {
    proposal,
    requesterCode: actor.person.code,
    reason: input.reason.trim(),
    through: actor.through,
    actId: actor.actId,
  });
}

/**
 * Brings a sound proposal before the committee as it is now. Refused where the very same is being decided.
 */
export async function placeRequest(
  context: CommandContext,
  asked: {
    readonly proposal: RequestProposal;
    readonly requesterCode: string;
    readonly reason: string;
    readonly through: Actor['through'] | 'system';
    readonly actId?: string | undefined;
  },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const { database } = context;
  const { proposal, requesterCode, reason } = asked;
  const open = await listOpenRequests(database.query);
  const twin = open.find((other) => isSameProposal(proposal, other.proposal));
  const [{ dictionary, people, duties }, { voting }] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
  ]);
  if (twin !== undefined) {
    const asker = people.get(requesterCode) ?? null;
    return { kind: 'refused', refusal: twinRefusal(twin, asker, { dictionary, people }) };
  }
  const carrying = await countCarrying(database, proposal, dictionary);
  const nowMs = context.now();
  const request = await insertRequest(
    database,
    {
      proposal,
      requesterCode,
      reason,
      state: { kind: 'voting' },
      ...committeeFor(
        { proposal, requesterCode, carrying },
        { ...dictionary, people, duties, voting },
      ),
      createdAtMs: nowMs,
      dueAtMs: nowMs + voting.votingWithinMs,
    },
    asked,
  );
  await startRequestWorkflow(context, request.id);
  const rivals = open.filter(
    (other) => other.state === 'voting' && areRivals(proposal, other.proposal),
  );
  for (const rival of rivals) {
    await tellRival(context, { request, rival, through: asked.through });
  }
  return { kind: 'done', request };
}

function findReasonFault(reason: string): CommandRefusal | null {
  return reason.trim() === '' || reason.length > reasonCharsMax
    ? { kind: 'invalid', field: 'reason', expected: `1–${reasonCharsMax} characters` }
    : null;
}

/** Of a request for what they may not see, an asker hears no more than that it is taken. */
function twinRefusal(
  { id, proposal }: OtherRequest,
  asker: Person | null,
  known: { readonly dictionary: Dictionary; readonly people: ReadonlyMap<string, Person> },
): CommandRefusal {
  if (asker !== null) {
    const hidden = hiddenFrom(asker, known.dictionary, known.people);
    if (!maySeeProposal(asker, proposal, { ...known, hidden })) return { kind: 'taken' };
  }
  const name = [...tagsOfProposal(proposal), ...rulesOfProposal(proposal)].join(', ');
  return { kind: 'conflicts-with', what: 'request', id: String(id), name };
}

/** Whoever asked before for what cannot come true together with the new request is told, and so are its voters. */
async function tellRival(
  context: CommandContext,
  told: {
    readonly request: TagRequest;
    readonly rival: OtherRequest;
    readonly through: Actor['through'] | 'system';
  },
): Promise<void> {
  const { request, rival, through } = told;
  const nowMs = context.now();
  const record = { requestId: rival.id, kind: 'rival', rival: request, through, nowMs } as const;
  const messageId = await context.database.query.transaction((transaction) =>
    recordRivalry(transaction, record),
  );
  if (rival.requesterCode === request.requesterCode) return;
  const news = { purpose: `rival-${messageId}` as const, personCodes: [rival.requesterCode] };
  await tellOfRequest(context, rival.id, news);
}
