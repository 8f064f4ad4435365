import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import httpProxyClient from 'nodemailer/lib/smtp-connection/http-proxy-client.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import type { WayOut } from '../way-out.ts';
import { ChannelError, type ChannelErrorKind } from '../channel.ts';
import { answerWithinMs, busyForMs, messageWithinMs } from './limits.ts';

export interface EmailClientOptions {
  /** smtp://user:password@host:587 or smtps://user:password@host:465 */
  readonly smtpUrl: string;
  /** Sender, such as "Tagwarden <tagwarden@example.com>". */
  readonly from: string;
  /** How long each answer of the server may take. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** @default directly */
  readonly wayOut?: WayOut | undefined;
}

export interface Mail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Shown within the HTML by their content ids. */
  readonly pictures: readonly { readonly contentId: string; readonly png: Uint8Array }[];
  /** Ends emails at one click (RFC 8058). */
  readonly unsubscribeUrl: string | null;
}

/** Sends emails over SMTP, each over a connection of its own; rejects with a ChannelError and nothing else. */
export function createEmailClient(options: EmailClientOptions) {
  const senderAddress = addressOf(options.from);

  /** One message, tried once: whatever was handed over and not answered may have arrived. */
  async function send(mail: Mail): Promise<void> {
    const raw = await compose(mail);
    await converse(options, async (connection, tell) => {
      tell('handed over');
      const envelope = { from: senderAddress, to: mail.to.address };
      await new Promise<void>((resolve, reject) => {
        connection.send(envelope, raw, (error) => (error === null ? resolve() : reject(error)));
      });
    });
  }

  /** Signs in and out again. */
  async function verify(): Promise<void> {
    await converse(options, async () => {});
  }

  function compose({
    to,
    subject,
    html,
    text,
    messageId,
    pictures,
    unsubscribeUrl,
  }: Mail): Promise<Buffer> {
    return new MailComposer({
      from: options.from,
      to,
      subject,
      html,
      text,
      messageId,
      attachments: pictures.map(({ contentId, png }) => ({
        cid: contentId,
        content: Buffer.from(png),
        contentType: 'image/png',
        contentDisposition: 'inline' as const,
        filename: 'chart.png',
      })),
      disableFileAccess: true,
      disableUrlAccess: true,
      headers: {
        // RFC 2369: by a link alone, since nobody reads what is sent back. RFC 8058 wants HTTPS.
        ...(unsubscribeUrl === null ? {} : { 'List-Unsubscribe': `<${unsubscribeUrl}>` }),
        ...(unsubscribeUrl?.startsWith('https:') === true
          ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
          : {}),
        // RFC 3834: no absence notes come back.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
      },
    })
      .compile()
      .build();
  }

  return { send, verify };
}

/** The address itself of "Name <name@example.com>". */
export function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

type Tell = (what: 'handed over') => void;

