import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** Stands between Parley and what it depends on, and fails as networks do. */
export type TcpProxy = {
  port: number;
  /** Whoever is or gets connected is kept waiting. */
  freeze(): void;
  thaw(): void;
  /**
   * Whoever is connected hears nothing any more, not even an end; new connections are served. Only of those connections that are
   * chosen, where some are, by the port that the target sees.
   */
  lose(isChosen?: (port: number) => boolean): void;
  /** What is sent arrives so many milliseconds later, one piece after the other; 0 ends that. */
  slow(milliseconds: number): void;
  /** Ends every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
};

async function listenAndForward(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const lost = new Set<Socket>();
  const clients = new Map<Socket, Socket>();
  let frozen = false;
  let delayMs = 0;
  const createDelay = () =>
    new Transform({
      transform(piece, _encoding, done) {
        if (delayMs > 0) setTimeout(done, delayMs, null, piece);
        else done(null, piece);
      },
    });
  const forward = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.pipe(createDelay()).pipe(to);
    if (frozen) from.pause();
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(target);
    forward(client, upstream);
    forward(upstream, client);
    clients.set(upstream, client);
    upstream.on('close', () => clients.delete(upstream));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) if (!lost.has(socket)) socket.resume();
    },
    lose(isChosen = () => true) {
      for (const [upstream, client] of clients) {
        if (!isChosen(upstream.localPort as number)) continue;
        for (const socket of [upstream, client]) {
          lost.add(socket);
          socket.pause();
        }
      }
    },
    slow(milliseconds) {
      delayMs = milliseconds;
    },
    cut,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** Starts a proxy before a database, or a Redis; `url` is the same by way of it. */
export async function startProxy(url: string): Promise<{ url: string; proxy: TcpProxy }> {
  const through = new URL(url);
  const proxy = await listenAndForward({ host: through.hostname, port: Number(through.port || 5432) });
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  return { url: through.href, proxy };
}
