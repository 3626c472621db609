import { type MemoryFilter, memoryConditions } from '#domain/memories/filter.ts';
import { type Memory, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList } from './list.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('m', Prisma.MemoryScalarFieldEnum, ['content', 'metadata']);

/** Expired and superseded ones too: what refers to a memory still shows which. */
export const memoryById = rowById<Memory>({
  columns,
  from: 'memories m',
  id: 'm.id',
  visible: 'm.owner_id = k.viewer_id',
});

/** Newest first. */
export const memoriesOfUser = defineList<Memory, MemoryFilter>({
  columns,
  from: 'memories m',
  id: 'm.id',
  parent: 'm.owner_id',
  order: () => ({
    name: 'memories',
    descending: true,
    keys: [
      { sql: 'm.created_at', type: 'timestamptz', of: (row) => row.createdAt },
      { sql: 'm.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: (filter, bind) => memoryConditions('m', (part, type) => bind(filter[part], type)),
});