async function converse(
  options: EmailClientOptions,
  act: (connection: SMTPConnection, tell: Tell) => Promise<void>,
): Promise<void> {
  const { server, credentials } = readSmtpUrl(options.smtpUrl);
  const timeoutMs = options.timeoutMs ?? answerWithinMs;
  const tunnel = await openTunnel(server, options);
  const connection = new SMTPConnection({
    ...server,
    ...(tunnel === null ? {} : { connection: tunnel }),
    // A password goes over no open line, unless it stays on this machine.
    requireTLS: credentials !== null && !isThisMachine(server.host),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  let isHandedOver = false;
  const failed = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('The connection was closed.')));
  });
  failed.catch(() => {});
  const timer = setTimeout(() => connection.close(), messageWithinMs);
  try {
    await Promise.race([failed, connect(connection, credentials)]);
    const acted = act(connection, () => {
      isHandedOver = true;
    });
    await Promise.race([failed, acted]);
    connection.quit();
  } catch (error) {
    connection.close();
    throw toChannelError(error, isHandedOver);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection to the server through the proxy that ALL_PROXY names; null: directly. */
async function openTunnel(
  { host, port }: { readonly host: string; readonly port: number },
  { wayOut, timeoutMs = answerWithinMs }: EmailClientOptions,
): Promise<Socket | null> {
  const proxy = wayOut?.proxyFor(`smtp://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (proxy === undefined || proxy === null) return null;
  const opened = new Promise<Socket>((resolve, reject) => {
    httpProxyClient(proxy, port, host, (error, socket) => {
      if (socket instanceof Socket) resolve(socket);
      else reject(error ?? new Error('The proxy gave no connection.'));
    });
  });
  const timer = new AbortController();
  const tooLate = sleep(timeoutMs, null, { signal: timer.signal, ref: false }).catch(() => null);
  try {
    const socket = await Promise.race([opened, tooLate]);
    if (socket !== null) return socket;
    // Whatever comes of it now is not needed.
    opened.then((late) => late.destroy()).catch(() => {});
    throw new Error('The proxy did not answer.');
  } catch (error) {
    throw toChannelError(error, false);
  } finally {
    timer.abort();
  }
}

async function connect(connection: SMTPConnection, credentials: Credentials | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error === undefined ? resolve() : reject(error)));
  });
  if (credentials === null) return;
  await new Promise<void>((resolve, reject) => {
    connection.login({ credentials }, (error) => (error === null ? resolve() : reject(error)));
  });
}

interface Credentials {
  readonly user: string;
  readonly pass: string;
}

function readSmtpUrl(smtpUrl: string) {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const host = hostname.replaceAll(/[[\]]/g, '');
  const credentials: Credentials | null =
    username === ''
      ? null
      : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    server: { host, port: port === '' ? portOf(secure) : Number(port), secure },
    credentials,
  };
}

/** RFC 8314 and RFC 6409: encrypted from the start, or by STARTTLS. */
function portOf(secure: boolean): number {
  return secure ? 465 : 587;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

interface SmtpFault {
  readonly code?: string;
  /** Reply code of the server; none where it did not answer. */
  readonly responseCode?: number;
  readonly response?: string;
  /** What was answered so. */
  readonly command?: string;
}

const advice: Readonly<Record<ChannelErrorKind, string>> = {
  'rate-limited': 'the server takes no more for now.',
  server: 'no answer; whether it arrived cannot be told.',
  'not-sent': 'nothing was sent; check SMTP_URL, the server and its certificate if it goes on.',
  auth: 'check user and password in SMTP_URL, and whether they may send as MAIL_FROM.',
  unreachable: 'the server does not know this address; check the person’s email.',
  invalid: 'the server refuses this message; trying again is no use.',
  'too-old': 'what was sent cannot be changed.',
};

function toChannelError(error: unknown, isHandedOver: boolean): ChannelError {
  const fault: SmtpFault = error instanceof Error ? (error as SmtpFault) : {};
  const kind = kindOf(fault, isHandedOver);
  // The server's own words may repeat the address or the message: only its codes go on.
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fault.response ?? '')?.[0];
  const codes = [fault.responseCode, status].filter((code) => code !== undefined).join(' ');
  const what = codes === '' ? '' : ` ${codes};`;
  return new ChannelError(
    kind,
    `Email:${what} ${advice[kind]}`,
    kind === 'rate-limited' ? busyForMs : 0,
  );
}

/** Reply codes: RFC 5321 section 4.2, RFC 4954 section 6; enhanced ones: RFC 3463. */
function kindOf(fault: SmtpFault, isHandedOver: boolean): ChannelErrorKind {
  const { responseCode, response = '', command = '' } = fault;
  if (responseCode === undefined) {
    if (fault.code === 'EAUTH') return 'auth';
    return isHandedOver ? 'server' : 'not-sent';
  }
  // 421: closing, too much at once. 432: more than three connections of one mailbox (Exchange Online).
  if (responseCode === 421 || responseCode === 432) return 'rate-limited';
  if (responseCode < 500) return 'not-sent';
  const isForbidden = /\b5\.7\.\d/.test(response);
  if (fault.code === 'EAUTH' || command === 'MAIL FROM' || isForbidden) return 'auth';
  return command === 'RCPT TO' ? 'unreachable' : 'invalid';
}
