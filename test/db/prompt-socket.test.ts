import { once } from 'node:events';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createPromptSockets } from '../../db/prompt-socket.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => sockets.push(socket));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('hosts are tried in turn, and what is written before a socket connects arrives', async () => {
  const [first, second] = [await listen(), await listen()];
  const open = createPromptSockets();
  const targets = { host: ['127.0.0.1', '127.0.0.1'], port: [first.port, second.port] };
  for (const { server } of [first, second, first]) {
    const arrived = once(server, 'connection').then(([socket]) => once(socket as Socket, 'data'));
    const socket = await open(targets);
    sockets.push(socket);
    socket.write('hello');
    expect(String(await arrived)).toBe('hello');
  }
});

test('nothing is held back, and the host is there for TLS to check', async () => {
  const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
  const { port } = await listen();
  const socket = await createPromptSockets()({ host: ['127.0.0.1'], port: [port] });
  sockets.push(socket);
  expect(setNoDelay.mock.contexts).toContain(socket);
  expect(socket).toMatchObject({ host: '127.0.0.1', port });
  setNoDelay.mockRestore();
  await once(socket, 'connect');
});

test('a refused connection is an error of the socket', async () => {
  const { server, port } = await listen();
  server.close();
  await once(server, 'close');
  const socket = await createPromptSockets()({ host: ['127.0.0.1'], port: [port] });
  sockets.push(socket);
  await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
});
