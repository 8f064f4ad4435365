import { templateFields } from '../../domain/request-template.ts';
import { tagCategories, tagLevels } from '../../domain/tag.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { missing, present } from './reference.ts';

const choices: Readonly<Record<string, readonly string[]>> = {
  level: tagLevels,
  category: tagCategories,
};

/** Whether the templates of policy.yaml have codes of their own, departments that are there and fields of their forms. */
export function requestTemplateProblems(
  draft: Draft,
  entry: Entry<PolicyFile>,
): readonly ConfigurationProblem[] {
  const templates = entry.value.requestTemplates ?? [];
  return templates.flatMap(({ code, departments = [], kind, fields }, index) => {
    const path = ['requestTemplates', index];
    const earlier = templates.findIndex((one) => one.code === code);
    const known = templateFields(kind);
    return present([
      earlier < index
        ? problemAt(entry, [...path, 'code'], {
            expected: `another code than requestTemplates[${earlier}] has`,
          })
        : null,
      ...departments.map((department, at) =>
        missing(
          { entry, path: [...path, 'departments', at], code: department },
          draft.departments,
          'the code of a department in people.yaml',
        ),
      ),
      ...Object.entries(fields).map(([field, value]) => {
        const at = [...path, 'fields', field];
        if (!known.includes(field)) {
          return problemAt(entry, at, {
            expected: `a field of the form for ${kind}: ${known.join(', ')}`,
          });
        }
        const allowed = choices[field];
        return allowed === undefined || allowed.includes(value)
          ? null
          : problemAt(entry, at, { expected: `one of ${allowed.join(', ')}` });
      }),
    ]);
  });
}
