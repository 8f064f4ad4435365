import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lookAtOpenIdProvider } from '../../app/cli/open-id-look.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { people } from '../../db/schema/people.ts';
import { createOpenId, openIdCallbackPath } from '../../web/open-id.ts';
import { buildPerson } from '../support/builders.ts';
import {
  consoleNowMs,
  consoleUrl,
  createTestConsole,
  PlainBrowser,
  type TestConsole,
} from '../support/console.ts';
import { seedConsole } from '../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';

let testDatabase: TestDatabase;
let provider: OpenIdProvider;
let web: TestConsole;
let nowMs = consoleNowMs;

const liLei = { subject: 'sub-li-lei', email: 'li.lei@corp.example', emailVerified: true };

function consoleAt(settings: { clientSecret?: string; issuer?: string } = {}): TestConsole {
  const now = () => nowMs;
  const openId = createOpenId(
    { ...provider, name: '云桥统一认证', ...settings },
    { publicUrl: consoleUrl, fetch: provider.fetch, now },
  );
  return createTestConsole(testDatabase.database, { embedded: false, openId, now });
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await seedConsole(testDatabase.database, consoleNowMs);
  await testDatabase.database.query.insert(people).values([
    buildPerson({ code: 'known', departmentCode: 'data', email: null, oidcSubject: 'sub-known' }),
    buildPerson({
      code: 'gone',
      departmentCode: 'data',
      email: null,
      oidcSubject: 'sub-gone',
      status: 'left',
    }),
    buildPerson({ code: 'unlinked', departmentCode: 'data', email: liLei.email }),
  ]);
  provider = await startOpenIdProvider(consoleUrl + openIdCallbackPath);
  web = consoleAt();
});
afterAll(async () => {
  await provider.close();
  await testDatabase.drop();
});
beforeEach(() => {
  nowMs += 60_000;
  provider.tamper = null;
  provider.isDown = false;
  provider.person = { subject: 'sub-known', email: 'known@corp.example', emailVerified: true };
});

/** Begins a sign-in and comes back from the provider with its answer. */
async function goThere(browser: PlainBrowser, next = '/tags'): Promise<URL> {
  const begun = await browser.get(`/sign-in/oidc?next=${encodeURIComponent(next)}`);
  expect(begun.status).toBe(302);
  return provider.visit(begun.headers.get('location') ?? '');
}

async function comeBack(browser: PlainBrowser, answer: URL): Promise<Response> {
  return browser.get(answer.pathname + answer.search);
}

async function lastAudit() {
  const [row] = await testDatabase.database.sql<
    { action: string; actorCode: string | null; after: { reason?: string; how?: string } }[]
  >`select action, actor_code as "actorCode", after from audit_row order by id desc limit 1`;
  return row;
}

describe('somebody who is linked', () => {
  test('signs in at the provider, is back where they wanted to go, and it stands in the trail', async () => {
    const browser = new PlainBrowser(web.app);
    const asked = await browser.get('/tags?q=vip');
    expect(asked.headers.get('location')).toBe('/sign-in?next=%2Ftags%3Fq%3Dvip');
    const page = await (await browser.get('/sign-in?next=%2Ftags%3Fq%3Dvip')).text();
    expect(page).toContain('云桥统一认证');
    expect(page).toContain('href="/sign-in/oidc?next=%2Ftags%3Fq%3Dvip"');

    const back = await comeBack(browser, await goThere(browser, '/tags?q=vip'));
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toBe('/tags?q=vip');
    expect((await browser.get('/tags?q=vip')).status).toBe(200);
    expect(await lastAudit()).toMatchObject({
      action: 'person.signed-in',
      actorCode: 'known',
      after: { how: 'oidc' },
    });
  });

  test('is never led to another site afterwards', async () => {
    const browser = new PlainBrowser(web.app);
    const back = await comeBack(browser, await goThere(browser, '//evil.example'));
    expect(back.headers.get('location')).toBe('/inbox');
  });

  test('signs out here, and may do so at the provider', async () => {
    const browser = new PlainBrowser(web.app);
    await comeBack(browser, await goThere(browser));
    await browser.get('/tags');
    const out = await browser.post('/sign-out', {});
    expect(out.headers.get('location')).toBe('/sign-in?after=sign-out');
    expect((await browser.get('/tags')).status).toBe(303);
    expect(await (await browser.get('/sign-in?after=sign-out')).text()).toContain(
      'href="/sign-in/oidc/sign-out"',
    );
    const there = await browser.get('/sign-in/oidc/sign-out');
    const target = new URL(there.headers.get('location') ?? '');
    expect(target.origin).toBe(provider.issuer);
    expect(target.searchParams.get('post_logout_redirect_uri')).toBe(`${consoleUrl}/sign-in`);
  });
});

