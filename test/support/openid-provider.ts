import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface ProviderAccount {
  readonly subject: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

type Claims = Readonly<Record<string, unknown>>;

/** A real OpenID Connect provider on loopback, at which a test decides who signs in and what tokens say. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Calls of Tagwarden to the provider; id tokens are signed anew with what `tamper` makes of their claims. */
  readonly fetch: (url: string, init: unknown) => Promise<Response>;
  /** Who signs in next; null: they cancel. */
  person: ProviderAccount | null;
  tamper: ((claims: Claims) => Claims) | null;
  isDown: boolean;
  /** Does what a browser does that is sent to `url`, and answers where it is sent back to. */
  visit(url: string): Promise<URL>;
  close(): Promise<void>;
}

const keyId = 'test-key';
const redirectsMax = 10;

export async function startOpenIdProvider(callbackUrl: string): Promise<OpenIdProvider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' };
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'tagwarden';
  const clientSecret = 'a-secret-of-the-client-of-some-length';
  const accounts = new Map<string, ProviderAccount>();

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [callbackUrl],
        post_logout_redirect_uris: [new URL('/sign-in', callbackUrl).href],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['a-key-for-the-cookies-of-the-provider'] },
    // Said, or the provider prints a line about each.
    ttl: { AccessToken: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: [] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: accounts.get(id)?.email,
        email_verified: accounts.get(id)?.emailVerified,
      }),
    }),
    loadExistingGrant: async (context: { oidc: { session: { accountId: string } } }) => {
      const { accountId } = context.oidc.session;
      const grant = new provider.Grant({ accountId, clientId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const answerByProvider = provider.callback();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (state.isDown) {
      response.writeHead(503).end();
      return;
    }
    if (request.url?.startsWith('/interaction/') !== true) {
      await answerByProvider(request, response);
      return;
    }
    const { person } = state;
    if (person !== null) accounts.set(person.subject, person);
    const result =
      person === null ? { error: 'access_denied' } : { login: { accountId: person.subject } };
    const location = await provider.interactionResult(request, response, result);
    response.writeHead(303, { location }).end();
  }

  function signedAnew(token: string): string {
    const [header = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
    const changed = JSON.stringify(state.tamper?.(claims) ?? claims);
    const signed = `${header}.${Buffer.from(changed).toString('base64url')}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
    return `${signed}.${signature}`;
  }

  const state: OpenIdProvider = {
    issuer,
    clientId,
    clientSecret,
    person: null,
    tamper: null,
    isDown: false,
    fetch: async (url, init) => {
      const response = await fetch(url, init as RequestInit);
      if (state.tamper === null || !url.endsWith('/token') || !response.ok) return response;
      const body = (await response.json()) as { id_token: string };
      return Response.json({ ...body, id_token: signedAnew(body.id_token) });
    },
    visit: async (url) => {
      const cookies = new Map<string, string>();
      let next = new URL(url);
      for (let count = 0; count < redirectsMax; count += 1) {
        if (next.href.startsWith(callbackUrl)) return next;
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        const location = response.headers.get('location');
        if (location === null) throw new Error(`${next.pathname} answered ${response.status}.`);
        next = new URL(location, next);
      }
      throw new Error('The provider sends the browser round in circles.');
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return state;
}
