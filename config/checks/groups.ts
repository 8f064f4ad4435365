import { problemAt, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { present } from './reference.ts';

/** Whether every group of policy.yaml is one of its own and stands in a chat. */
export function groupProblems(entry: Entry<PolicyFile>): readonly ConfigurationProblem[] {
  const groups = entry.value.groups ?? [];
  return groups.flatMap(({ code, slackChannelId, feishuChatId }, index) => {
    const path = ['groups', index];
    const earlier = groups.findIndex((one) => one.code === code);
    return present([
      earlier < index
        ? problemAt(entry, [...path, 'code'], {
            expected: `another code than groups[${earlier}] has`,
          })
        : null,
      slackChannelId === undefined && feishuChatId === undefined
        ? problemAt(entry, path, { expected: 'slackChannelId or feishuChatId, or both' })
        : null,
    ]);
  });
}
