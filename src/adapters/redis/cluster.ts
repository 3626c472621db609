import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { cutWhenSilent } from './heartbeat.ts';
import { COMMAND_TIMEOUT_MS, delayReconnection, KEEP_ALIVE_MS, logOutages, waitForConnection } from './redis.ts';

/** How often the map of slots to nodes is refreshed, in addition to each time that a slot has moved. */
const REFRESH_EVERY_MS = 5_000;
/** How often, and after which pause, a command is retried if a node is down or the cluster is incomplete: no request waits long for it. */
const RETRIES = 2;
const RETRY_DELAY_MS = 50;

/**
 * Opens the Redis Cluster with nodes at these URLs; user, password and TLS are those of the first URL. As with a single Redis, it
 * connects in the background, and commands fail at once while it is not connected.
 */
export async function openCluster(urls: readonly string[], log: Logger): Promise<Cluster> {
  const { Cluster } = await import('ioredis');
  const cluster = new Cluster(urls.map(nodeAt), clusterOptions(urls));
  cluster.on('+node', (node: Redis) => cutWhenSilent(node));
  logOutages(cluster, log);
  await waitForConnection(cluster);
  return cluster;
}

function clusterOptions([first = '']: readonly string[]): ClusterOptions {
  const { protocol, username, password } = new URL(first);
  const redisOptions: Omit<
    RedisOptions,
    'port' | 'host' | 'path' | 'sentinels' | 'retryStrategy' | 'enableOfflineQueue' | 'readOnly'
  > = {
    connectionName: 'parley',
    commandTimeout: COMMAND_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    lazyConnect: false,
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
  return {
    redisOptions,
    enableOfflineQueue: false,
    // Otherwise ioredis connects to the addresses that the names resolve to, which certificates do not contain.
    ...(protocol === 'rediss:' && { dnsLookup: (name, done) => done(null, name) }),
    clusterRetryStrategy: delayReconnection,
    slotsRefreshInterval: REFRESH_EVERY_MS,
    maxRedirections: RETRIES,
    retryDelayOnFailover: RETRY_DELAY_MS,
    retryDelayOnClusterDown: RETRY_DELAY_MS,
  };
}

function nodeAt(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 6379) };
}
