/** How the rows of a table are found and read for an export. */
export type ExportedTable = {
  /** The table whose `id` the column `by` has: users, or one that is exported before. */
  of: string;
  by: string;
  /** The columns that order the rows of one parent, each of which they have once. Values that hardly change, or rows would be missed. */
  order: readonly string[];
  /** Columns that are left out: secrets, names within the installation, and what is computed from other columns. */
  omit?: readonly string[];
};

/** The tables that are exported, each as one file. A new table that names a user has to be here or in NOT_EXPORTED. */
export const EXPORTED: Readonly<Record<string, ExportedTable>> = {
  users: { of: 'users', by: 'id', order: [] },
  api_keys: { of: 'users', by: 'user_id', order: ['created_at', 'id'], omit: ['hash'] },
  conversations: { of: 'users', by: 'owner_id', order: ['created_at', 'id'] },
  messages: { of: 'conversations', by: 'conversation_id', order: ['sequence'], omit: ['search'] },
  memories: { of: 'users', by: 'owner_id', order: ['created_at', 'id'], omit: ['search', 'minhash_signature'] },
  episodes: { of: 'users', by: 'owner_id', order: ['created_at', 'id'] },
  transcripts: { of: 'episodes', by: 'episode_id', order: [] },
  transcript_segments: { of: 'transcripts', by: 'transcript_id', order: ['index'], omit: ['search'] },
  clips: { of: 'users', by: 'owner_id', order: ['created_at', 'id'] },
  feedback: { of: 'users', by: 'author_id', order: ['created_at', 'id'] },
  scoring_weights: { of: 'users', by: 'owner_id', order: ['version'] },
  media_files: { of: 'users', by: 'owner_id', order: ['id'], omit: ['storage_key'] },
  leads: { of: 'users', by: 'owner_id', order: ['created_at', 'id'], omit: ['search', 'search_text'] },
  campaigns: { of: 'users', by: 'owner_id', order: ['created_at', 'id'] },
  campaign_leads: { of: 'campaigns', by: 'campaign_id', order: ['lead_id'] },
  calls: { of: 'users', by: 'owner_id', order: ['queued_at', 'id'] },
  meetings: { of: 'users', by: 'owner_id', order: ['starts_at', 'id'] },
  jobs: { of: 'users', by: 'requested_by_id', order: ['queued_at', 'id'], omit: ['engine_job_id'] },
  webhooks: {
    of: 'users',
    by: 'owner_id',
    order: ['created_at', 'id'],
    omit: ['secret', 'previous_secret', 'previous_secret_until', 'older_secrets'],
  },
  webhook_deliveries: { of: 'webhooks', by: 'webhook_id', order: ['created_at', 'id'] },
  audit_entries: { of: 'users', by: 'actor_id', order: ['at', 'id'], omit: ['salt'] },
};

/** The tables that name a user, or belong to a row of one, and are not exported, with the reasons. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  revisions: 'A counter by which clients follow changes.',
  changes: 'The order in which rows changed, by which clients follow changes.',
  idempotency_keys: 'Hashes of requests, kept for two days.',
  search_words: 'The distinct words of rows that are exported.',
  search_stale_words: 'Words that are about to be deleted from search_words.',
  memory_embeddings: 'Numbers that a model computes from memories, which are exported.',
  forgotten_messages: 'Marks on messages, which are exported, from which nothing is learned any more.',
  replaced_replies: 'What a reply said before, for the moment in which it is written again.',
  lead_tags: 'Copies of the tags of leads, for filters.',
  do_not_call: 'Keyed hashes of numbers, from which no number can be told.',
  dialled_numbers: 'Keyed hashes of numbers, from which no number can be told.',
  call_events: 'Names of events of a provider that were handled already, and the answers to them.',
  campaign_lead_slices: 'Ids of leads until they are in campaign_leads.',
  conversation_uploads: 'Files that the user has sent to be imported, until they are.',
  conversation_upload_chunks: 'Parts of these files.',
  heard_pieces: 'Parts of transcripts, until these are complete.',
  user_exports: 'The exports themselves.',
};
