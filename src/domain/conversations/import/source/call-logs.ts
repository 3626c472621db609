import { type Fields, fieldsOf, isFields } from './conversation.ts';
import { timeOf } from './message-links.ts';
import { readTime } from './times.ts';

/** Returns the begin of a call as ISO 8601; null if its log does not have it. */
export function beginOf(call: Fields): string | null {
  const { start_time_unix_secs: seconds } = isFields(call.metadata) ? call.metadata : {};
  return readTime(call.start_timestamp ?? call.startedAt ?? call.started_at ?? seconds);
}

/** Adds times to messages whose times count from the beginning of their call. */
export function timeFromBegin(list: readonly unknown[], begin: string | null): readonly unknown[] {
  if (begin === null) return list;
  return list.map((item) => {
    const seconds = isFields(item) && timeOf(item) === null ? secondsOf(item) : null;
    return seconds === null ? item : { ...(item as Fields), sentAt: Date.parse(begin) + seconds * 1000 };
  });
}

/** ElevenLabs has the time of a message, Retell that of its words. */
function secondsOf(message: Fields): number | null {
  const seconds = message.time_in_call_secs ?? fieldsOf(message.words)[0]?.start;
  return typeof seconds === 'number' && seconds >= 0 && seconds < 86_400 ? seconds : null;
}
