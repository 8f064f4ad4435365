import * as client from 'openid-client';

/** An OpenID Connect provider at which people sign in. */
export interface OpenIdSettings {
  /** Such as https://login.example.com/realms/staff; its `/.well-known/openid-configuration` says the rest. */
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** As people know it. */
  readonly name: string;
}

/** What of one sign-in the browser keeps until its answer comes. */
export interface OpenIdAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/**
 * cancelled: by the person or the provider. forged: the answer belongs to no sign-in of this browser. expired: the code
 * was used or has run out. rejected: the answer's signature, issuer, audience, nonce or time is wrong. misconfigured: the
 * provider does not know this client. unreachable: it does not answer.
 */
export type OpenIdFault =
  | 'cancelled'
  | 'forged'
  | 'expired'
  | 'rejected'
  | 'misconfigured'
  | 'unreachable';

export interface OpenIdRefusal {
  readonly kind: 'refused';
  readonly fault: OpenIdFault;
  /** A code of the protocol or the library, for logs; holds nothing that was sent. */
  readonly code: string;
}

export interface OpenIdIdentity {
  readonly kind: 'identified';
  readonly subject: string;
  /** The email that the provider confirms; null where it names none or has not confirmed it. */
  readonly readVerifiedEmail: () => Promise<string | null>;
}

/** Authorization code flow with PKCE, state and nonce. */
export interface OpenId {
  readonly name: string;
  /** Where to send the browser, and what it keeps meanwhile. */
  begin(): Promise<
    | { readonly kind: 'begun'; readonly url: string; readonly attempt: OpenIdAttempt }
    | OpenIdRefusal
  >;
  /** Who came back, with the query (`?code=…&state=…`) that the browser brought. */
  finish(query: string, attempt: OpenIdAttempt): Promise<OpenIdIdentity | OpenIdRefusal>;
  /** Where people end their session at the provider; null where it offers no such page. */
  signOutUrl(): Promise<string | null>;
}

export const openIdCallbackPath = '/sign-in/oidc/callback';
const scope = 'openid email profile';
const answerWithinSeconds = 10;
/** Providers change endpoints seldom and keys often; keys are looked up by the library when one is unknown. */
const discoveredForMs = 3_600_000;

/** Clock and way out are handed in; the provider is asked when first needed, so that Tagwarden starts without it. */
export function createOpenId(
  settings: OpenIdSettings,
  dependencies: {
    /** Base address of the console, without a slash at the end. */
    readonly publicUrl: string;
    readonly fetch: client.CustomFetch;
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): OpenId {
  const { publicUrl, now } = dependencies;
  const callbackUrl = publicUrl + openIdCallbackPath;
  let discovered: { readonly configuration: client.Configuration; readonly atMs: number } | null =
    null;

  async function configurationNow(): Promise<client.Configuration> {
    if (discovered !== null && now() - discovered.atMs < discoveredForMs) {
      return discovered.configuration;
    }
    const configuration = await discover(settings, dependencies.fetch);
    discovered = { configuration, atMs: now() };
    return configuration;
  }

  return {
    name: settings.name,
    begin: () =>
      orRefusal(async () => {
        const configuration = await configurationNow();
        const attempt = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          codeVerifier: client.randomPKCECodeVerifier(),
        };
        const url = client.buildAuthorizationUrl(configuration, {
          redirect_uri: callbackUrl,
          scope,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
          code_challenge_method: 'S256',
        });
        return { kind: 'begun' as const, url: url.href, attempt };
      }),
    finish: async (query, attempt) => {
      const answer = new URL(callbackUrl);
      answer.search = query;
      if (answer.searchParams.get('state') !== attempt.state) {
        return { kind: 'refused', fault: 'forged', code: 'state' };
      }
      return orRefusal(async () => {
        const configuration = await configurationNow();
        const tokens = await client.authorizationCodeGrant(configuration, answer, {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('An id_token was asked for.');
        const { sub: subject, email, email_verified } = claims;
        return {
          kind: 'identified' as const,
          subject,
          readVerifiedEmail: async () =>
            verifiedEmailOf({ email, email_verified }) ??
            verifiedEmailOf(
              await userInfo(configuration, { accessToken: tokens.access_token, subject }),
            ),
        };
      });
    },
    signOutUrl: async () => {
      const configuration = await configurationNow().catch(() => null);
      if (configuration?.serverMetadata().end_session_endpoint === undefined) return null;
      const after = { post_logout_redirect_uri: `${publicUrl}/sign-in` };
      return client.buildEndSessionUrl(configuration, after).href;
    },
  };
}

async function discover(
  settings: OpenIdSettings,
  fetch: client.CustomFetch,
): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = settings;
  const found = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    [client.customFetch]: fetch,
    timeout: answerWithinSeconds,
    // Only loopback may be without TLS; the environment is checked for it.
    ...(issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}),
  });
  const server = found.serverMetadata();
  const configuration = new client.Configuration(
    server,
    clientId,
    undefined,
    authenticationBy(clientSecret, server.token_endpoint_auth_methods_supported),
  );
  configuration[client.customFetch] = fetch;
  configuration.timeout = answerWithinSeconds;
  if (issuer.startsWith('http:')) client.allowInsecureRequests(configuration);
  client.enableNonRepudiationChecks(configuration);
  return configuration;
}

