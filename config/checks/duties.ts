import { problemAt, type Draft, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { knows } from '../draft.ts';
import { missingColleague, present } from './reference.ts';

/** Whether the duties of policy.yaml have members who work here and turns that can be counted. */
export function dutyProblems(
  draft: Draft,
  entry: Entry<PolicyFile>,
): readonly ConfigurationProblem[] {
  const duties = entry.value.duties ?? [];
  return duties.flatMap((duty, index) => {
    const path = ['duties', index];
    const isShifts = duty.turns === 'daily' || duty.turns === 'weekly';
    const earlier = duties.findIndex((one) => one.code === duty.code);
    const isPerson = draft.people.codes !== null && knows(draft.people, duty.code);
    return present([
      earlier < index
        ? problemAt(entry, [...path, 'code'], {
            expected: `another code than duties[${earlier}] has`,
          })
        : null,
      isPerson
        ? problemAt(entry, [...path, 'code'], { expected: 'a code that no person has' })
        : null,
      isShifts === (duty.startsOn !== undefined)
        ? null
        : problemAt(entry, [...path, 'startsOn'], {
            expected: isShifts
              ? "the first day of the first member's shift"
              : `nothing beside turns: ${duty.turns}`,
          }),
      ...duty.members.map((code, at) =>
        duty.members.indexOf(code) < at
          ? problemAt(entry, [...path, 'members', at], { expected: 'each member once' })
          : missingColleague(draft, { entry, path: [...path, 'members', at], code }),
      ),
    ]);
  });
}
