import { type DocumentNode, OperationTypeNode } from 'graphql';
import type { ReplicaReader } from '#adapters/database/replica/replica.ts';
import type { ReadPresentRevision } from '#domain/changes/present-revision.ts';
import { createReplicaReads } from '#domain/changes/replica-reads.ts';
import type { Services } from '#domain/core/deps.ts';
import type { RequestContext } from '#http/request.ts';
import { createAnswerMeters } from '#loaders/answer-meter.ts';
import { createLoaders, type LoadersFor } from '#loaders/loader.ts';
import type { CachingRules } from './cache/caching-rules.ts';

/** The database that an operation reads from, by its services and loaders. */
export type ReadPlace = { services: Services; loadersFor: LoadersFor };

/** The databases of a process: the primary, and perhaps a replica (docs/decisions/replica.md). */
export type ReadPlaces = {
  primary: ReadPlace;
  /** Returns the replica for an operation that may read from it, else undefined; null where there is no replica. Never rejects. */
  choose: ((operation: Operation, request: RequestContext) => Promise<ReadPlace | undefined>) | null;
};

type Operation = { type: OperationTypeNode; document: DocumentNode; operationName: string | null };

/**
 * Creates the places. Queries that read only data covered by the viewer's revision, as cacheable answers do, may read from the replica.
 * Everything else reads from the primary: mutations, subscriptions, data that others or the clock change, and replies being written.
 */
export function createReadPlaces({
  services,
  rules,
  readRevision,
}: {
  services: Services;
  rules: CachingRules;
  readRevision: ReadPresentRevision;
}): ReadPlaces {
  const createMeter = createAnswerMeters();
  const primary: ReadPlace = { services, loadersFor: createLoaders(services, { createMeter }) };
  const { replica, database } = services;
  if (!replica) return { primary, choose: null };
  const placeOf = ({ sql }: ReplicaReader): ReadPlace => {
    const reading = { ...services, database: { ...database, sql } };
    return { services: reading, loadersFor: createLoaders(reading, { createMeter, latest: services }) };
  };
  const places = new WeakMap<ReplicaReader, ReadPlace>();
  const findReader = createReplicaReads(replica);
  return {
    primary,
    async choose({ type, document, operationName }, request) {
      if (type !== OperationTypeNode.QUERY || rules(document, operationName) === 0) return;
      const { userId } = request.actor;
      request.present ??= readRevision(userId).catch(() => null);
      const reader = await findReader(userId, request.present);
      if (!reader) return;
      const place = places.get(reader) ?? placeOf(reader);
      places.set(reader, place);
      return place;
    },
  };
}
