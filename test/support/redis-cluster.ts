import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { createRedisServer, type RedisServer } from './redis-server.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

/** A Redis Cluster of the test's own, of three nodes without replicas. */
export type RedisCluster = {
  urls: string;
  /** One that is killed keeps its keys' slots, and takes them again when it is started. */
  nodes: RedisServer[];
  /** What clients reach each node through. */
  proxies: TcpProxy[];
  stop(): Promise<void>;
};

const SLOTS = 16_384;
/** How long a node may be silent before it is taken for gone: milliseconds. */
const NODE_TIMEOUT_MS = 1_000;

/** Resolves when all nodes agree on which has what. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const home = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  const buses = [await freePort(), await freePort(), await freePort()];
  const reached = await Promise.all(
    buses.map(async (bus) => {
      const more = [
        ...['--cluster-enabled', 'yes', '--cluster-config-file', join(home, `${bus}.conf`)],
        ...['--cluster-port', String(bus), '--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
      ];
      const node = await createRedisServer(more);
      const { url, proxy } = await startProxy(node.url);
      more.push('--cluster-announce-port', String(proxy.port));
      return { node, url, proxy };
    }),
  );
  const nodes = reached.map(({ node }) => node);
  await Promise.all(nodes.map((node) => node.start()));
  const clients = nodes.map(({ url }) => new Redis(url));
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, client] of clients.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1;
    await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  const { port } = new URL((nodes[0] as RedisServer).url);
  for (const client of clients.slice(1)) await client.call('CLUSTER', 'MEET', '127.0.0.1', port, buses[0] as number);
  for (const client of clients)
    await until(
      async () => String(await client.call('CLUSTER', 'INFO')),
      (info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'),
    );
  for (const client of clients) client.disconnect();
  return {
    urls: reached.map(({ url }) => url).join(','),
    nodes,
    proxies: reached.map(({ proxy }) => proxy),
    async stop() {
      await Promise.all(reached.map(({ proxy }) => proxy.close()));
      await Promise.all(nodes.map((node) => node.kill()));
      rmSync(home, { recursive: true });
    },
  };
}