describe('an answer that is not right signs nobody in', () => {
  const soon = () => Math.floor(Date.now() / 1000);
  test.each([
    ['a wrong nonce', () => ({ nonce: 'another' }), 'rejected'],
    ['a wrong issuer', () => ({ iss: 'https://evil.example' }), 'rejected'],
    ['another audience', () => ({ aud: 'another-client' }), 'rejected'],
    ['a token that has run out', () => ({ iat: soon() - 7200, exp: soon() - 3600 }), 'rejected'],
  ])('%s', async (_what, changed, fault) => {
    const browser = new PlainBrowser(web.app);
    provider.tamper = (claims) => ({ ...claims, ...changed() });
    const back = await comeBack(browser, await goThere(browser));
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('could not be verified');
    expect((await browser.get('/tags')).status).toBe(303);
    const refused = await lastAudit();
    expect(refused).toMatchObject({ action: 'door.refused', actorCode: null });
    expect(refused?.after.reason).toContain(`OpenID Connect: ${fault} (OAUTH_`);
  });

  test('a token that somebody else signed', async () => {
    const browser = new PlainBrowser(web.app);
    const other = await startOpenIdProvider(consoleUrl + openIdCallbackPath);
    const elsewhere = createTestConsole(testDatabase.database, {
      embedded: false,
      openId: createOpenId(
        { ...provider, name: 'x' },
        {
          publicUrl: consoleUrl,
          now: () => nowMs,
          fetch: (url, init) =>
            provider.fetch(url.replace(`${provider.issuer}/jwks`, `${other.issuer}/jwks`), init),
        },
      ),
    });
    const stranger = new PlainBrowser(elsewhere.app);
    const back = await comeBack(stranger, await goThere(stranger));
    await other.close();
    expect(back.status).toBe(403);
    expect((await browser.get('/tags')).status).toBe(303);
  });

  test('a state of another sign-in, and an answer in a browser that began none', async () => {
    const browser = new PlainBrowser(web.app);
    const answer = await goThere(browser);
    const stranger = await comeBack(new PlainBrowser(web.app), answer);
    expect(stranger.status).toBe(403);
    expect(await stranger.text()).toContain('This sign-in cannot go on');

    const forged = new URL(answer);
    forged.searchParams.set('state', 'forged');
    const back = await comeBack(browser, forged);
    expect(back.status).toBe(403);
    expect((await lastAudit())?.after.reason).toBe('OpenID Connect: forged (state)');
    // The attempt is used up by it.
    expect((await comeBack(browser, answer)).status).toBe(403);
  });

  test('an answer that comes too late, twice, or with a code of somebody else', async () => {
    const late = new PlainBrowser(web.app);
    const answer = await goThere(late);
    nowMs += 11 * 60_000;
    const back = await comeBack(late, answer);
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('took too long');

    const [mine, theirs] = [new PlainBrowser(web.app), new PlainBrowser(web.app)];
    const [myAnswer, theirAnswer] = [await goThere(mine), await goThere(theirs)];
    myAnswer.searchParams.set('code', theirAnswer.searchParams.get('code') ?? '');
    expect((await comeBack(mine, myAnswer)).status).toBe(403);
    expect((await lastAudit())?.after.reason).toContain('expired (invalid_grant)');
  });

  test('whoever cancels there hears so', async () => {
    const browser = new PlainBrowser(web.app);
    provider.person = null;
    const back = await comeBack(browser, await goThere(browser));
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('did not sign you in');
  });

  test('a wrong secret and a provider that is down are said in words, without the secret', async () => {
    const misconfigured = consoleAt({ clientSecret: 'hunter2-hunter2' });
    const browser = new PlainBrowser(misconfigured.app);
    const back = await comeBack(browser, await goThere(browser));
    expect(await back.text()).toContain('not set up correctly');

    const cold = consoleAt();
    provider.isDown = true;
    const there = await new PlainBrowser(cold.app).get('/sign-in/oidc', {
      'accept-language': 'zh',
    });
    expect(there.status).toBe(502);
    expect(await there.text()).toContain('云桥统一认证 没有响应');
    expect(JSON.stringify([misconfigured.errors, cold.errors])).not.toContain('hunter2');
    expect(misconfigured.errors).toEqual([
      { fault: 'misconfigured', code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' },
    ]);
  });
});

test('doctor says what to register at the provider, or what is wrong', async () => {
  const look = (issuer: string) =>
    lookAtOpenIdProvider(
      { issuer, clientId: 'tagwarden', clientSecret: null, name: '云桥统一认证' },
      { publicUrl: 'https://tags.example.com', wayOut: directWayOut },
    );
  expect(await look(provider.issuer)).toBe(
    '云桥统一认证 answers; https://tags.example.com/sign-in/oidc/callback has to be registered there for tagwarden.',
  );
  await expect(look(provider.issuer.replace('127.0.0.1', 'localhost'))).rejects.toThrow(
    'is not the issuer that answers there (OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED): copy OIDC_ISSUER',
  );
  await expect(look(`${provider.issuer}/nothing`)).rejects.toThrow('does not answer with its');
});

describe('somebody whom nobody is linked to', () => {
  test('is proposed by a confirmed email, and signs in once a data admin has said that it is them', async () => {
    provider.person = liLei;
    const browser = new PlainBrowser(web.app);
    const back = await comeBack(browser, await goThere(browser));
    expect(back.status).toBe(403);
    const page = await back.text();
    expect(page).toContain('linked to nobody here');
    expect(page).toContain('sub-li-lei');

    const admin = new PlainBrowser(createTestConsole(testDatabase.database).app);
    await admin.signInAs('hu-bin');
    expect(await (await admin.get('/people')).text()).toContain('sub-li-lei');
    await admin.post('/links', { channel: 'oidc', account: 'sub-li-lei', decision: 'confirm' });
    const again = await comeBack(browser, await goThere(browser));
    expect(again.status).toBe(303);
    expect(await lastAudit()).toMatchObject({ actorCode: 'unlinked', after: { how: 'oidc' } });
  });

  test('is not found by an email that the provider does not confirm', async () => {
    provider.person = { ...liLei, subject: 'sub-impostor', emailVerified: false };
    const browser = new PlainBrowser(web.app);
    const back = await comeBack(browser, await goThere(browser));
    expect(await back.text()).toContain('does not confirm its email');
    const [proposal] = await testDatabase.database.sql`
      select 1 from link_proposal where platform_user_id = 'sub-impostor'`;
    expect(proposal).toBeUndefined();
  });

  test('and whoever has left does not come in', async () => {
    provider.person = { subject: 'sub-gone', email: 'gone@corp.example', emailVerified: true };
    const browser = new PlainBrowser(web.app);
    const back = await comeBack(browser, await goThere(browser));
    expect(back.status).toBe(403);
    expect(await lastAudit()).toMatchObject({
      action: 'person.turned-away',
      after: { reason: 'OpenID Connect: somebody who has left' },
    });
  });
});
