import { hash } from 'node:crypto';

/** Channels of a shard are on one node, and are subscribed to together; so there are many more shards than nodes. */
export const SHARDS = 128;

/** Returns the shard of a channel, from 0. */
export const shardOf = (channel: string): number => hash('sha1', channel, 'buffer').readUInt16BE() % SHARDS;

/** Returns the name of a shard's channel in Redis, which chooses the node by the part in braces. */
export const shardedName = (prefix: string, shard: number, channel: string): string => `${prefix}{${shard}}${channel}`;

/** Returns the shard and the channel of a name that begins with the prefix. */
export function readShardedName(prefix: string, name: string): { shard: number; channel: string } {
  const end = name.indexOf('}', prefix.length);
  return { shard: Number(name.slice(prefix.length + 1, end)), channel: name.slice(end + 1) };
}
