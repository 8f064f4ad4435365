import { problemAt, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { present } from './reference.ts';

/** Whether every subscriber of policy.yaml is one of its own and has an address. */
export function subscriberProblems(entry: Entry<PolicyFile>): readonly ConfigurationProblem[] {
  const subscribers = entry.value.subscribers ?? [];
  return subscribers.flatMap(({ code, kind, urlVariable, secretVariable }, index) => {
    const path = ['subscribers', index];
    const earlier = subscribers.findIndex((one) => one.code === code);
    return present([
      earlier < index
        ? problemAt(entry, [...path, 'code'], {
            expected: `another code than subscribers[${earlier}] has`,
          })
        : null,
      kind === 'webhook' && urlVariable === undefined
        ? problemAt(entry, [...path, 'urlVariable'], {
            expected: 'the name of the environment variable with the address',
          })
        : null,
      kind === 'wecom' && secretVariable !== undefined
        ? problemAt(entry, [...path, 'secretVariable'], {
            expected: 'nothing beside kind: wecom, whose address holds its key',
          })
        : null,
    ]);
  });
}
