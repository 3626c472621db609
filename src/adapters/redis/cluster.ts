import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { cutWhenSilent } from './heartbeat.ts';
import { COMMAND_TIMEOUT_MS, delayReconnection, KEEP_ALIVE_MS, logOutages, waitForConnection } from './redis.ts';

/** How often it is asked which node has which keys, beside each time that one is not where it was. */
const REFRESH_EVERY_MS = 5_000;
/** A command is tried so many times more, so far apart, where a node is gone or the cluster is not whole: no request waits long for it. */
const RETRIES = 2;
const RETRY_DELAY_MS = 50;

/**
 * Opens the Redis Cluster that has nodes at these URLs, whose user, password and TLS are those of the first. As with one Redis, it is
 * connected in the background, and commands fail at once while it is not.
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
    // Else ioredis connects to the addresses that the names stand for, of which certificates say nothing.
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
