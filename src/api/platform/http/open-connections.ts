import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Has a server that closes wait for answers under way only. By itself it would also wait for connections that have
 * never said anything, as load balancers keep in reserve, and for bodies that nobody reads any more, and look at no
 * time limit meanwhile.
 */
export function endUnansweredConnections(server: FastifyInstance): void {
  const underWay = new Map<Socket, number>();
  let isClosing = false;
  const count = (socket: Socket, change: number): number => {
    const requests = (underWay.get(socket) ?? 0) + change;
    if (underWay.has(socket)) underWay.set(socket, requests);
    return requests;
  };
  // Over TLS requests come by a socket of its own kind, which is there once hands are shaken.
  const arrival = 'setSecureContext' in server.server ? 'secureConnection' : 'connection';
  server.server.on(arrival, (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
    if (isClosing) socket.destroy();
  });
  server.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => {
      if (count(socket, -1) === 0 && isClosing) socket.destroySoon();
    });
  });
  server.addHook('preClose', (done) => {
    isClosing = true;
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    done();
  });
}
