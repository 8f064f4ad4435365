import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface MailSeen {
  /** Addresses of the envelope: who really gets it. */
  readonly recipients: readonly string[];
  readonly sender: string;
  readonly mail: Email;
}

/** A reply to RCPT TO, to DATA or to signing in; silence after the message was taken. */
export type MailFailure =
  | { readonly at: 'recipient' | 'message'; readonly code: number; readonly text: string }
  | { readonly at: 'sign-in'; readonly code: number; readonly text: string }
  | { readonly at: 'silence' };

export interface MailServerOptions {
  readonly user: string;
  readonly password: string;
  /** Mailboxes it has. */
  readonly addresses: readonly string[];
}

/** A loopback mail server: signs in, refuses unknown mailboxes, keeps what it takes, and fails when told to. */
export async function startMailServer(options: MailServerOptions) {
  const seen: MailSeen[] = [];
  const failures: MailFailure[] = [];
  const sockets = new Set<Socket>();

  const take = (at: MailFailure['at']): MailFailure | null => {
    if (failures[0]?.at !== at) return null;
    return failures.shift() ?? null;
  };

  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, answer) => {
      const failure = take('sign-in');
      if (failure !== null) answer(refusal(failure));
      else if (username === options.user && password === options.password) {
        answer(null, { user: username });
      } else answer(reply(535, '5.7.8 Authentication credentials invalid'));
    },
    onRcptTo: ({ address }, _session, answer) => {
      const failure = take('recipient');
      if (failure !== null) answer(refusal(failure));
      else if (options.addresses.includes(address)) answer();
      else answer(reply(550, `5.1.1 <${address}>: Recipient address rejected: User unknown`));
    },
    onData: (stream, session, answer) => {
      void receive(stream, session).then(answer);
    },
  });

  async function receive(
    stream: NodeJS.ReadableStream,
    { envelope }: SMTPServerSession,
  ): Promise<Error | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    const failure = take('message');
    if (failure !== null) return refusal(failure);
    seen.push({
      recipients: envelope.rcptTo.map(({ address }) => address),
      sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      mail: await PostalMime.parse(Buffer.concat(chunks)),
    });
    // Where it keeps silent, nobody ever answers.
    return take('silence') === null ? null : new Promise(() => {});
  }

  server.on('error', () => {});
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const account = `${encodeURIComponent(options.user)}:${encodeURIComponent(options.password)}`;

  return {
    url: `smtp://${account}@127.0.0.1:${port}`,
    seen: seen as readonly MailSeen[],
    failNext: (failure: MailFailure): void => {
      failures.push(failure);
    },
    close: async (): Promise<void> => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function refusal(failure: MailFailure): Error {
  return failure.at === 'silence'
    ? new Error('Nothing is said.')
    : reply(failure.code, failure.text);
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
