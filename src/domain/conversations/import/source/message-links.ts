import { type Fields, idOf } from './conversation.ts';
import { readTime } from './times.ts';

/** Which message a message is, and which one it says is before it; `namesParent` is true also of one that says that none is. */
export type MessageLinks = { id: string | null; parent: string | null; namesParent: boolean };

/** Reads the ids of a message, whatever they are called. */
export function linksOf(message: Fields): MessageLinks {
  const {
    id,
    uuid,
    _id,
    parent,
    parentId,
    parent_id,
    parentUuid,
    parent_response_id: before,
    logicalParentUuid,
  } = message;
  const parents = [parent, parentId, parent_id, parentUuid, before, logicalParentUuid];
  return {
    id: idOf(uuid ?? id ?? _id),
    parent: idOf(parents.find((value) => value !== undefined && value !== null)),
    namesParent: parents.some((value) => value !== undefined),
  };
}

/** Where messages say when they were written; the first that is there counts. */
const TIMES = [
  'sentAt',
  'created_at',
  'createdAt',
  'timestamp',
  'create_time',
  'date',
  'created',
  'createTime',
  'creationTime',
  'sent_at',
  'send_date',
];

/** Returns when a message was written as ISO 8601, null where it does not say. */
export const timeOf = (message: Fields): string | null =>
  readTime(TIMES.map((name) => message[name]).find((value) => value !== undefined && value !== null));
