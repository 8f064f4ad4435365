import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passDoor } from '../../../bot/slack/door.ts';
import { bodyBytesMax } from '../../../bot/slack/limits.ts';

const secret = 'door-secret';
const nowMs = Date.UTC(2026, 10, 22, 1, 30);
const nowSeconds = nowMs / 1000;

interface Knock {
  readonly body?: string;
  readonly timestamp?: string;
  readonly signedTimestamp?: string;
  readonly secret?: string;
  readonly signature?: string;
  readonly contentType?: string;
}

function knock(given: Knock = {}) {
  const body = given.body ?? '{"type":"event_callback"}';
  const timestamp = given.timestamp ?? String(nowSeconds);
  const signed = `v0:${given.signedTimestamp ?? timestamp}:${body}`;
  const signature =
    given.signature ??
    `v0=${createHmac('sha256', given.secret ?? secret)
      .update(signed)
      .digest('hex')}`;
  const request = new Request('http://localhost/slack/events', {
    method: 'POST',
    headers: {
      'content-type': given.contentType ?? 'application/json; charset=utf-8',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
    body,
  });
  return passDoor(request, secret, nowMs);
}

describe('the door to Slack', () => {
  it('lets in what Slack signed, as JSON, as an interaction and as a command', async () => {
    expect(await knock()).toMatchObject({ kind: 'passed', payload: { type: 'event_callback' } });
    const contentType = 'application/x-www-form-urlencoded';
    const interaction = `payload=${encodeURIComponent('{"type":"block_actions"}')}`;
    expect(await knock({ body: interaction, contentType })).toMatchObject({
      kind: 'passed',
      payload: { type: 'block_actions' },
    });
    const command = 'command=%2Ftagwarden&text=%E6%A3%80%E6%9F%A5';
    expect(await knock({ body: command, contentType })).toMatchObject({
      kind: 'passed',
      payload: { command: '/tagwarden', text: '检查' },
    });
  });

  it.each([
    ['another secret', { secret: 'other' }, 401],
    ['a timestamp that was not signed', { signedTimestamp: String(nowSeconds - 1) }, 401],
    ['a signature of another version', { signature: `v1=${'0'.repeat(64)}` }, 401],
    ['a short signature', { signature: 'v0=00' }, 401],
    ['a signature in other letters', { signature: `v0=${'Z'.repeat(64)}` }, 401],
    ['301 seconds ago', { timestamp: String(nowSeconds - 301) }, 401],
    ['301 seconds ahead', { timestamp: String(nowSeconds + 301) }, 401],
    ['one hour ahead', { timestamp: String(nowSeconds + 3600) }, 401],
    ['milliseconds', { timestamp: String(nowMs) }, 401],
    ['Infinity', { timestamp: 'Infinity' }, 401],
    ['a fraction', { timestamp: `${nowSeconds}.5` }, 401],
    ['an exponent', { timestamp: '1e9' }, 401],
    ['a hexadecimal', { timestamp: '0x69211f28' }, 401],
    ['a negative', { timestamp: `-${nowSeconds}` }, 401],
    ['null', { body: 'null' }, 400],
    ['an array', { body: '[{"type":"event_callback"}]' }, 400],
    ['a huge number', { body: '1e999' }, 400],
    ['a string', { body: '"event"' }, 400],
    ['nothing', { body: '' }, 400],
    ['half a document', { body: '{"type":' }, 400],
    ['endless nesting', { body: '['.repeat(200_000) }, 400],
    [
      'a null interaction',
      { body: 'payload=null', contentType: 'application/x-www-form-urlencoded' },
      400,
    ],
    ['another content type', { contentType: 'text/plain' }, 415],
    ['no content type', { contentType: '' }, 415],
    ['too large a body', { body: `{"a":"${'a'.repeat(bodyBytesMax)}"}` }, 413],
  ] satisfies readonly (readonly [string, Knock, number])[])(
    'refuses %s',
    async (_name, given, status) => {
      const decision = await knock(given);
      expect(decision).toMatchObject({ kind: 'refused', status });
      expect(JSON.stringify(decision)).not.toContain(secret);
    },
  );

  it('accepts clocks that differ by five minutes', async () => {
    for (const offset of [-300, 300]) {
      const decision = await knock({ timestamp: String(nowSeconds + offset) });
      expect(decision.kind).toBe('passed');
    }
  });

  it('refuses a request without a signature', async () => {
    const request = new Request('http://localhost/slack/events', { method: 'POST', body: '{}' });
    expect(await passDoor(request, secret, nowMs)).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('refuses a compressed body, however well it is signed', async () => {
    const body = gzipSync('{"type":"event_callback"}');
    const timestamp = String(nowSeconds);
    const hash = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
    const request = new Request('http://localhost/slack/events', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${hash}`,
      },
      body,
    });
    expect(await passDoor(request, secret, nowMs)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('never reads on beyond the limit, even without a length', async () => {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const request = new Request('http://localhost/slack/events', {
      method: 'POST',
      body: endless,
      duplex: 'half',
    });
    expect(await passDoor(request, secret, nowMs)).toMatchObject({ kind: 'refused', status: 413 });
    expect(chunks).toBeLessThan(40);
  });

  it('never throws, and lets nothing in that Slack did not sign', async () => {
    const header = fc
      .string({ unit: 'binary-ascii' })
      .map((text) => text.replaceAll(/[^ -~]/g, ''));
    const wellFormed = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => `v0=${Buffer.from(bytes).toString('hex')}`);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.option(header, { nil: undefined }),
        fc.option(fc.oneof(header, wellFormed), { nil: undefined }),
        fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/html'),
        async (body, timestamp, signature, contentType) => {
          const isOurs = timestamp === undefined && signature === undefined;
          const decision = await knock({
            body,
            contentType,
            ...(timestamp === undefined ? {} : { timestamp }),
            ...(signature === undefined ? {} : { signature }),
          });
          if (!isOurs && signature !== undefined) expect(decision.kind).toBe('refused');
          if (decision.kind === 'passed') {
            expect(Array.isArray(decision.payload)).toBe(false);
            expect(typeof decision.payload).toBe('object');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
