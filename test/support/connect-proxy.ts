import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

const password = 'user:proxy-password';

/**
 * A proxy on loopback that speaks CONNECT alone, asks for a password, remembers for whom it opened connections, and
 * takes every name for this machine.
 */
export async function startConnectProxy() {
  const hosts: string[] = [];
  const sockets = new Set<Socket>();
  let refuses = false;
  const server = createServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', (request, client: Socket) => {
    const given = request.headers['proxy-authorization'];
    const wanted = `Basic ${Buffer.from(password).toString('base64')}`;
    if (refuses || given !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const [name = '', port = ''] = (request.url ?? '').split(':');
    hosts.push(name);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${password}@127.0.0.1:${port}`,
    hosts: hosts as readonly string[],
    /** From now on nobody is let through. */
    refuse: (): void => {
      refuses = true;
    },
    close: async (): Promise<void> => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
}
