import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

it('asks for exactly what the Slack channel uses, at the one address it has', async () => {
  const text = await readFile(
    new URL('../../../docs/slack/manifest.yaml', import.meta.url),
    'utf8',
  );
  const manifest = parse(text) as {
    features: { slash_commands: { command: string; url: string }[] };
    oauth_config: { scopes: { bot: string[] } };
    settings: {
      event_subscriptions: { request_url: string; bot_events: string[] };
      interactivity: { is_enabled: boolean; request_url: string };
    };
  };
  const { features, oauth_config: oauth, settings } = manifest;
  const addresses = [
    ...features.slash_commands.map(({ url }) => url),
    settings.event_subscriptions.request_url,
    settings.interactivity.request_url,
  ];
  expect(new Set(addresses)).toEqual(new Set(['https://YOUR-HOST/slack/events']));
  expect(settings.interactivity.is_enabled).toBe(true);
  expect(settings.event_subscriptions.bot_events.sort()).toEqual([
    'app_home_opened',
    'app_mention',
    'message.im',
  ]);
  expect(oauth.scopes.bot.sort()).toEqual([
    'app_mentions:read',
    'channels:history',
    'chat:write',
    'commands',
    'files:read',
    'files:write',
    'groups:history',
    'im:history',
    'im:write',
    'users:read',
    'users:read.email',
  ]);
});
