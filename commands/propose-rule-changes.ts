import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { listProposedRules, loadRuleDecisions } from '../db/stores/rule-decisions.ts';
import { listOpenRequests } from '../db/stores/requests.ts';
import { learnedChange } from '../domain/learning.ts';
import { areRivals } from '../domain/requests/contradictions.ts';
import { tagwardenCode } from '../domain/person.ts';
import { prepareProposal } from '../domain/requests/registry.ts';
import { definitionOf } from '../domain/requests/change-rule.ts';
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
  const [{ dictionary, people, departments }, policy, decisions] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
    loadRuleDecisions(database.sql),
  ]);
  const { precisionFloor, quietMs } = policy.learning;
  const quiet = await listProposedRules(database.sql, {
    requesterCode: tagwardenCode,
    sinceMs: context.now() - quietMs,
  });
  const learned = dictionary.rules
    .filter(({ code }) => !quiet.includes(code))
    .flatMap((rule) => {
      const change = learnedChange(
        definitionOf(rule),
        decisions.get(rule.code) ?? [],
        precisionFloor,
      );
      return change === null ? [] : [change];
    })
    .sort((one, other) => other.record.wrong - one.record.wrong)
    .slice(0, proposalsMax);
  const departmentCodes = [...departments.keys()];
  const known = { ...dictionary, people, departmentCodes, naming: policy.naming };
  const open = await listOpenRequests(database.query);
  let asked = 0;
  for (const { after, record } of learned) {
    const prepared = prepareProposal({ kind: 'change-rule', after }, known);
    if (prepared.kind === 'faulty' || prepared.proposal.kind !== 'change-rule') continue;
    const { proposal } = prepared;
    if (open.some((other) => areRivals(proposal, other.proposal))) continue;
    const placed = await placeRequest(context, {
      proposal: { ...proposal, learned: record },
      requesterCode: tagwardenCode,
      reason: '',
      through: 'system',
    });
    if (placed.kind === 'done') asked += 1;
  }
  return asked;
}
