import { createDrawAnnouncement } from '../bot/cards/announcement.ts';
import { createDingtalkOutlet } from '../bot/dingtalk/outlet.ts';
import type { Outlet } from '../bot/outlet.ts';
import type { WayOut } from '../bot/way-out.ts';
import { createWebhookOutlet } from '../bot/webhook/outlet.ts';
import { createWecomOutlet } from '../bot/wecom/outlet.ts';
import type { Database } from '../db/client.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import type { SubscriberDependencies } from '../delivery/subscribers.ts';
import { usualSubscriber, usualVariables, type Subscriber } from '../domain/event.ts';
import type { Environment } from './env.ts';

interface Surroundings {
  readonly database: Database;
  readonly environment: Pick<Environment, 'variable'>;
  readonly wayOut: WayOut;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Everybody who is told of events, and how. */
export function createSubscribers(surroundings: Surroundings): SubscriberDependencies {
  const { database, environment, now, publicUrl } = surroundings;
  return {
    outlets: new Map(createOutlets(surroundings).map((outlet) => [outlet.name, outlet])),
    listSubscribers: () => listSubscribers(database, environment),
    drawAnnouncement: createDrawAnnouncement({
      readKnowledge: async () => {
        const knowledge = await readCurrentKnowledge(database);
        return { ...knowledge, timeZone: knowledge.policy?.scans.timeZone ?? 'UTC' };
      },
      readWarningState: async (warningId) =>
        (await loadWarning(database.query, warningId))?.state.kind ?? null,
      publicUrl,
      now,
    }),
  };
}

export function createOutlets({
  environment,
  wayOut,
  publicUrl,
  now,
}: Omit<Surroundings, 'database'>): readonly Outlet[] {
  const { variable } = environment;
  return [
    createWebhookOutlet({ wayOut, variable, publicUrl, now }),
    createDingtalkOutlet({ wayOut, variable, now }),
    createWecomOutlet({ wayOut, variable, now }),
  ];
}

/** Those of the policy, and a robot whose variable is set though the policy names none of its kind. */
export async function listSubscribers(
  database: Database,
  { variable }: Pick<Environment, 'variable'>,
): Promise<readonly Subscriber[]> {
  const { policy } = await readCurrentKnowledge(database);
  if (policy === null) return [];
  const { subscribers } = policy;
  const robots = (['dingtalk', 'wecom'] as const)
    .filter((kind) => variable(usualVariables[kind].url) !== null)
    .filter((kind) => !subscribers.some((subscriber) => subscriber.kind === kind))
    .map(usualSubscriber);
  return [...subscribers, ...robots];
}
