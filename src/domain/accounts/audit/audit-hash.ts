import { createHash, createHmac } from 'node:crypto';

/** An audit entry as the database returns it, which is the form that is hashed. */
export type HashedEntry = {
  id: string;
  at: Date;
  position: bigint;
  actorId: string | null;
  apiKeyId: string | null;
  action: string;
  subjectType: string | null;
  subjectId: string | null;
  requestId: string | null;
  ip: string | null;
  /** The JSON as text. */
  detail: string | null;
  salt: string | null;
};

/** The select list of such an entry, from `audit_entries`. */
export const HASHED_COLUMNS = `id, at, position, actor_id AS "actorId", api_key_id AS "apiKeyId", action,
  subject_type AS "subjectType", subject_id AS "subjectId", request_id AS "requestId", ip, detail::text AS detail, salt`;

export const HASH_BYTES = 32;
/** The hash before the first entry, and the commitment of an entry that was erased before it was sealed. */
export const NO_HASH: Buffer = Buffer.alloc(HASH_BYTES);

/**
 * Returns an entry's commitment to the data that an erasure removes. It is keyed with a random salt that is erased along with them, so that
 * nobody can recover an address by trying all. Null if the data were erased.
 */
export function commitmentOf({ salt, ip, detail }: HashedEntry): Buffer | null {
  if (salt === null) return null;
  return createHmac('sha256', salt)
    .update(JSON.stringify([ip, detail]))
    .digest();
}

/** Returns the hash of an entry: over the data that are never removed, its commitment, and the previous hash. */
export function hashEntry(previous: Uint8Array, entry: HashedEntry, commitment: Uint8Array): Buffer {
  const { position, id, at, actorId, apiKeyId, action, subjectType, subjectId, requestId } = entry;
  const facts = [String(position), id, at.toISOString(), actorId, apiKeyId, action, subjectType, subjectId, requestId];
  return createHash('sha256').update(previous).update(JSON.stringify(facts)).update(commitment).digest();
}

/** Returns the part of a seal's hashes that belongs to the entry at an index. */
export const partOf = (hashes: Uint8Array, index: number): Buffer =>
  Buffer.from(hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));

/** Signs the point at which retention has trimmed the chain: the hash before the oldest remaining entry. */
export function signTrim(key: Uint8Array, position: bigint, hash: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${position}:`).update(hash).digest();
}
