import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passDoor, type FeishuKeys } from '../../../bot/feishu/door.ts';
import { bodyBytesMax } from '../../../bot/feishu/limits.ts';

const encryptKey = 'door-encrypt-key';
const verificationToken = 'door-verification-token';
const both: FeishuKeys = { encryptKey, verificationToken };
const tokenOnly: FeishuKeys = { encryptKey: null, verificationToken };
const keyOnly: FeishuKeys = { encryptKey, verificationToken: null };
const nowMs = Date.UTC(2026, 10, 22, 1, 30);
const nowSeconds = nowMs / 1000;

const event = {
  schema: '2.0',
  header: { event_id: 'ev1', event_type: 'im.message.receive_v1', token: verificationToken },
  event: {},
};
const challenge = { type: 'url_verification', challenge: 'abc', token: verificationToken };
const oldCard = {
  open_id: 'ou_lilei',
  open_message_id: 'om_1',
  token: 'c-1',
  action: { tag: 'button', value: {} },
};

function encrypted(text: string, key = encryptKey): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  const bytes = Buffer.concat([iv, cipher.update(text), cipher.final()]);
  return JSON.stringify({ encrypt: bytes.toString('base64') });
}

interface Knock {
  readonly keys?: FeishuKeys;
  readonly body?: string;
  readonly timestamp?: string;
  readonly signedTimestamp?: string;
  readonly secret?: string;
  readonly algorithm?: 'sha256' | 'sha1';
  readonly signature?: string;
  readonly unsigned?: boolean;
}

function knock(given: Knock = {}) {
  const body = given.body ?? encrypted(JSON.stringify(event));
  const timestamp = given.timestamp ?? String(nowSeconds);
  const nonce = 'nonce';
  const signature =
    given.signature ??
    createHash(given.algorithm ?? 'sha256')
      .update((given.signedTimestamp ?? timestamp) + nonce + (given.secret ?? encryptKey) + body)
      .digest('hex');
  const request = new Request('http://localhost/feishu/events', {
    method: 'POST',
    headers: given.unsigned
      ? {}
      : {
          'x-lark-request-timestamp': timestamp,
          'x-lark-request-nonce': nonce,
          'x-lark-signature': signature,
        },
    body,
  });
  return passDoor(request, given.keys ?? both, nowMs);
}

