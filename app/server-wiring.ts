import { createTurnAway } from '../commands/turned-away.ts';
import { createInteract } from '../bot/interact.ts';
import { createSuggest } from '../bot/suggest.ts';
import type { InboundDependencies } from '../bot/interaction.ts';
import { createFirstContact } from './first-contact.ts';
import { createFeishuInbound } from '../bot/feishu/inbound.ts';
import { createSlackInbound } from '../bot/slack/inbound.ts';
import { type WayOut } from '../bot/way-out.ts';
import { createEventStore } from '../db/stores/inbound-events.ts';
import { findPersonByAccount } from '../db/stores/people.ts';
import packageJson from '../package.json' with { type: 'json' };
import { createWeb } from '../web/app.tsx';
import { createOpenId, type OpenId } from '../web/open-id.ts';
import type { Lifetime } from './lifetime.ts';
import type { Foundations } from './foundations.ts';

/** The console and its JSON API. */
export function createConsole(
  foundations: Foundations,
  embedded: boolean,
): { fetch(request: Request): Response | Promise<Response> } {
  return createWeb({
    ...foundations,
    context: foundations,
    interact: createInteract({ ...foundations, context: foundations }),
    embedded,
    openId: createSignIn(foundations),
    limits: foundations.environment.limits,
    version: packageJson.version,
  });
}

function createSignIn(foundations: Foundations): OpenId | null {
  const { wayOut, environment } = foundations;
  if (environment.openId === null) return null;
  return createOpenId(environment.openId, {
    ...foundations,
    fetch: (url, init) => wayOut.fetch(url, init as Parameters<WayOut['fetch']>[1]),
  });
}

/** The doors of the chat platforms that are set up, by path; opens long connections where those are wanted. */
export async function createDoors(
  foundations: Foundations,
  lifetime: Lifetime,
): Promise<ReadonlyMap<string, (request: Request) => Promise<Response>>> {
  const { environment, logger } = foundations;
  const inbound = createInboundDependencies(foundations);
  const doors = new Map<string, (request: Request) => Promise<Response>>();
  const { slack, feishu } = environment;
  const { wayOut } = foundations;
  if (slack !== null) {
    const door = createSlackInbound(inbound, {
      token: slack.botToken,
      wayOut,
      apiUrl: slack.apiUrl ?? undefined,
      signingSecret: slack.signingSecret,
      appToken: slack.appToken ?? undefined,
      onError: (error, reference) => logger.error({ error, reference }, 'A Slack event failed.'),
    });
    doors.set('/slack/events', (request) => door.handle(request));
    await door.start();
    lifetime.onEnd(() => door.stop());
  }
  if (feishu !== null) {
    const door = createFeishuInbound(inbound, {
      ...feishu,
      wayOut,
      onError: (error, reference) => logger.error({ error, reference }, 'A Feishu event failed.'),
    });
    doors.set('/feishu/events', (request) => door.handleEvents(request));
    doors.set('/feishu/cards', (request) => door.handleCards(request));
    await door.start();
    lifetime.onEnd(() => door.stop());
  }
  return doors;
}

function createInboundDependencies(foundations: Foundations): InboundDependencies {
  const { database, now } = foundations;
  const turnAway = createTurnAway({ database, now });
  return {
    interact: createInteract({ ...foundations, context: foundations }),
    suggest: createSuggest(foundations.views),
    meet: createFirstContact({
      database,
      now,
      onError: (error) =>
        foundations.logger.warn({ error }, 'It could not be seen who somebody unknown may be'),
    }),
    findPerson: (channel, platformUserId) =>
      findPersonByAccount(database.query, channel, platformUserId),
    events: createEventStore(database.query),
    refuseAtDoor: (channel, reason) => turnAway({ through: channel, reason }),
    now,
  };
}
