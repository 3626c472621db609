import { openLog } from '#adapters/log.ts';
import { openCluster } from '#adapters/redis/cluster.ts';
import { openRedis } from '#adapters/redis/redis.ts';
import type { Config } from '#config/config.ts';
import { type Finding, fail, note, ok } from './finding.ts';

/** The oldest Redis that Parley is tested with, or the Valkey of the same age. */
const OLDEST_REDIS = 7;

/** Checks whether the configured Redis, or each node of the cluster, answers and is new enough. */
export async function checkRedis({ redisUrl, redisClusterUrls }: Config): Promise<Finding[]> {
  if (redisClusterUrls) return checkCluster(redisClusterUrls);
  if (!redisUrl)
    return [note('None: one process needs none; several hear of each other up to 5 s late. REDIS_URL sets one.')];
  const redis = await openRedis(redisUrl, openLog('silent'));
  try {
    const [, version = ''] = /^redis_version:(\S+)/m.exec(await redis.info('server')) ?? [];
    if (Number.parseInt(version, 10) < OLDEST_REDIS) return [fail(`Redis ${version} is too old; install 7 or newer.`)];
    return [ok(`Redis ${version} answers.`)];
  } catch {
    return [fail('It does not answer. Check REDIS_URL; until then processes agree through the database.')];
  } finally {
    redis.disconnect();
  }
}

async function checkCluster(urls: readonly string[]): Promise<Finding[]> {
  const cluster = await openCluster(urls, openLog('silent'));
  try {
    const nodes = cluster.nodes('master');
    const versions = await Promise.all(nodes.map((node) => node.info('server')));
    const old = versions.filter(
      (info) => Number.parseInt(/^redis_version:(\S+)/m.exec(info)?.[1] ?? '', 10) < OLDEST_REDIS,
    );
    if (old.length > 0) return [fail(`${old.length} nodes of the Redis Cluster are too old; install 7 or newer.`)];
    if (nodes.length === 0) throw new Error('There is no node.');
    return [ok(`${nodes.length} nodes of the Redis Cluster answer.`)];
  } catch {
    return [
      fail(
        'The Redis Cluster does not answer. Check REDIS_CLUSTER_URLS; until then processes agree through the database.',
      ),
    ];
  } finally {
    cluster.disconnect();
  }
}
