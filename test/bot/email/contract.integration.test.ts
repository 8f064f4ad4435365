import { expect, test } from 'vitest';
import { createEmailClient } from '../../../bot/email/client.ts';
import { createEmailChannel } from '../../../bot/email/channel.ts';
import { describeChannelContract, type PlatformFailure } from '../../support/channel-contract.ts';
import { startMailServer, type MailFailure } from '../../support/mail-server.ts';
import { readHtml } from '../../support/read-html.ts';

const user = 'tagwarden@example.com';
const password = 'contract: p@ss/word';

describeChannelContract(
  'email',
  { server: true, inbound: false, people: true, cards: true, unreachable: true, retryAfter: false },
  async (_dependencies, { recipient, other }) => {
    const addresses = [recipient, other].flatMap(({ email }) => email ?? []);
    const server = await startMailServer({ user, password, addresses });
    return {
      channel: createEmailChannel({
        smtpUrl: server.url,
        from: `Tagwarden <${user}>`,
        timeoutMs: 1_500,
      }),
      secrets: [password, encodeURIComponent(password)],
      messages: async () =>
        server.seen.map(({ mail, recipients }) => ({
          ref: {
            channel: 'email',
            conversation: recipient.code,
            message: mail.messageId ?? '',
          },
          text: readHtml(mail.html ?? ''),
          buttons: [],
          pings: recipients.filter((address) => address !== recipient.email),
        })),
      failNext: (failure) => server.failNext(mailFailure(failure)),
      inbound: null,
      close: () => server.close(),
    };
  },
);

function mailFailure(failure: PlatformFailure): MailFailure {
  switch (failure.kind) {
    case 'rate-limited':
      return { at: 'recipient', code: 421, text: '4.7.0 Too many messages, try again later' };
    case 'server-error':
      return { at: 'message', code: 451, text: '4.3.0 Local error in processing' };
    case 'no-answer':
      return { at: 'silence' };
    case 'bad-token':
      return { at: 'sign-in', code: 535, text: '5.7.8 Authentication credentials invalid' };
    case 'content-refused':
      return { at: 'message', code: 554, text: '5.6.0 Message content rejected' };
  }
}

test.each([
  [
    'over HTTPS',
    'https://tagwarden.example.com/mail/unsubscribe/t',
    { 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' },
  ],
  ['over HTTP', 'http://localhost/mail/unsubscribe/t', {}],
  ['where there is none', null, {}],
])(
  'a link %s is all by which emails end: nothing is asked to be sent to the sender',
  async (_where, unsubscribeUrl, oneClick) => {
    const server = await startMailServer({ user, password, addresses: ['li-lei@example.com'] });
    const client = createEmailClient({ smtpUrl: server.url, from: user });
    const body = {
      subject: 's',
      html: '<p>h</p>',
      text: 't',
      messageId: '<1@example.com>',
      pictures: [],
    };
    const to = { name: '李雷', address: 'li-lei@example.com' };
    await client.send({ to, ...body, unsubscribeUrl });
    const headers = server.seen[0]?.mail.headers ?? [];
    const link = unsubscribeUrl === null ? {} : { 'list-unsubscribe': `<${unsubscribeUrl}>` };
    expect(
      Object.fromEntries(
        headers.flatMap(({ key, value }) => (key.startsWith('list-') ? [[key, value]] : [])),
      ),
    ).toEqual({ ...link, ...oneClick });
    await server.close();
  },
);
