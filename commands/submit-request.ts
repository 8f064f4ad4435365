import { assertNever } from '../domain/assert-never.ts';
import type { Person } from '../domain/person.ts';
import { tagsOfProposal, type RequestProposal, type TagRequest } from '../domain/request.ts';
import type { Tag } from '../domain/tag.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import {
  committeeFor,
  findOpenRequestAbout,
  insertRequest,
  loadRequest,
} from '../db/stores/requests.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { madeBy } from './made.ts';
import { startRequestWorkflow } from './request-workflow.ts';

const codePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const codeCharsMax = 60;
const nameCharsMax = 60;
const definitionCharsMax = 1000;
const reasonCharsMax = 1000;

/**
 * Asks the committee for a change. Anybody who works here may ask; who may vote is fixed now.
 * Refused where the proposal cannot be carried out or another one about the same tag is being decided.
 */
export async function submitRequest(
  context: CommandContext,
  actor: Actor,
  input: { readonly proposal: RequestProposal; readonly reason: string },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const { database } = context;
  const made = await madeBy(database.query, actor);
  const known = made === null ? null : await loadRequest(database.query, Number(made));
  if (known !== null) {
    await startRequestWorkflow(context, known.id);
    return { kind: 'done', request: known };
  }
  const [{ dictionary, people }, policy] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
  ]);
  const refusal =
    findTextFault(input) ??
    findFault(input.proposal, { tags: dictionary.tags, people }) ??
    (await findRival(context, input.proposal));
  if (refusal !== null) return { kind: 'refused', refusal };
  const nowMs = context.now();
  const request = await insertRequest(
    database,
    {
      proposal: input.proposal,
      requesterCode: actor.person.code,
      reason: input.reason.trim(),
      state: { kind: 'voting' },
      memberCodes: committeeFor(people, actor.person.code),
      quorum: policy.voting.quorum,
      vetoCodes: policy.voting.vetoCodes,
      createdAtMs: nowMs,
      dueAtMs: nowMs + policy.voting.votingWithinMs,
    },
    actor,
  );
  await startRequestWorkflow(context, request.id);
  return { kind: 'done', request };
}

function findTextFault(input: {
  readonly proposal: RequestProposal;
  readonly reason: string;
}): CommandRefusal | null {
  const { proposal, reason } = input;
  if (reason.trim() === '' || reason.length > reasonCharsMax) {
    return { kind: 'invalid', field: 'reason', expected: `1–${reasonCharsMax} characters` };
  }
  if (proposal.kind !== 'create-tag') return null;
  if (!codePattern.test(proposal.code) || proposal.code.length > codeCharsMax) {
    return {
      kind: 'invalid',
      field: 'code',
      expected: `lower-case words joined by hyphens, at most ${codeCharsMax} characters, such as high-net-worth`,
    };
  }
  for (const text of [proposal.name['zh-CN'], proposal.name.en]) {
    if (text.trim() === '' || text.length > nameCharsMax) {
      return { kind: 'invalid', field: 'name', expected: `1–${nameCharsMax} characters` };
    }
  }
  for (const text of [proposal.definition['zh-CN'], proposal.definition.en]) {
    if (text.trim() === '' || text.length > definitionCharsMax) {
      return {
        kind: 'invalid',
        field: 'definition',
        expected: `1–${definitionCharsMax} characters`,
      };
    }
  }
  return null;
}

function findFault(
  proposal: RequestProposal,
  known: { readonly tags: readonly Tag[]; readonly people: ReadonlyMap<string, Person> },
): CommandRefusal | null {
  switch (proposal.kind) {
    case 'create-tag': {
      const twin = known.tags.find(
        (tag) =>
          tag.code === proposal.code ||
          tag.name['zh-CN'] === proposal.name['zh-CN'] ||
          tag.name.en.toLowerCase() === proposal.name.en.toLowerCase(),
      );
      if (twin !== undefined) {
        return { kind: 'conflicts-with', what: 'tag', id: twin.code, name: twin.name['zh-CN'] };
      }
      return known.people.get(proposal.ownerCode)?.status === 'active'
        ? null
        : { kind: 'not-found', what: 'person', id: proposal.ownerCode };
    }
    case 'merge-tags': {
      if (proposal.fromCode === proposal.intoCode) {
        return { kind: 'invalid', field: 'into', expected: 'another tag than the one merged away' };
      }
      const into = known.tags.find((tag) => tag.code === proposal.intoCode);
      if (!known.tags.some((tag) => tag.code === proposal.fromCode)) {
        return { kind: 'not-found', what: 'tag', id: proposal.fromCode };
      }
      if (into === undefined) return { kind: 'not-found', what: 'tag', id: proposal.intoCode };
      return into.status === 'active'
        ? null
        : { kind: 'invalid', field: 'into', expected: 'a tag that is active' };
    }
    case 'retire-tag': {
      const tag = known.tags.find(({ code }) => code === proposal.code);
      if (tag === undefined) return { kind: 'not-found', what: 'tag', id: proposal.code };
      return tag.status === 'archived'
        ? { kind: 'invalid', field: 'tag', expected: 'a tag that is still in use' }
        : null;
    }
    case 'exception':
      return null;
    default:
      return assertNever(proposal);
  }
}

/** Another proposal about one of the same tags that is still being decided. */
async function findRival(
  context: CommandContext,
  proposal: RequestProposal,
): Promise<CommandRefusal | null> {
  const codes = tagsOfProposal(proposal);
  if (codes.length === 0) return null;
  const rival = await findOpenRequestAbout(context.database.query, codes);
  return rival === null
    ? null
    : { kind: 'conflicts-with', what: 'request', id: String(rival.id), name: codes.join(', ') };
}
