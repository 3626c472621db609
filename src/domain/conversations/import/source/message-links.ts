import { type Fields, idOf, isFields } from './conversation.ts';
import { readTime } from './times.ts';

/** The id of a message and that of its parent; `namesParent` is true also for an explicit null. */
export type MessageLinks = { id: string | null; parent: string | null; namesParent: boolean };

/** Reads the ids of a message from the fields of all formats. */
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
    ancestors,
  } = message;
  const last = Array.isArray(ancestors) ? (ancestors.at(-1) ?? null) : undefined; // HuggingChat has the whole branch
  const parents = [parent, parentId, parent_id, parentUuid, before, logicalParentUuid, last];
  return {
    id: idOf(uuid ?? id ?? _id),
    parent: idOf(parents.find((value) => value !== undefined && value !== null)),
    namesParent: parents.some((value) => value !== undefined),
  };
}

/** Fields with the time of a message; the first that exists counts. */
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
  'date_created',
  'start_timestamp_usec', // Google's Conversational Insights
  'AbsoluteTime', // Amazon Connect
];

/** Returns the time of a message as ISO 8601; null if it has none. */
export function timeOf(message: Fields): string | null {
  const found = TIMES.map((name) => message[name]).find((value) => value !== undefined && value !== null);
  return readTime(found ?? sinceEpoch(message.time));
}

/** Vapi has milliseconds since 1970 as `time`, OpenCode within it, where others count seconds from the beginning. */
function sinceEpoch(time: unknown): unknown {
  if (isFields(time)) return time.created;
  return typeof time === 'number' && time < 1e9 ? null : time;
}
