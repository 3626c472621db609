import { createHash, createHmac } from 'node:crypto';

/** An entry as the database gives it back: that is what is hashed, whatever it was written from. */
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
  /** The text of the JSON. */
  detail: string | null;
  salt: string | null;
};

/** The select list of such an entry, from `audit_entries`. */
export const HASHED_COLUMNS = `id, at, position, actor_id AS "actorId", api_key_id AS "apiKeyId", action,
  subject_type AS "subjectType", subject_id AS "subjectId", request_id AS "requestId", ip, detail::text AS detail, salt`;

export const HASH_BYTES = 32;
/** What comes before the first entry, and what an entry that was erased before it was sealed commits to. */
export const NO_HASH: Buffer = Buffer.alloc(HASH_BYTES);

/**
 * Commits to what an erasure removes: by a random salt that goes with it, so that nobody can find an address by trying all. Null
 * where it was removed.
 */
export function commitmentOf({ salt, ip, detail }: HashedEntry): Buffer | null {
  if (salt === null) return null;
  return createHmac('sha256', salt)
    .update(JSON.stringify([ip, detail]))
    .digest();
}

/** Returns the hash of an entry: of what is never removed from it, its commitment, and the hash of the one before. */
export function hashEntry(previous: Uint8Array, entry: HashedEntry, commitment: Uint8Array): Buffer {
  const { position, id, at, actorId, apiKeyId, action, subjectType, subjectId, requestId } = entry;
  const facts = [String(position), id, at.toISOString(), actorId, apiKeyId, action, subjectType, subjectId, requestId];
  return createHash('sha256').update(previous).update(JSON.stringify(facts)).update(commitment).digest();
}

/** Returns what of a seal's hashes is the entry's, by its place in the seal. */
export const partOf = (hashes: Uint8Array, index: number): Buffer =>
  Buffer.from(hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));

/** Signs where retention has cut the chain off: the hash before the oldest entry that is left. */
export function signTrim(key: Uint8Array, position: bigint, hash: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${position}:`).update(hash).digest();
}
