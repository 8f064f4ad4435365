import { problemAt, type Entry } from '../draft.ts';
import type { ConfigurationProblem } from '../problem.ts';
import type { PolicyFile } from '../schema/policy.ts';
import { present } from './reference.ts';

/** Whether every group of policy.yaml is one of its own and stands in a chat. */
export function groupProblems(entry: Entry<PolicyFile>): readonly ConfigurationProblem[] {
  const groups = entry.value.groups ?? [];
  const { report } = entry.value.digest;
  const isKnown = report === undefined || groups.some(({ code }) => code === report.group);
  const reported = isKnown
    ? []
    : [
        problemAt(entry, ['digest', 'report', 'group'], {
          expected: `the code of one of groups: ${groups.map(({ code }) => code).join(', ') || 'there is none yet'}`,
        }),
      ];
  const own = groups.flatMap(({ code, slackChannelId, feishuChatId }, index) => {
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
  return [...own, ...reported];
}
