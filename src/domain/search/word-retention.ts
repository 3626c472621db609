import type { RetentionRule } from '#domain/core/retention.ts';
import type { Tx } from '#domain/core/transaction.ts';

/** How many words of one owner a transaction looks up at most, because that owner's writes wait meanwhile. */
const SLICE_WORDS = 100;
/** How many owners are tried to find one whose words are not locked by a write. */
const OWNERS_TO_TRY = 20;

/** Deletes words some time after the last row with them: deletions record the words in `search_stale_words`. */
export const wordRetention: RetentionRule = {
  rows: 'search words',
  async deleteSlice({ tx }) {
    const owner = await lockSomeOwner(tx);
    if (!owner) return { deleted: 0, more: false };
    await noteAllWordsIfRequested(tx, owner);
    const deleted = await tx.$executeRaw`
      WITH slice AS (
        DELETE FROM search_stale_words WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM search_stale_words WHERE owner_id = ${owner}::uuid ORDER BY word LIMIT ${SLICE_WORDS}))
        RETURNING word)
      DELETE FROM search_words WHERE owner_id = ${owner}::uuid
        AND word IN (SELECT DISTINCT word FROM slice WHERE NOT search_word_is_used(${owner}::uuid, word))`;
    return { deleted, more: true };
  },
};

/** Returns an owner with stale words, and locks that owner's words until the transaction ends; null if there is none. */
async function lockSomeOwner(tx: Tx): Promise<string | null> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT owner_id::text AS id FROM search_stale_words ORDER BY id LIMIT ${OWNERS_TO_TRY}`;
  for (const { id } of owners) {
    const [lock] = await tx.$queryRaw<{ acquired: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(search_words_lock(${id}::uuid)) AS acquired`;
    if (lock?.acquired) return id;
  }
  return null;
}

/** The word '' stands for all words of the owner. */
async function noteAllWordsIfRequested(tx: Tx, owner: string): Promise<void> {
  const requests = await tx.$executeRaw`DELETE FROM search_stale_words WHERE owner_id = ${owner}::uuid AND word = ''`;
  if (requests === 0) return;
  await tx.$executeRaw`INSERT INTO search_stale_words (owner_id, word)
    SELECT DISTINCT owner_id, word FROM search_words WHERE owner_id = ${owner}::uuid ON CONFLICT DO NOTHING`;
}
