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