/** Basic is what a provider supports that lists nothing (OpenID Connect Discovery 1.0, section 3). */
function authenticationBy(secret: string | null, methods: readonly string[] | undefined) {
  if (secret === null) return client.None();
  return methods === undefined || methods.includes('client_secret_basic')
    ? client.ClientSecretBasic(secret)
    : client.ClientSecretPost(secret);
}

async function userInfo(
  configuration: client.Configuration,
  who: { readonly accessToken: string; readonly subject: string },
): Promise<client.UserInfoResponse | null> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return null;
  return client.fetchUserInfo(configuration, who.accessToken, who.subject).catch(() => null);
}

/** Some providers send `email_verified` as text. */
function verifiedEmailOf(
  claims: { readonly email?: unknown; readonly email_verified?: unknown } | null,
): string | null {
  const isVerified = claims?.email_verified === true || claims?.email_verified === 'true';
  return isVerified && typeof claims.email === 'string' ? claims.email : null;
}

async function orRefusal<T>(work: () => Promise<T>): Promise<T | OpenIdRefusal> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'refused', ...describeFault(error) };
  }
}

function describeFault(error: unknown): Pick<OpenIdRefusal, 'fault' | 'code'> {
  if (error instanceof client.AuthorizationResponseError) {
    return { fault: faultsOfAnswers[error.error] ?? 'misconfigured', code: safeCode(error.error) };
  }
  if (error instanceof client.ResponseBodyError) {
    const isOver = error.error === 'invalid_grant';
    return { fault: isOver ? 'expired' : 'misconfigured', code: safeCode(error.error) };
  }
  const code = codeOf(error);
  return { fault: faultsByCode[code] ?? 'unreachable', code };
}

/** RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6. */
const faultsOfAnswers: Readonly<Record<string, OpenIdFault>> = {
  access_denied: 'cancelled',
  login_required: 'cancelled',
  consent_required: 'cancelled',
  interaction_required: 'cancelled',
  account_selection_required: 'cancelled',
  server_error: 'unreachable',
  temporarily_unavailable: 'unreachable',
};

/** https://github.com/panva/oauth4webapi: what is wrong with an answer has these codes; the rest is no answer at all. */
const faultsByCode: Readonly<Record<string, OpenIdFault>> = {
  OAUTH_INVALID_RESPONSE: 'rejected',
  OAUTH_PARSE_ERROR: 'rejected',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'rejected',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'rejected',
  OAUTH_KEY_SELECTION_FAILED: 'rejected',
  OAUTH_UNSUPPORTED_OPERATION: 'rejected',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'misconfigured',
  OAUTH_INVALID_SERVER_METADATA: 'misconfigured',
  OAUTH_MISSING_SERVER_METADATA: 'misconfigured',
  OAUTH_WWW_AUTHENTICATE_CHALLENGE: 'misconfigured',
};

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return safeCode(code ?? cause?.code);
}

/** Providers may put anything into an error's name. */
function safeCode(code: unknown): string {
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'error';
}
