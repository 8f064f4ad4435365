import { decideCandidates, findCandidates, type CandidateScope } from '../db/stores/candidates.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { administeredTags } from '../domain/department-rights.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import { hiddenFrom } from '../domain/hidden.ts';
import { heldRoles, type Person } from '../domain/person.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

/** confirm: it is so. refuse: it is not, and is never asked again. later: ask again in a while. reopen: take a decision back. */
export const candidateDecisions = ['confirm', 'refuse', 'later', 'reopen'] as const;
export type CandidateDecisionKind = (typeof candidateDecisions)[number];

const states = {
  confirm: 'confirmed',
  refuse: 'refused',
  later: 'later',
  reopen: 'open',
} as const;

/** As many as a person can have looked at. */
export const candidatesAtOnceMax = 200;
const askAgainAfterMs = 30 * 86_400_000;

/** Data admins, those of departments for the tags of their people, and the committee. */
export function mayDecideOnCandidates(person: Person): boolean {
  return heldRoles(person).some((role) => role === 'data-admin' || role === 'committee');
}

/** Which candidates somebody who decides on them decides on. */
export function candidateScope(
  person: Person,
  known: { readonly dictionary: Dictionary; readonly people: ReadonlyMap<string, Person> },
): CandidateScope {
  return {
    hiddenTagIds: hiddenFrom(person, known.dictionary, known.people).tagIds,
    ofTagIds: person.roles.includes('committee') ? null : administeredTags(person, known),
  };
}

/**
 * Records what a data admin or committee member decided on candidates; it teaches, and nothing else changes. A candidate
 * about a tag that is hidden from them, or not their people's, is not there.
 */
export async function decideOnCandidates(
  context: CommandContext,
  actor: Actor,
  input: { readonly ids: readonly number[]; readonly decision: CandidateDecisionKind },
): Promise<CommandResult<{ readonly changed: number }>> {
  const result = await decide(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: input.decision, subjectKind: 'candidates', subjectId: input.ids.slice(0, 1).join() },
    result,
  );
}

async function decide(
  context: CommandContext,
  actor: Actor,
  input: { readonly ids: readonly number[]; readonly decision: CandidateDecisionKind },
): Promise<CommandResult<{ readonly changed: number }>> {
  const { person, through } = actor;
  if (!mayDecideOnCandidates(person)) {
    return { kind: 'refused', refusal: { kind: 'role-needed', role: 'data-admin' } };
  }
  const ids = [...new Set(input.ids)];
  if (ids.length === 0 || ids.length > candidatesAtOnceMax) {
    const expected = `1–${candidatesAtOnceMax} candidates`;
    return { kind: 'refused', refusal: { kind: 'invalid', field: 'ids', expected } };
  }
  const [found, { dictionary, people }] = await Promise.all([
    findCandidates(context.database, ids),
    readCurrentKnowledge(context.database),
  ]);
  const { hiddenTagIds, ofTagIds } = candidateScope(person, { dictionary, people });
  const isTheirs = (tagId: number) =>
    !hiddenTagIds.includes(tagId) && (tagId === 0 || (ofTagIds?.includes(tagId) ?? true));
  const known = new Set(
    found
      .filter(({ firstTagId, secondTagId }) => isTheirs(firstTagId) && isTheirs(secondTagId))
      .map(({ id }) => id),
  );
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) {
    const id = String(missing);
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'candidate', id } };
  }
  const nowMs = context.now();
  const changed = await decideCandidates(context.database, ids, {
    state: states[input.decision],
    by: person.code,
    through,
    askAgainAtMs: input.decision === 'later' ? nowMs + askAgainAfterMs : null,
    nowMs,
  });
  return { kind: changed.length > 0 ? 'done' : 'unchanged', changed: changed.length };
}
