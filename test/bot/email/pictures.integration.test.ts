import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestCard } from '../../../bot/cards/digest.ts';
import { createEmailChannel } from '../../../bot/email/channel.ts';
import { startMailServer } from '../../support/mail-server.ts';
import {
  buildDigestView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const user = 'tagwarden@example.com';
const password = 'pictures';
const recipient = samplePerson('zhao-min');

let server: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  server = await startMailServer({ user, password, addresses: [String(recipient.email)] });
});
afterAll(() => server.close());

test('an email brings its pictures with it, each where it belongs, with what it shows in words', async () => {
  const channel = createEmailChannel({ smtpUrl: server.url, from: user });
  const card = digestCard(buildDigestView(), recipient, {
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  });
  await channel.post({ deliveryId: 'digest-3', recipient, card });
  const { html = '', text = '', attachments } = server.seen[0]?.mail ?? { attachments: [] };
  const shown = [...html.matchAll(/<img src="cid:(?<id>[^"]+)" alt="(?<alt>[^"]+)"/g)];
  expect(shown).toHaveLength(3);
  expect(attachments.map(({ contentId }) => contentId)).toEqual(
    shown.map(({ groups }) => `<${groups?.['id']}>`),
  );
  for (const { content, disposition } of attachments) {
    expect(disposition).toBe('inline');
    const start = new Uint8Array(content as ArrayBuffer).subarray(1, 4);
    expect(Buffer.from(start).toString()).toBe('PNG');
  }
  for (const { groups } of shown) expect(text).toContain(groups?.['alt']);
});
