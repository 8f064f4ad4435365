import { namingFaults, type NamingFault, type NamingPolicy } from '../../domain/naming.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import { toNaming } from '../naming.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { missing, present } from './reference.ts';

/** Names of tags in use that are against the convention, and whether that is a problem or only told. */
export function namingProblems(draft: Draft): {
  readonly enforce: NamingPolicy['enforce'];
  readonly problems: readonly ConfigurationProblem[];
} {
  const wanted = draft.policy?.value.naming;
  if (wanted === undefined) return { enforce: 'warning', problems: [] };
  const naming = toNaming(wanted);
  const problems = draft.tags.entries
    .filter(({ value }) => value.status !== 'archived' && value.status !== 'deprecated')
    .flatMap((entry) => {
      const { name, nameEn, category, departments = [] } = entry.value;
      const tag = { name: { 'zh-CN': name, en: nameEn }, category, departmentCodes: departments };
      return namingFaults(tag, naming).map((fault) =>
        problemAt(entry, ['name'], { expected: expectation(fault) }),
      );
    });
  return { enforce: naming.enforce, problems };
}

function expectation(fault: NamingFault): string {
  switch (fault.kind) {
    case 'too-long':
      return `a name of at most ${fault.charsMax} characters, as policy.yaml wants it`;
    case 'pattern':
      return `a name as policy.yaml wants it: ${fault.words.en}`;
    case 'forbidden-word':
      return `a name without "${fault.word}", which policy.yaml forbids`;
    case 'prefix': {
      const { of, prefix } = fault.prefix;
      const whose = of.kind === 'department' ? `department ${of.code}` : `category ${of.category}`;
      return `a name that begins with "${prefix}", as policy.yaml wants it of ${whose}`;
    }
  }
}

/** Departments of prefixes have to be there. */
export function namingPrefixProblems(
  entry: Entry<PolicyFile>,
  draft: Draft,
): readonly ConfigurationProblem[] {
  return present(
    (entry.value.naming?.prefixes ?? []).map(({ department }, index) =>
      department === undefined
        ? null
        : missing(
            { entry, path: ['naming', 'prefixes', index, 'department'], code: department },
            draft.departments,
            'the code of a department in people.yaml',
          ),
    ),
  );
}
