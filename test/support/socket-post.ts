import type { WebSocket } from 'ws';

interface Parcel {
  readonly bytes: string | Uint8Array;
  readonly comesAgain: boolean;
  readonly settle: (answer: unknown) => void;
  socket: WebSocket | null;
}

/**
 * What a platform sends over the connections that apps hold open: one of them gets it, in turns. What was not answered
 * when its connection ended goes over another one, as soon as there is one; a callback does not, and is answered null.
 */
export function createSocketPost() {
  const sockets = new Set<WebSocket>();
  const parcels = new Map<string, Parcel>();
  let opened = 0;
  let turn = 0;
  let isNextAnswerLost = false;

  function carry(): void {
    for (const parcel of parcels.values()) {
      if (parcel.socket !== null && sockets.has(parcel.socket)) continue;
      if (parcel.socket !== null && !parcel.comesAgain) {
        parcel.settle(null);
        continue;
      }
      const socket = [...sockets][turn % Math.max(sockets.size, 1)];
      if (socket === undefined) return;
      turn += 1;
      parcel.socket = socket;
      socket.send(parcel.bytes);
    }
  }

  function end(socket: WebSocket): void {
    sockets.delete(socket);
    socket.terminate();
  }

  return {
    /** Of apps that are ready for what comes. */
    sockets,
    opened: () => opened,
    open: (socket: WebSocket): void => {
      if (sockets.has(socket)) return;
      sockets.add(socket);
      opened += 1;
      socket.on('close', () => {
        sockets.delete(socket);
        carry();
      });
      carry();
    },
    /** Resolves with the answer. */
    send: (id: string, bytes: Parcel['bytes'], comesAgain: boolean): Promise<unknown> =>
      new Promise((resolve) => {
        const settle = (answer: unknown): void => {
          parcels.delete(id);
          resolve(answer);
        };
        parcels.set(id, { bytes, comesAgain, settle, socket: null });
        carry();
      }),
    answer: (socket: WebSocket, id: string, answer: unknown): void => {
      if (isNextAnswerLost) {
        isNextAnswerLost = false;
        end(socket);
        return;
      }
      parcels.get(id)?.settle(answer);
    },
    /** The connection breaks under the next answer. */
    loseNextAnswer: (): void => {
      isNextAnswerLost = true;
    },
    cut: (): void => {
      for (const socket of sockets) end(socket);
    },
  };
}
