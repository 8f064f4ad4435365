import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertNever } from '../../domain/assert-never.ts';

/** What an endpoint is told to answer; the last four are what goes wrong on the way. */
export type ModelAnswer =
  | { readonly kind: 'says'; readonly content: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** These bytes in place of the JSON that is asked for. */
  | { readonly kind: 'garbage'; readonly body: string }
  /** A body that begins and never ends: with more and more in it, or with nothing more. */
  | { readonly kind: 'floods' | 'stalls' }
  | { readonly kind: 'is-silent' }
  | { readonly kind: 'hangs-up' };

export interface ModelEndpoint {
  readonly baseUrl: string;
  /** The user's messages of the questions that came with the right key, in order. */
  readonly questions: readonly string[];
  /** Texts that were to be embedded, in order. */
  readonly embedded: readonly string[];
  answer: ModelAnswer;
  /** Said once each before `answer` is. */
  readonly first: ModelAnswer[];
  /** The vector of a text. */
  vectorOf: (text: string) => readonly number[];
  close(): Promise<void>;
}

/** OpenAI's chat completions and embeddings on loopback, as documented: a bearer key, a model, messages or texts. */
export async function startModelEndpoint(apiKey: string): Promise<ModelEndpoint> {
  const questions: string[] = [];
  const embedded: string[] = [];
  const first: ModelAnswer[] = [];
  const endpoint: Pick<ModelEndpoint, 'answer' | 'vectorOf'> = {
    answer: { kind: 'status', status: 500 },
    vectorOf: () => [1],
  };
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const path = request.url ?? '';
    if (request.method !== 'POST') return send(404, {});
    if (!['/v1/chat/completions', '/v1/embeddings'].includes(path)) return send(404, {});
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      return send(401, { error: { code: 'invalid_api_key' } });
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly messages: readonly { readonly role: string; readonly content: string }[];
      readonly input: readonly string[];
    };
    const wanted = first.shift() ?? endpoint.answer;
    if (path === '/v1/embeddings' && wanted.kind === 'says') {
      embedded.push(...body.input);
      const data = body.input.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: endpoint.vectorOf(text),
      }));
      return send(200, { object: 'list', data: data.toReversed() });
    }
    switch (wanted.kind) {
      case 'hangs-up':
        return void response.destroy();
      case 'is-silent':
        return;
      case 'stalls':
      case 'floods':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"choices": [');
        if (wanted.kind === 'floods') flood(response);
        return;
      case 'garbage':
        response.writeHead(200, { 'content-type': 'text/html' });
        return void response.end(wanted.body);
      case 'status': {
        const { status, retryAfter } = wanted;
        if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
        return send(status, { error: { message: 'Try again.', code: 'rate_limit_exceeded' } });
      }
      case 'says':
        break;
      default:
        assertNever(wanted);
    }
    const question = body.messages.find(({ role }) => role === 'user')?.content;
    if (question === undefined) return send(400, { error: { code: 'invalid_request' } });
    questions.push(question);
    const message = { role: 'assistant', content: wanted.content };
    send(200, { choices: [{ index: 0, message, finish_reason: 'stop' }] });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(endpoint, {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    questions,
    embedded,
    first,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

const floodBytes = 64 * 1024;

function flood(response: ServerResponse): void {
  const pour = () => {
    while (!response.destroyed && response.write(' '.repeat(floodBytes)));
  };
  response.on('drain', pour);
  pour();
}
