import { replyChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import type { Message } from '#generated/prisma/client.ts';
import { computeDiscardedOffset } from './active-reply.ts';

/** Appends $4 to the text, or restarts the text with it if $5, the distance by which the offset moves, is not 0. */
const WRITE_TEXT = `UPDATE messages
SET content = CASE WHEN $5::int = 0 THEN content ELSE '' END || $4, text_offset = text_offset + $5::int
FROM attempt WHERE messages.id = $3 AND messages.status = 'STREAMING' RETURNING messages.id`;

/** Stores the text of a reply as it grows. */
export type ReplyWriter = {
  /** Stores the next piece of the text. Throws AttemptEnded. */
  write(text: string): Promise<void>;
  /** Stores the end: text of an earlier attempt that this one has not repeated is discarded. Throws AttemptEnded. */
  end(): Promise<void>;
};

/**
 * Creates the writer of a reply's text, of which an earlier attempt may have left a part. A `repeatable` text continues after that part
 * as long as it repeats it exactly. Any other text is restarted with its first piece.
 */
export function createReplyWriter(deps: Deps, job: RunningJob, reply: Message, repeatable: boolean): ReplyWriter {
  const before = reply.content;
  let repeated = '';
  let decided = before === '';
  const store = async (text: string, offset = 0) => {
    const rows = await job.queryFenced(WRITE_TEXT, [reply.id, text, offset]);
    if (rows.length === 0) throw new AttemptEnded('targetGone');
    deps.pubsub.publish(replyChannel(reply.id));
  };
  return {
    async write(text) {
      if (decided) return store(text);
      repeated += text;
      if (repeatable && before.startsWith(repeated)) return;
      decided = true;
      if (repeatable && repeated.startsWith(before)) return store(repeated.slice(before.length));
      return store(repeated, computeDiscardedOffset(reply));
    },
    async end() {
      if (!decided && repeated !== before) await store(repeated, computeDiscardedOffset(reply));
    },
  };
}
