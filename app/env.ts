import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { ModelAddress } from '../activities/model-endpoint.ts';
import type { ProxySettings } from '../bot/way-out.ts';
import type { RateLimits } from '../web/dependencies.ts';
import type { OpenIdSettings } from '../web/open-id.ts';

/** Everything that people configure by environment variables, checked. null: not set. */
export interface Environment {
  readonly databaseUrl: string | null;
  readonly temporal: {
    /** host:port */
    readonly address: string;
    readonly namespace: string | null;
    readonly apiKey: string | null;
    /** Paths of PEM files of a client certificate. */
    readonly tls: { readonly certPath: string; readonly keyPath: string } | null;
  } | null;
  /** null: 8080, or the next free port in the embedded system. */
  readonly port: number | null;
  /** Without a slash at the end. */
  readonly publicUrl: string | null;
  readonly dataDirectory: string;
  readonly configDirectory: string | null;
  readonly logLevel: LogLevel;
  /** Of a worker. null: one for each core, up to four. */
  readonly scanThreads: number | null;
  readonly slack: SlackEnvironment | null;
  readonly feishu: FeishuEnvironment | null;
  readonly email: EmailEnvironment | null;
  readonly openId: OpenIdSettings | null;
  readonly limits: RateLimits;
  /** Through which proxies chat platforms, webhooks and mail servers are reached. */
  readonly proxies: ProxySettings;
  /** A language model that is asked for its opinion on candidates. */
  readonly llm: ModelAddress | null;
  /** The model of meaning at the same address. */
  readonly embedding: ModelAddress | null;
  /** Of an OpenTelemetry collector that takes OTLP over HTTP; null: nothing is traced. */
  readonly tracingEndpoint: string | null;
  /** The value of a variable that a configuration file names, such as a source's url. */
  variable(name: string): string | null;
}

export interface SlackEnvironment {
  readonly botToken: string;
  readonly signingSecret: string | null;
  /** Set: socket mode. */
  readonly appToken: string | null;
  /** Another base address of the Web API; ends in /api/. */
  readonly apiUrl: string | null;
}

export interface FeishuEnvironment {
  readonly appId: string;
  readonly appSecret: string;
  readonly encryptKey: string | null;
  readonly verificationToken: string | null;
  readonly mode: 'webhook' | 'websocket';
  /** feishu, lark or a base address. */
  readonly domain: string;
}

