import { severities } from '../../domain/severity.ts';
import { problemAt, type Draft } from '../draft.ts';
import { durationMs } from '../moments.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { dutyProblems } from './duties.ts';
import { inhibitionProblems } from './inhibitions.ts';
import { namingPrefixProblems } from './naming.ts';
import { escalationProblems } from './escalation.ts';
import { groupProblems } from './groups.ts';
import { subscriberProblems } from './subscribers.ts';
import { requestTemplateProblems } from './request-templates.ts';
import { missingColleague, personOf, present } from './reference.ts';

/** Whether the policy fits itself and the people who carry it out. */
export function policyProblems(draft: Draft): readonly ConfigurationProblem[] {
  const entry = draft.policy;
  if (entry === null) return [];
  const { value } = entry;
  return [
    ...severities.flatMap((severity) =>
      deadlineProblems(value.severities[severity]).map(({ field, expected }) =>
        problemAt(entry, ['severities', severity, field], { expected }),
      ),
    ),
    ...escalationProblems(draft, entry),
    ...dutyProblems(draft, entry),
    ...inhibitionProblems(draft, entry),
    ...requestTemplateProblems(draft, entry),
    ...groupProblems(entry),
    ...subscriberProblems(entry),
    ...vetoProblems(draft),
    ...quorumProblems(draft),
    ...chairProblems(draft),
    ...namingPrefixProblems(entry, draft),
  ];
}

interface DeadlineProblem {
  readonly field: string;
  readonly expected: string;
}

function deadlineProblems(severity: PolicyFile['severities']['high']): readonly DeadlineProblem[] {
  const problems: DeadlineProblem[] = [];
  for (const field of ['claimWithin', 'closeWithin', 'newsEvery', 'repeatEvery'] as const) {
    if (severity.clock === 'working' && severity[field]?.endsWith('d') === true) {
      problems.push({
        field,
        expected: 'hours or minutes, since only working hours count and days differ in them',
      });
    }
  }
  if (durationMs(severity.claimWithin) >= durationMs(severity.closeWithin)) {
    problems.push({
      field: 'claimWithin',
      expected: `less than closeWithin, which is ${severity.closeWithin}`,
    });
  }
  if (severity.remindAt.some((part, index) => part <= (severity.remindAt[index - 1] ?? 0))) {
    problems.push({ field: 'remindAt', expected: 'parts of the deadline in rising order' });
  }
  return problems;
}

function vetoProblems(draft: Draft): readonly ConfigurationProblem[] {
  const entry = draft.policy;
  if (entry === null) return [];
  return (entry.value.voting.veto ?? []).flatMap((code, index) => {
    const path = ['voting', 'veto', index];
    const person = personOf(draft, code);
    return present([
      missingColleague(draft, { entry, path, code }),
      person === undefined || person.status === 'left' || person.roles.includes('committee')
        ? null
        : problemAt(entry, path, { expected: 'a member of the committee (role committee)' }),
    ]);
  });
}

function chairProblems(draft: Draft): readonly ConfigurationProblem[] {
  const entry = draft.policy;
  const code = entry?.value.voting.chair?.person;
  if (entry === null || code === undefined) return [];
  return present([missingColleague(draft, { entry, path: ['voting', 'chair', 'person'], code })]);
}

/** With seats of departments, no more can be in favour than there are departments with members. */
function seatCount(draft: Draft, members: readonly { readonly department: string }[]): number {
  return draft.policy?.value.voting.seats === 'departments'
    ? new Set(members.map(({ department }) => department)).size
    : members.length;
}

function quorumProblems(draft: Draft): readonly ConfigurationProblem[] {
  const entry = draft.policy;
  const { people } = draft;
  if (entry === null || people.codes?.size !== people.entries.length) return [];
  const members = people.entries.filter(
    ({ value }) => value.status !== 'left' && value.roles.includes('committee'),
  );
  const seats = seatCount(
    draft,
    members.map(({ value }) => value),
  );
  if (seats >= entry.value.voting.quorum) return [];
  return [
    problemAt(entry, ['voting', 'quorum'], {
      expected:
        entry.value.voting.seats === 'departments'
          ? `at most ${seats}, the departments with people of the role committee`
          : `at most ${seats}, the people who work here and have the role committee`,
    }),
  ];
}
