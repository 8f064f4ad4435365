import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../app/env.ts';

test('nothing needs to be set', () => {
  const environment = readEnvironment({});
  expect(environment).toMatchObject({
    databaseUrl: null,
    temporal: null,
    port: null,
    slack: null,
    feishu: null,
    logLevel: 'info',
  });
});

test('empty means not set', () => {
  expect(readEnvironment({ PORT: '', SLACK_BOT_TOKEN: ' ' })).toMatchObject({
    port: null,
    slack: null,
  });
});

test.each([
  [{ PORT: '80a' }, 'PORT should be a port number from 1 to 65535, but is "80a".'],
  [{ PORT: '70000' }, 'PORT should be a port number from 1 to 65535, but is "70000".'],
  [
    { TEMPORAL_ADDRESS: 'http://localhost:7233' },
    'TEMPORAL_ADDRESS should be host:port such as localhost:7233, but is "http://localhost:7233".',
  ],
  [
    { DATABASE_URL: 'mysql://root:hunter2@db/x' },
    'DATABASE_URL should be a url such as postgres://user:password@host:5432/tagwarden, but is something else.',
  ],
  [
    { SLACK_BOT_TOKEN: 'hunter2' },
    'SLACK_BOT_TOKEN should be a bot token that begins with xoxb-, but is something else.',
  ],
  [
    { SLACK_BOT_TOKEN: 'xoxb-1' },
    'SLACK_BOT_TOKEN is set: SLACK_SIGNING_SECRET should be set too, or SLACK_APP_TOKEN for socket mode.',
  ],
  [
    { SLACK_API_URL: 'http://localhost:1/' },
    'SLACK_API_URL should be an address that ends in /api/, but is "http://localhost:1/".',
  ],
  [{ FEISHU_APP_ID: 'cli_1' }, 'FEISHU_APP_ID and FEISHU_APP_SECRET should both be set.'],
  [
    { FEISHU_APP_ID: 'cli_1', FEISHU_APP_SECRET: 'hunter2' },
    'FEISHU_APP_ID is set: FEISHU_ENCRYPT_KEY or FEISHU_VERIFICATION_TOKEN should be set too, or FEISHU_MODE=websocket.',
  ],
  [{ LLM_MODEL: 'small' }, 'LLM_BASE_URL and LLM_MODEL should both be set.'],
  [{ SMTP_URL: 'smtp://mail.example.com' }, 'SMTP_URL and MAIL_FROM should both be set.'],
  [
    { SMTP_URL: 'http://me:hunter2@mail', MAIL_FROM: 'a@b.example' },
    'SMTP_URL should be a url such as smtps://user:password@smtp.example.com:465, but is something else.',
  ],
  [
    { SMTP_URL: 'smtp://mail', MAIL_FROM: 'Tagwarden' },
    'MAIL_FROM should be a sender such as Tagwarden <tagwarden@example.com>, but is "Tagwarden".',
  ],
  [
    {
      OIDC_ISSUER: 'http://login.example.com',
      OIDC_CLIENT_ID: 'x',
      PUBLIC_URL: 'https://t.example',
    },
    'OIDC_ISSUER should be an address such as https://login.example.com/realms/staff, but is "http://login.example.com".',
  ],
  [
    { OIDC_ISSUER: 'https://login.example.com', PUBLIC_URL: 'https://t.example' },
    'OIDC_ISSUER and OIDC_CLIENT_ID should both be set.',
  ],
  [
    { OIDC_ISSUER: 'https://login.example.com', OIDC_CLIENT_ID: 'x' },
    'OIDC_ISSUER is set: PUBLIC_URL should be set too; people come back to PUBLIC_URL/sign-in/oidc/callback.',
  ],
  [
    { OIDC_CLIENT_SECRET: 'hunter2' },
    'OIDC_CLIENT_SECRET or OIDC_NAME is set: OIDC_ISSUER and OIDC_CLIENT_ID should be set too.',
  ],
  [
    { API_CALLS_PER_MINUTE: '0' },
    'API_CALLS_PER_MINUTE should be a whole number of at least 1, but is "0".',
  ],
  [{ FEISHU_MODE: 'socket' }, 'FEISHU_MODE should be webhook or websocket, but is "socket".'],
  [{ SCAN_THREADS: '0' }, 'SCAN_THREADS should be a number of threads from 1 to 64, but is "0".'],
  [
    { LOG_LEVEL: 'loud' },
    'LOG_LEVEL should be one of trace, debug, info, warn, error, silent, but is "loud".',
  ],
])('%j is refused in words', (variables, sentence) => {
  expect(() => readEnvironment(variables)).toThrow(sentence);
});

test('every problem is named at once and no secret is repeated', () => {
  const read = (): unknown =>
    readEnvironment({ PORT: 'x', DATABASE_URL: 'hunter2', SLACK_APP_TOKEN: 'hunter2' });
  expect(read).toThrow(/PORT[^]*SLACK_APP_TOKEN|SLACK_APP_TOKEN[^]*PORT/);
  expect(read).not.toThrow('hunter2');
});

test('the example file names every variable that is read, and is valid as it is', () => {
  const example = readFileSync('.env.example', 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  const source = readFileSync('app/env.ts', 'utf8');
  const read = [...source.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(read));
});

test('people sign in at a provider by the name it is given, or its host', () => {
  const given = {
    OIDC_ISSUER: 'https://login.example.com/realms/staff',
    OIDC_CLIENT_ID: 'tagwarden',
    PUBLIC_URL: 'https://tags.example.com',
  };
  expect(readEnvironment(given).openId).toEqual({
    issuer: 'https://login.example.com/realms/staff',
    clientId: 'tagwarden',
    clientSecret: null,
    name: 'login.example.com',
  });
  expect(readEnvironment({ ...given, OIDC_NAME: '统一认证' }).openId?.name).toBe('统一认证');
});

test('a public url loses its last slash', () => {
  expect(readEnvironment({ PUBLIC_URL: 'https://tags.example.com/' }).publicUrl).toBe(
    'https://tags.example.com',
  );
});
