import { Socket } from 'node:net';

/** Where postgres.js connects to: as many ports as hosts, in turn; or the path of a Unix socket. */
export interface SocketTargets {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

/**
 * Makes the sockets of a postgres.js client send everything at once. Left to itself the client keeps Nagle's algorithm
 * on, and the end of a COPY, or a statement after large parameters, waits some 40 ms for the server to acknowledge
 * what went before (RFC 1122, 4.2.3.2 and 4.2.3.4).
 *
 * The client takes a socket for connected and writes to it, which waits in the socket until it is. So it is handed over
 * before it is, and a refused connection reaches the client as any other failure of the socket does.
 */
export function createPromptSockets(): (targets: SocketTargets) => Promise<Socket> {
  let opened = 0;
  return async ({ host: hosts, port: ports, path }) => {
    // Node tells of a failure when promises have settled, and by then the client listens for it.
    await Promise.resolve();
    const socket = new Socket().setNoDelay(true);
    if (typeof path === 'string') return socket.connect(path);
    const index = opened % ports.length;
    opened += 1;
    const target = { host: hosts[index] ?? '127.0.0.1', port: ports[index] ?? 5432 };
    // TLS checks the certificate against the host.
    return Object.assign(socket.connect(target), target);
  };
}