describe('the door to Feishu', () => {
  it('lets in what Feishu signed and encrypted', async () => {
    expect(await knock()).toMatchObject({ kind: 'passed', payload: event });
    expect(await knock({ keys: keyOnly })).toMatchObject({ kind: 'passed', payload: event });
  });

  it('goes by the token where there is no encrypt key', async () => {
    const body = JSON.stringify(event);
    expect(await knock({ keys: tokenOnly, body, unsigned: true })).toMatchObject({
      kind: 'passed',
      payload: event,
    });
    const first = JSON.stringify({ uuid: 'u1', token: verificationToken, event: { type: 'x' } });
    const decision = await knock({ keys: tokenOnly, body: first, unsigned: true });
    expect(decision.kind).toBe('passed');
  });

  it('lets in an old card by the token’s signature, although it is not encrypted', async () => {
    const given = {
      body: JSON.stringify(oldCard),
      secret: verificationToken,
      algorithm: 'sha1',
    } as const;
    expect(await knock(given)).toMatchObject({ kind: 'passed', payload: oldCard });
    expect(await knock({ ...given, secret: 'other' })).toMatchObject({ status: 401 });
    expect(await knock({ ...given, keys: keyOnly })).toMatchObject({ status: 401 });
    expect(await knock({ ...given, unsigned: true })).toMatchObject({ status: 401 });
    const late = { timestamp: String(nowSeconds - 301) };
    expect(await knock({ ...given, ...late })).toMatchObject({ status: 401 });
  });

  it('answers the check of the address, encrypted or not', async () => {
    const answer = { kind: 'challenge', challenge: 'abc' };
    const body = encrypted(JSON.stringify(challenge));
    expect(await knock({ body })).toEqual(answer);
    expect(await knock({ body, unsigned: true })).toEqual(answer);
    const plain = JSON.stringify(challenge);
    expect(await knock({ body: plain, keys: tokenOnly, unsigned: true })).toEqual(answer);
    const forged = JSON.stringify({ ...challenge, token: 'other' });
    expect(await knock({ body: forged, keys: tokenOnly, unsigned: true })).toMatchObject({
      status: 401,
    });
    expect(await knock({ body: encrypted(forged), unsigned: true })).toMatchObject({ status: 401 });
    expect(await knock({ body: plain })).toMatchObject({ status: 401 });
  });

  it.each([
    [
      'everything where nothing is set',
      { keys: { encryptKey: null, verificationToken: null } },
      401,
    ],
    ['another key’s signature', { secret: 'other' }, 401],
    ['another key’s encryption', { body: encrypted(JSON.stringify(event), 'other') }, 400],
    ['a timestamp that was not signed', { signedTimestamp: String(nowSeconds - 1) }, 401],
    ['no signature', { unsigned: true }, 401],
    ['a short signature', { signature: '00' }, 401],
    ['a signature in other letters', { signature: 'Z'.repeat(64) }, 401],
    ['a signature of the other kind', { algorithm: 'sha1' }, 401],
    ['301 seconds ago', { timestamp: String(nowSeconds - 301) }, 401],
    ['301 seconds ahead', { timestamp: String(nowSeconds + 301) }, 401],
    ['one hour ahead', { timestamp: String(nowSeconds + 3600) }, 401],
    ['milliseconds', { timestamp: String(nowMs) }, 401],
    ['Infinity', { timestamp: 'Infinity' }, 401],
    ['a fraction', { timestamp: `${nowSeconds}.5` }, 401],
    ['plain events though a key is set', { body: JSON.stringify(event) }, 401],
    [
      'a wrong token',
      { body: encrypted(JSON.stringify({ ...event, header: { token: 'other' } })) },
      401,
    ],
    ['no token', { body: encrypted('{"schema":"2.0"}') }, 401],
    ['a token that is no text', { body: encrypted('{"token":{}}') }, 401],
    [
      'a wrong token without a key',
      { keys: tokenOnly, body: '{"header":{"token":"other"}}', unsigned: true },
      401,
    ],
    ['an encrypted event without a key', { keys: tokenOnly }, 401],
    ['null', { body: 'null' }, 400],
    ['an encrypted null', { body: encrypted('null') }, 400],
    ['an array', { body: '[{"schema":"2.0"}]' }, 400],
    ['an encrypted array', { body: encrypted('[]') }, 400],
    ['a string', { body: '"event"' }, 400],
    ['nothing', { body: '' }, 400],
    ['half a document', { body: '{"encrypt":' }, 400],
    ['endless nesting', { body: '['.repeat(200_000) }, 400],
    ['too short an encryption', { body: '{"encrypt":"AAAA"}' }, 400],
    ['an encryption that is no text', { body: '{"encrypt":{}}' }, 401],
    ['too large a body', { body: `{"a":"${'a'.repeat(bodyBytesMax)}"}` }, 413],
  ] satisfies readonly (readonly [string, Knock, number])[])(
    'refuses %s',
    async (_name, given, status) => {
      const decision = await knock(given);
      expect(decision).toMatchObject({ kind: 'refused', status });
      for (const secret of [encryptKey, verificationToken]) {
        expect(JSON.stringify(decision)).not.toContain(secret);
      }
    },
  );

  it('accepts clocks that differ by five minutes', async () => {
    for (const offset of [-300, 300]) {
      expect((await knock({ timestamp: String(nowSeconds + offset) })).kind).toBe('passed');
    }
  });

  it('refuses a compressed body', async () => {
    const body = gzipSync(JSON.stringify({ encrypt: 'x' }));
    const request = new Request('http://localhost/feishu/events', {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body,
    });
    expect(await passDoor(request, both, nowMs)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('never reads on beyond the limit, even without a length', async () => {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const request = new Request('http://localhost/feishu/events', {
      method: 'POST',
      body: endless,
      duplex: 'half',
    });
    expect(await passDoor(request, both, nowMs)).toMatchObject({ kind: 'refused', status: 413 });
    expect(chunks).toBeLessThan(40);
  });

  it('never throws, and lets nothing in that Feishu did not sign', async () => {
    const header = fc
      .string({ unit: 'binary-ascii' })
      .map((text) => text.replaceAll(/[^ -~]/g, ''));
    const wellFormed = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex'));
    const bodies = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.json(),
      fc.json().map((text) => encrypted(text)),
      fc.base64String().map((text) => JSON.stringify({ encrypt: text })),
      fc.constant(JSON.stringify(oldCard)),
    );
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom(both, keyOnly, tokenOnly),
        fc.option(header, { nil: undefined }),
        fc.oneof(header, wellFormed),
        async (body, keys, timestamp, signature) => {
          const decision = await knock({
            body,
            keys,
            signature,
            ...(timestamp === undefined ? {} : { timestamp }),
          });
          expect(decision.kind).toBe('refused');
        },
      ),
      { numRuns: 300 },
    );
  });
});
