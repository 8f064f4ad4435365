import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { listProposedRules, loadReached, loadRuleDecisions } from '../db/stores/rule-decisions.ts';
import { readKnown } from '../db/stores/known.ts';
import { listOpenRequests } from '../db/stores/request-rivals.ts';
import { isWrongTooOften, learnedChange, type LearnedChange } from '../domain/learning.ts';
import { areRivals } from '../domain/requests/rivals.ts';
import { tagwardenCode } from '../domain/person.ts';
import { prepareProposal } from '../domain/requests/registry.ts';
import { definitionOf } from '../domain/requests/change-rule.ts';
import type { RequestProposal } from '../domain/request.ts';
import type { CommandContext } from './context.ts';
import { placeRequest } from './submit-request.ts';

/** Asked of a committee after one look: the rules that are wrong most often come first. */
const proposalsMax = 5;

/**
 * Asks the committee to change each rule that people's decisions speak against: one open request a rule, and none for
 * a while after one was decided. Returns how many it asked for.
 */
export async function proposeRuleChanges(context: CommandContext): Promise<number> {
  const { database } = context;
  const [{ dictionary }, policy, decisions] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
    loadRuleDecisions(database.sql),
  ]);
  const { precisionFloor, quietMs } = policy.learning;
  const quiet = await listProposedRules(database.sql, {
    requesterCode: tagwardenCode,
    sinceMs: context.now() - quietMs,
  });
  const doubtful = dictionary.rules.filter(
    ({ code }) =>
      !quiet.includes(code) && isWrongTooOften(decisions.get(code) ?? [], precisionFloor),
  );
  const learned: { readonly ruleCode: string; readonly change: LearnedChange }[] = [];
  for (const rule of doubtful) {
    const reached = await loadReached(database.sql, rule);
    const learner = { precisionFloor, reached, tags: dictionary.tags };
    const change = learnedChange(definitionOf(rule), decisions.get(rule.code) ?? [], learner);
    if (change !== null) learned.push({ ruleCode: rule.code, change });
  }
  learned.sort((one, other) => other.change.record.wrong - one.change.record.wrong);
  const known = await readKnown(database);
  const open = await listOpenRequests(database.query);
  let asked = 0;
  for (const { ruleCode, change } of learned.slice(0, proposalsMax)) {
    const proposal = proposalOf(change, ruleCode, known);
    if (proposal === null) continue;
    if (open.some((other) => areRivals(proposal, other.proposal))) continue;
    const placed = await placeRequest(context, {
      proposal,
      requesterCode: tagwardenCode,
      reason: '',
      through: 'system',
    });
    if (placed.kind === 'done') asked += 1;
  }
  return asked;
}

function proposalOf(
  change: LearnedChange,
  ruleCode: string,
  known: Parameters<typeof prepareProposal>[1],
): RequestProposal | null {
  const { record } = change;
  const prepared =
    change.kind === 'rule'
      ? prepareProposal({ kind: 'change-rule', after: change.after }, known)
      : prepareProposal({ kind: 'change-tag', code: change.code, after: change.after }, known);
  if (prepared.kind === 'faulty') return null;
  const { proposal } = prepared;
  if (proposal.kind === 'change-rule') return { ...proposal, learned: record };
  return proposal.kind === 'change-tag' ? { ...proposal, learned: { ...record, ruleCode } } : null;
}