export interface EmailEnvironment {
  /** smtp://user:password@host:587 or smtps://user:password@host:465 */
  readonly smtpUrl: string;
  /** Sender; replies and notes about what could not be delivered come there. */
  readonly from: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What the environment got wrong, one line a variable. Holds no value of a secret. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads and checks the environment, together with a file .env in the working folder. Throws an EnvironmentError. */
export function readEnvironment(variables: Variables = withDotEnv(process.env)): Environment {
  // In compose files an unset variable arrives as empty text.
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = schema.safeParse(given);
  const problems = parsed.success
    ? describeMissing(parsed.data)
    : parsed.error.issues.map((issue) => describeProblem(issue, given));
  if (!parsed.success || problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  return toEnvironment(parsed.data, given);
}

const url = (what: string, protocols: RegExp): z.ZodType<string> =>
  z.string().refine((text) => protocols.test(urlProtocol(text)), what);

const text = z.string();

const perMinute = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'a whole number of at least 1')
  .transform(Number)
  .optional();

/** Without TLS only on this machine. */
function isIssuer(value: string): boolean {
  const { protocol, hostname } = URL.canParse(value)
    ? new URL(value)
    : { protocol: '', hostname: '' };
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

const schema = z.object({
  DATABASE_URL: url(
    'a url such as postgres://user:password@host:5432/tagwarden',
    /^postgres(ql)?:$/,
  ).optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d{1,5}$/, 'host:port such as localhost:7233')
    .optional(),
  TEMPORAL_NAMESPACE: text.optional(),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_TLS_CERT: text.optional(),
  TEMPORAL_TLS_KEY: text.optional(),
  PORT: z
    .string()
    .refine(
      (value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535,
      'a port number from 1 to 65535',
    )
    .transform(Number)
    .optional(),
  PUBLIC_URL: url('an address such as https://tagwarden.example.com', /^https?:$/)
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  DATA_DIR: text.optional(),
  CONFIG_DIR: text.optional(),
  LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(', ')}`).optional(),
  SCAN_THREADS: z
    .string()
    .regex(/^([1-9]|[1-5]\d|6[0-4])$/, 'a number of threads from 1 to 64')
    .transform(Number)
    .optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox[be]-/, 'a bot token that begins with xoxb-')
    .optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'an app token that begins with xapp-')
    .optional(),
  SLACK_API_URL: url('an address that ends in /api/', /^https?:$/)
    .refine((value) => value.endsWith('/api/'), 'an address that ends in /api/')
    .optional(),
  FEISHU_APP_ID: text.optional(),
  FEISHU_APP_SECRET: text.optional(),
  FEISHU_ENCRYPT_KEY: text.optional(),
  FEISHU_VERIFICATION_TOKEN: text.optional(),
  FEISHU_MODE: z.enum(['webhook', 'websocket'], 'webhook or websocket').optional(),
  FEISHU_DOMAIN: z
    .string()
    .refine(
      (value) => /^(feishu|lark)$/.test(value) || /^https?:$/.test(urlProtocol(value)),
      'feishu, lark or an address such as https://open.feishu.cn',
    )
    .optional(),
  LLM_BASE_URL: url('an address such as https://api.openai.com/v1', /^https?:$/).optional(),
  LLM_API_KEY: text.optional(),
  LLM_MODEL: text.optional(),
  EMBEDDING_MODEL: text.optional(),
  SMTP_URL: url('a url such as smtps://user:password@smtp.example.com:465', /^smtps?:$/).optional(),
  ...Object.fromEntries(
    ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [
      name,
      z
        .string()
        .refine(
          (value) => /^https?:$/.test(urlProtocol(withScheme(value))),
          'an http proxy such as http://proxy.example.com:3128',
        )
        .optional(),
    ]),
  ),
  API_CALLS_PER_MINUTE: perMinute,
  API_CHECKS_PER_MINUTE: perMinute,
  PAGES_PER_MINUTE: perMinute,
  OIDC_ISSUER: z
    .string()
    .refine(isIssuer, 'an address such as https://login.example.com/realms/staff')
    .optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_NAME: text.max(40, 'a name of up to 40 characters').optional(),
  DINGTALK_WEBHOOK: url(
    'an address such as https://oapi.dingtalk.com/robot/send?access_token=…',
    /^https?:$/,
  ).optional(),
  DINGTALK_SECRET: text.optional(),
  WECOM_WEBHOOK: url(
    'an address such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
    /^https?:$/,
  ).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    'the address of an OpenTelemetry collector such as http://localhost:4318',
    /^https?:$/,
  ).optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
      'a sender such as Tagwarden <tagwarden@example.com>',
    )
    .optional(),
});
type Parsed = z.infer<typeof schema>;

const namesOfSecrets = /TOKEN|SECRET|KEY|PASSWORD|DATABASE_URL|SMTP_URL|WEBHOOK|PROXY/i;

function describeProblem(issue: z.core.$ZodIssue, given: Variables): string {
  const name = String(issue.path[0]);
  const found = namesOfSecrets.test(name) ? 'something else' : JSON.stringify(given[name]);
  return `${name} should be ${issue.message}, but is ${found}.`;
}

/** Variables that only make sense together. */
function describeMissing(parsed: Parsed): string[] {
  const slackDoor = parsed.SLACK_SIGNING_SECRET ?? parsed.SLACK_APP_TOKEN;
  const feishuDoor = parsed.FEISHU_ENCRYPT_KEY ?? parsed.FEISHU_VERIFICATION_TOKEN;
  const rules: readonly (readonly [missing: boolean, sentence: string])[] = [
    [
      parsed.SLACK_BOT_TOKEN !== undefined && slackDoor === undefined,
      'SLACK_BOT_TOKEN is set: SLACK_SIGNING_SECRET should be set too, or SLACK_APP_TOKEN for socket mode.',
    ],
    [
      parsed.SLACK_BOT_TOKEN === undefined && slackDoor !== undefined,
      'SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is set: SLACK_BOT_TOKEN should be set too.',
    ],
    [
      (parsed.FEISHU_APP_ID === undefined) !== (parsed.FEISHU_APP_SECRET === undefined),
      'FEISHU_APP_ID and FEISHU_APP_SECRET should both be set.',
    ],
    [
      parsed.FEISHU_APP_ID !== undefined &&
        parsed.FEISHU_MODE !== 'websocket' &&
        feishuDoor === undefined,
      'FEISHU_APP_ID is set: FEISHU_ENCRYPT_KEY or FEISHU_VERIFICATION_TOKEN should be set too, or FEISHU_MODE=websocket.',
    ],
    [
      (parsed.SMTP_URL === undefined) !== (parsed.MAIL_FROM === undefined),
      'SMTP_URL and MAIL_FROM should both be set.',
    ],
    [
      (parsed.OIDC_ISSUER === undefined) !== (parsed.OIDC_CLIENT_ID === undefined),
      'OIDC_ISSUER and OIDC_CLIENT_ID should both be set.',
    ],
    [
      parsed.OIDC_ISSUER === undefined &&
        (parsed.OIDC_CLIENT_SECRET ?? parsed.OIDC_NAME) !== undefined,
      'OIDC_CLIENT_SECRET or OIDC_NAME is set: OIDC_ISSUER and OIDC_CLIENT_ID should be set too.',
    ],
    [
      parsed.OIDC_ISSUER !== undefined && parsed.PUBLIC_URL === undefined,
      'OIDC_ISSUER is set: PUBLIC_URL should be set too; people come back to PUBLIC_URL/sign-in/oidc/callback.',
    ],
    [
      parsed.DINGTALK_WEBHOOK === undefined && parsed.DINGTALK_SECRET !== undefined,
      'DINGTALK_SECRET is set: DINGTALK_WEBHOOK should be set too.',
    ],
    [
      parsed.LLM_BASE_URL === undefined
        ? parsed.LLM_MODEL !== undefined
        : (parsed.LLM_MODEL ?? parsed.EMBEDDING_MODEL) === undefined,
      'LLM_BASE_URL and LLM_MODEL should both be set.',
    ],
    [
      parsed.LLM_BASE_URL === undefined && parsed.EMBEDDING_MODEL !== undefined,
      'EMBEDDING_MODEL is set: LLM_BASE_URL should be set too.',
    ],
    [
      (parsed.TEMPORAL_TLS_CERT === undefined) !== (parsed.TEMPORAL_TLS_KEY === undefined),
      'TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY should both be set: paths of PEM files.',
    ],
    [
      parsed.TEMPORAL_ADDRESS === undefined &&
        (parsed.TEMPORAL_API_KEY ?? parsed.TEMPORAL_TLS_CERT) !== undefined,
      'TEMPORAL_API_KEY or TEMPORAL_TLS_CERT is set: TEMPORAL_ADDRESS should be set too.',
    ],
  ];
  return rules.filter(([missing]) => missing).map(([, sentence]) => sentence);
}

function toEnvironment(parsed: Parsed, given: Variables): Environment {
  return {
    databaseUrl: parsed.DATABASE_URL ?? null,
    temporal: parsed.TEMPORAL_ADDRESS === undefined ? null : temporalOf(parsed),
    port: parsed.PORT ?? null,
    publicUrl: parsed.PUBLIC_URL ?? null,
    dataDirectory: resolve(parsed.DATA_DIR ?? '.data'),
    configDirectory: parsed.CONFIG_DIR === undefined ? null : resolve(parsed.CONFIG_DIR),
    logLevel: parsed.LOG_LEVEL ?? 'info',
    scanThreads: parsed.SCAN_THREADS ?? null,
    slack: slackOf(parsed),
    feishu: feishuOf(parsed),
    email: emailOf(parsed),
    openId: openIdOf(parsed),
    limits: {
      callsPerMinute: parsed.API_CALLS_PER_MINUTE ?? limitDefaults.callsPerMinute,
      checksPerMinute: parsed.API_CHECKS_PER_MINUTE ?? limitDefaults.checksPerMinute,
      pagesPerMinute: parsed.PAGES_PER_MINUTE ?? limitDefaults.pagesPerMinute,
    },
    proxies: proxiesOf(given),
    llm: modelOf(parsed, parsed.LLM_MODEL),
    embedding: modelOf(parsed, parsed.EMBEDDING_MODEL),
    tracingEndpoint: parsed.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    variable: (name) => given[name] ?? null,
  };
}

function modelOf(parsed: Parsed, model: string | undefined): ModelAddress | null {
  const { LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey = null } = parsed;
  return baseUrl === undefined || model === undefined ? null : { baseUrl, apiKey, model };
}

function temporalOf(parsed: Parsed): Environment['temporal'] {
  const { TEMPORAL_TLS_CERT: certPath, TEMPORAL_TLS_KEY: keyPath } = parsed;
  return {
    address: parsed.TEMPORAL_ADDRESS ?? '',
    namespace: parsed.TEMPORAL_NAMESPACE ?? null,
    apiKey: parsed.TEMPORAL_API_KEY ?? null,
    tls: certPath === undefined || keyPath === undefined ? null : { certPath, keyPath },
  };
}

function slackOf(parsed: Parsed): SlackEnvironment | null {
  if (parsed.SLACK_BOT_TOKEN === undefined) return null;
  return {
    botToken: parsed.SLACK_BOT_TOKEN,
    signingSecret: parsed.SLACK_SIGNING_SECRET ?? null,
    appToken: parsed.SLACK_APP_TOKEN ?? null,
    apiUrl: parsed.SLACK_API_URL ?? null,
  };
}

function feishuOf(parsed: Parsed): FeishuEnvironment | null {
  const { FEISHU_APP_ID: appId, FEISHU_APP_SECRET: appSecret } = parsed;
  if (appId === undefined || appSecret === undefined) return null;
  return {
    appId,
    appSecret,
    encryptKey: parsed.FEISHU_ENCRYPT_KEY ?? null,
    verificationToken: parsed.FEISHU_VERIFICATION_TOKEN ?? null,
    mode: parsed.FEISHU_MODE ?? 'webhook',
    domain: parsed.FEISHU_DOMAIN ?? 'feishu',
  };
}

function emailOf({ SMTP_URL: smtpUrl, MAIL_FROM: from }: Parsed): EmailEnvironment | null {
  return smtpUrl === undefined || from === undefined ? null : { smtpUrl, from };
}

/** Far above what people and their scripts do; checks go up to twice the thousand a second that one server answers. */
const limitDefaults: RateLimits = {
  callsPerMinute: 6_000,
  checksPerMinute: 120_000,
  pagesPerMinute: 600,
};

function openIdOf(parsed: Parsed): OpenIdSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = parsed;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    clientId,
    clientSecret: parsed.OIDC_CLIENT_SECRET ?? null,
    name: parsed.OIDC_NAME ?? new URL(issuer).hostname,
  };
}

/** In capitals or not, as programs that make calls have it; small letters come first, as in curl. */
function proxiesOf(given: Variables): ProxySettings {
  const of = (name: string): string | null =>
    given[name.toLowerCase()] ?? given[name.toUpperCase()] ?? null;
  const proxyIn = (name: string): string | null => {
    const proxy = of(name);
    const address = proxy === null ? null : withScheme(proxy);
    // ALL_PROXY may name a kind that only other programs speak.
    return address !== null && /^https?:$/.test(urlProtocol(address)) ? address : null;
  };
  return {
    http: proxyIn('http_proxy'),
    https: proxyIn('https_proxy'),
    all: proxyIn('all_proxy'),
    not: of('no_proxy') ?? '',
  };
}

function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function urlProtocol(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}

function withDotEnv(variables: Variables): Variables {
  let dotEnv: Variables = {};
  try {
    dotEnv = parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { ...dotEnv, ...variables };
}

/** What the system says about itself, apart from what people configure. */
export interface SystemEnvironment {
  /** Where programs that serve every checkout of this machine are kept. */
  readonly cacheDirectory: string;
  readonly path: string;
  readonly hasProxy: boolean;
  /** Path of a browser for tests; null: look for one. */
  readonly browserPath: string | null;
  /** Everything, to hand on to a program we start. */
  readonly all: Variables;
}

export function systemEnvironment(all: Variables = process.env): SystemEnvironment {
  return {
    cacheDirectory: all['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    path: all['PATH'] ?? '',
    hasProxy: Boolean(all['HTTPS_PROXY'] || all['https_proxy']),
    browserPath: all['CHROME_PATH'] || all['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'] || null,
    all,
  };
}
