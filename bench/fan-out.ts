/**
 * What live events cost: one message, told to all who follow a conversation, each by a socket of its own. Prints the CPU time of
 * the server for each delivery, and how long after the message was sent the median and the last reader but one in a hundred
 * had it. On PostgreSQL (BENCH_DATABASE_URL); beside other servers in `npm run bench:peers`.
 *
 *   node bench/fan-out.ts [sockets] [messages]
 */
import { parley } from './support/contestants.ts';
import { makeDatabase } from './support/database.ts';
import { measureFanOut } from './support/fan-out.ts';
import { seed, type Target, targets } from './support/seed.ts';

const [sockets = 3_000, messages = 20] = process.argv.slice(2).map(Number);

const database = await makeDatabase();
await seed(database.url, { to: 1 });
const [target] = await targets(database.url, 1);
const server = await parley.start('S1', database.env);
const { cpuUs, p50, p99 } = await measureFanOut(server, parley, target as Target, { sockets, messages });
console.log(
  `${sockets} sockets, ${messages} messages: ${cpuUs.toFixed(1)} µs of CPU a delivery, p50 ${p50} ms, p99 ${p99} ms`,
);
await server.stop();
await database.drop();
process.exit();
