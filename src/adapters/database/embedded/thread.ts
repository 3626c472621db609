import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { Maintenance } from './maintenance.ts';
import { openDatabaseFiles } from './pglite-files.ts';
import { SharedSession } from './session.ts';

/** What embedded-database.ts passes to this worker. */
export interface WorkerData {
  readonly directory: string;
  /** The path of the Unix socket; undefined for loopback TCP. */
  readonly socketDirectory: string | undefined;
}

/** Posted by the worker once clients can connect. Any message to the worker makes it close the database and end. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The default of autovacuum_naptime. */
const MAINTENANCE_INTERVAL_MS = 60_000;
const { directory, socketDirectory } = workerData as WorkerData;
if (!parentPort) throw new Error('This file is a worker: start it with startEmbeddedDatabase.');
const parent = parentPort;

const db = await openDatabaseFiles(directory);
const session = new SharedSession(db);
const clients = new Map<Socket, Promise<void>>();

// A rejection of `serve` means that PGlite is broken: unhandled, it ends the worker, as it should.
const server = createServer((socket) => {
  socket.on('error', () => {});
  clients.set(
    socket,
    session.serve(socket).finally(() => clients.delete(socket)),
  );
});

const connection = await listen();
const maintenance = await startMaintenance();
parent.postMessage(connection);
await once(parent, 'message');
await maintenance.stop();
await stopServing();
await db.close();
process.exit();

async function listen(): Promise<Connection> {
  const login = { user: 'postgres', database: 'postgres' };
  if (socketDirectory) {
    const port = 5432;
    server.listen(join(socketDirectory, `.s.PGSQL.${port}`));
    await once(server, 'listening');
    return { host: socketDirectory, port, ...login };
  }
  const host = '127.0.0.1';
  server.listen(0, host);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`No port: ${bound}`);
  return { host, port: bound.port, ...login };
}

async function stopServing(): Promise<void> {
  server.close();
  for (const socket of clients.keys()) socket.destroy();
  await Promise.all(clients.values());
}

/** Runs maintenance once per interval. A failure, for example on a full disk, is only a warning: clients see such errors themselves. */
async function startMaintenance(): Promise<{ stop(): Promise<void> }> {
  const client = new pg.Client({ ...connection, ssl: false });
  await client.connect();
  const maintenance = new Maintenance(client);
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() => maintenance.run()).catch((error: Error) => process.emitWarning(error));
  }, MAINTENANCE_INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await round;
      await client.end();
    },
  };
}
