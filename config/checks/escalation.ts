import { roles } from '../../domain/person.ts';
import { severities } from '../../domain/severity.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import { durationMs } from '../moments.ts';
import { nearest, type ConfigurationProblem } from '../problem.ts';
import type { PersonEntry } from '../schema/people.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { departmentsAbove } from '../translate.ts';
import { missingColleague, personOf, present } from './reference.ts';

type Step = PolicyFile['escalation'][number];

/** Whether the chain of escalation reaches somebody, step after step, for everybody who may own a warning. */
export function escalationProblems(
  draft: Draft,
  entry: Entry<PolicyFile>,
): readonly ConfigurationProblem[] {
  const steps = entry.value.escalation;
  const problems = [
    ...steps.flatMap((step, index) => stepProblems(draft, entry, { step, index })),
    ...orderProblems(entry),
  ];
  return problems.length > 0 ? problems : deadEnds(draft, entry);
}

function stepProblems(
  draft: Draft,
  entry: Entry<PolicyFile>,
  { step, index }: { readonly step: Step; readonly index: number },
): readonly ConfigurationProblem[] {
  const path = ['escalation', index];
  const earlier = entry.value.escalation.findIndex(
    (one) => one.on === step.on && one.to === step.to && one.who === step.who,
  );
  if (earlier < index) {
    return [
      problemAt(entry, path, {
        found: `${stepWords(step)} a second time`,
        expected: 'each step once',
      }),
    ];
  }
  const needsWho = step.to !== 'second-line' && step.to !== 'manager';
  if (needsWho !== (step.who !== undefined)) {
    return [
      problemAt(entry, [...path, 'who'], {
        expected: needsWho ? `the ${step.to} that it goes to` : `nothing beside to: ${step.to}`,
      }),
    ];
  }
  return present([whoProblem(draft, entry, { step, index })]);
}

function whoProblem(
  draft: Draft,
  entry: Entry<PolicyFile>,
  { step, index }: { readonly step: Step; readonly index: number },
): ConfigurationProblem | null {
  const path = ['escalation', index, 'who'];
  const { who = '' } = step;
  if (step.to === 'person') return missingColleague(draft, { entry, path, code: who });
  if (step.to === 'role') {
    if (roles.some((role) => role === who)) return null;
    return problemAt(entry, path, {
      expected: `one of ${roles.join(', ')}`,
      suggestion: nearest(who, roles),
    });
  }
  if (step.to !== 'duty' && step.to !== 'group') return null;
  const named = step.to === 'duty' ? entry.value.duties : entry.value.groups;
  const codes = (named ?? []).map(({ code }) => code);
  if (codes.includes(who)) return null;
  return problemAt(entry, path, {
    expected: `the code of a ${step.to} in policy.yaml, for the chain ${chainWords(entry)}`,
    suggestion: nearest(who, codes),
  });
}

/** Steps are taken in order, so each has to come due after those before it, for every severity whose deadlines fit. */
function orderProblems(entry: Entry<PolicyFile>): readonly ConfigurationProblem[] {
  const { escalation, severities: deadlines } = entry.value;
  for (const severity of severities) {
    const { claimWithin, closeWithin } = deadlines[severity];
    if (durationMs(claimWithin) >= durationMs(closeWithin)) continue;
    const dueMs = escalation.map(
      (step) =>
        durationMs(step.on === 'claim-missed' ? claimWithin : closeWithin) +
        (step.after === undefined ? 0 : durationMs(step.after)),
    );
    const index = dueMs.findIndex((ms, at) => ms < (dueMs[at - 1] ?? 0));
    const [step, before] = [escalation[index], escalation[index - 1]];
    if (step === undefined || before === undefined) continue;
    return [
      problemAt(entry, ['escalation', index], {
        found: `${stepWords(step)} after ${stepWords(before)}, which comes later for severity ${severity}`,
        expected: 'steps in the order in which they come due',
      }),
    ];
  }
  return [];
}

function chainWords({ value }: Entry<PolicyFile>): string {
  return value.escalation.map(stepWords).join(' → ');
}

function stepWords(step: Step): string {
  const after = step.after === undefined ? '' : ` + ${step.after}`;
  const who = step.who === undefined ? '' : ` ${step.who}`;
  return `${step.on}${after} to ${step.to}${who}`;
}

/** An owner whose warnings no step takes further: nobody would hear of a missed deadline. */
function deadEnds(draft: Draft, entry: Entry<PolicyFile>): readonly ConfigurationProblem[] {
  if (entry.value.escalation.length === 0) return [];
  const owners = draft.people.entries.filter(
    ({ value }) => value.status !== 'left' && value.roles.includes('owner'),
  );
  return owners.flatMap((owner) => {
    const ways = entry.value.escalation.map((step) => wayOf(draft, step, owner.value));
    if (ways.some((way) => way.reaches)) return [];
    const chain = [owner.value.code, ...ways.map((way) => way.words)].join(' → ');
    return [
      problemAt(owner, [], {
        found: `an escalation that ends nowhere (${chain})`,
        expected: `a secondLine or manager of ${owner.value.code}, or a step of the policy that reaches somebody else`,
      }),
    ];
  });
}

function wayOf(
  draft: Draft,
  step: Step,
  owner: PersonEntry,
): { readonly reaches: boolean; readonly words: string } {
  const others = reachedBy(draft, step, owner).filter((code) => code !== owner.code);
  const words = step.who === undefined ? step.to : `${step.to} ${step.who}`;
  return others.length > 0
    ? { reaches: true, words: `${words}: ${others.join(', ')}` }
    : { reaches: false, words: `${words}: nobody` };
}

function reachedBy(draft: Draft, step: Step, owner: PersonEntry): readonly string[] {
  const departments = [owner.department, ...departmentsAbove(draft, owner.department)];
  const holdsFor = ({ roles: held }: PersonEntry, role: string | undefined) =>
    held.some((one) =>
      typeof one === 'string'
        ? one === role
        : one.role === role && one.departments.some((code) => departments.includes(code)),
    );
  const works = (code: string | undefined) =>
    code !== undefined && personOf(draft, code)?.status !== 'left';
  const { secondLine, manager } = owner;
  const inPlace = step.to === 'second-line' ? [secondLine, manager] : [manager, secondLine];
  switch (step.to) {
    case 'second-line':
    case 'manager':
      return inPlace.filter(works).flatMap((code) => code ?? []);
    case 'person':
      return step.who === undefined ? [] : [step.who];
    case 'role':
      return draft.people.entries
        .filter(({ value }) => value.status !== 'left' && holdsFor(value, step.who))
        .map(({ value }) => value.code);
    case 'group':
      return step.who === undefined ? [] : [step.who];
    case 'duty': {
      const duty = draft.policy?.value.duties?.find((one) => one.code === step.who);
      return (duty?.members ?? []).filter(works);
    }
  }
}
