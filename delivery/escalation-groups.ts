import type { ChannelName } from '../domain/person.ts';
import { conversationOf, recipientCodeOf } from '../domain/chat-group.ts';
import { isAboutSensitiveTags } from '../domain/rule-tags.ts';
import type { Warning } from '../domain/warning.ts';
import type { CurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { policyInForce } from '../db/stores/dictionary.ts';
import { listDeliveries, type Addressee } from '../db/stores/deliveries.ts';
import type { AudienceDependencies, Reader } from './audience.ts';

const chats = ['slack', 'feishu'] as const satisfies readonly ChannelName[];

/**
 * Where a warning stands that was escalated to groups: in each chat the group is in. A group that no chat of ours
 * reaches, and every group where the warning is about a sensitive tag, is replaced by the owner's manager.
 */
export async function findEscalationGroups(
  { database, channels }: AudienceDependencies,
  warning: Warning,
  { dictionary, policy }: CurrentKnowledge,
): Promise<{ readonly places: readonly Addressee[]; readonly instead: readonly Reader[] }> {
  const codes = groupCodes(warning);
  if (warning.state.kind === 'closed' || codes.length === 0) return { places: [], instead: [] };
  const { groups } = policyInForce(policy);
  const deliveries = await listDeliveries(database.query, { kind: 'warning', id: warning.id });
  const rule = dictionary.rules.find(({ code }) => code === warning.ruleCode);
  const isForAll = rule !== undefined && !isAboutSensitiveTags(rule, dictionary);
  const places: Addressee[] = [];
  const instead: Reader[] = [];
  for (const code of codes) {
    const group = groups.find((one) => one.code === code);
    const recipientCode = recipientCodeOf({ code });
    const open = chats.filter(
      (name) =>
        isForAll &&
        group !== undefined &&
        conversationOf(group, name) !== null &&
        (channels.get(name)?.groups ?? null) !== null &&
        !deliveries.some(
          (one) =>
            one.recipientCode === recipientCode && one.channel === name && one.state === 'failed',
        ),
    );
    places.push(...open.map((channel) => ({ purpose: 'group' as const, channel, recipientCode })));
    const inPlace = warning.managerCode ?? warning.secondLineCode;
    if (open.length === 0 && inPlace !== null) instead.push({ purpose: 'manager', code: inPlace });
  }
  return { places, instead };
}

function groupCodes({ escalations }: Warning): readonly string[] {
  return [...new Set(escalations.flatMap(({ to }) => (to.kind === 'group' ? [to.code] : [])))];
}
