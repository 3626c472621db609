import { type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { type Memory, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('m', Prisma.MemoryScalarFieldEnum, ['content', 'metadata']);

/** Includes expired and superseded memories: whatever refers to one still shows it. */
export const memoryById = rowById<Memory>({
  columns,
  from: 'memories m',
  id: 'm.id',
  visible: 'm.owner_id = k.viewer_id',
});

export type MemoryOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'UPDATED_DESC' | 'IMPORTANCE_DESC';

const id = { sql: 'm.id', type: 'uuid', of: (row: Memory) => row.id };
const created = { sql: 'm.created_at', type: 'timestamptz', of: (row: Memory) => row.createdAt };
const updated = { sql: 'm.updated_at', type: 'timestamptz', of: (row: Memory) => row.updatedAt };
const importance = { sql: 'm.importance', type: 'float8', of: (row: Memory) => row.importance };

export const memoryOrders: Record<MemoryOrder, Order<Memory>> = {
  CREATED_DESC: { name: 'memories', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'memories.oldest', descending: false, keys: [created, id] },
  UPDATED_DESC: { name: 'memories.updated', descending: true, keys: [updated, id] },
  IMPORTANCE_DESC: { name: 'memories.importance', descending: true, keys: [importance, id] },
};

/** When the viewer's next memory expires; null if none does. */
export const nextMemoryExpiry = defineLoader<null, Date | null>({
  async batch({ database }, requests) {
    const rows = await database.sql<{ expiresAt: Date | null }>(
      `SELECT (SELECT min(m.expires_at) FROM memories m WHERE m.owner_id = k.viewer_id AND m.expires_at > now()) AS "expiresAt"
FROM unnest($1::uuid[]) WITH ORDINALITY AS k(viewer_id, ordinal) ORDER BY k.ordinal`,
      [requests.map(({ viewerId }) => viewerId)],
    );
    return rows.map(({ expiresAt }) => expiresAt);
  },
});

export const memoriesOfUser = defineList<Memory, MemoryFilter & { orderBy: MemoryOrder }>({
  columns,
  from: 'memories m',
  id: 'm.id',
  parent: 'm.owner_id',
  order: ({ orderBy }) => memoryOrders[orderBy],
  where: (filter, bind) => memoryConditions('m', (part, type) => bind(filter[part], type)),
});
