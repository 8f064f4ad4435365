import { mappingProblems } from '../../crm/postgres/mapping.ts';
import { problemAt, type Draft, type Entry } from '../draft.ts';
import type { ConfigurationProblem, NodePath } from '../problem.ts';
import type { SourceEntry } from '../schema/sources.ts';
import { missing, missingTag, present } from './reference.ts';

/** Whether a source's mapping fits itself, the attributes and the dictionary. */
export function sourceProblems(draft: Draft): readonly ConfigurationProblem[] {
  return [
    ...draft.sources.entries.flatMap((entry) => problemsOf(draft, entry)),
    ...secondMasters(draft),
  ];
}

/** A tag of which two sources claim to be right cannot be decided by either. */
function secondMasters(draft: Draft): readonly ConfigurationProblem[] {
  const masters = new Map<string, string>();
  return draft.sources.entries.flatMap((entry) =>
    (entry.value.masterTags ?? []).flatMap((code, index) => {
      const earlier = masters.get(code);
      masters.set(code, earlier ?? entry.value.code);
      return earlier === undefined
        ? []
        : [
            problemAt(entry, ['masterTags', index], {
              expected: `a tag that has no master yet (${earlier} lists it already)`,
            }),
          ];
    }),
  );
}

function problemsOf(draft: Draft, entry: Entry<SourceEntry>): readonly ConfigurationProblem[] {
  const { mapping, masterTags } = entry.value;
  const attributesPath: NodePath = ['mapping', 'customers', 'attributes'];
  return present([
    ...(masterTags ?? []).map((code, index) =>
      missingTag(draft, { entry, path: ['masterTags', index], code }),
    ),
    ...Object.keys(mapping.customers.attributes).map((code) => {
      const problem = missing(
        { entry, path: [...attributesPath, code], code },
        draft.attributes,
        'the code of an attribute in sources.yaml',
      );
      const place = entry.file.locateKey([...entry.path, ...attributesPath], code);
      return problem === null ? null : { ...problem, ...place, found: JSON.stringify(code) };
    }),
    ...Object.entries(mapping.tags.aliases).map(([alias, code]) =>
      missingTag(draft, { entry, path: ['mapping', 'tags', 'aliases', alias], code }),
    ),
    ...mappingProblems(mapping).map((text) =>
      problemAt(entry, ['mapping'], {
        found: `a contradiction: ${text}`,
        expected: 'a mapping whose parts fit together',
      }),
    ),
  ]);
}
