import type { Attribute, Condition } from '../../domain/condition.ts';
import { conditionFault } from '../../domain/requests/criterion.ts';
import type { RowContext } from '../../domain/tag-table/read-row.ts';
import { conditionEntryOf } from '../entries.ts';
import { conditionSchema } from '../schema/condition.ts';
import { toCondition } from '../translate.ts';

type Attributes = readonly Pick<Attribute, 'code' | 'type'>[];

/** Reads criteria as a table holds them: the words of tags.yaml as JSON. */
export function createCriteriaReader(attributes: readonly Attribute[]): RowContext['readCriteria'] {
  const types = typesOf(attributes);
  return (text) => {
    const parsed = conditionSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      return { kind: 'fault', detail: parsed.error.issues[0]?.message ?? 'a condition as JSON' };
    }
    const criteria = toCondition(parsed.data, types);
    const fault = conditionFault('criteria', criteria, attributes);
    if (fault === null) return { kind: 'ok', criteria };
    return {
      kind: 'fault',
      detail: fault.fault.kind === 'invalid' ? fault.fault.expected : fault.fault.kind,
    };
  };
}

/** The inverse. */
export function criteriaText(criteria: Condition, attributes: Attributes): string {
  return JSON.stringify(conditionEntryOf(criteria, typesOf(attributes)));
}

function typesOf(attributes: Attributes) {
  return new Map(attributes.map(({ code, type }) => [code, type]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
