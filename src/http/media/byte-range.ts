import type { IncomingMessage } from 'node:http';
import { parse } from 'range-parser';
import type { ByteRange } from '#adapters/files/file-store.ts';

/** What of a file is asked for: all of it, a part, or nothing that there is. */
export type AskedRange = 'whole' | 'unsatisfiable' | ByteRange;

/** What is compared with `If-Range`. */
type Validators = { etag: string; lastModified: string };

/**
 * Reads which bytes are asked for (RFC 9110, 14). The whole file is for those who ask for several parts, in another unit or in a
 * form that is none, for the rest of a file that is another by now, or by HEAD, for which a range means nothing (14.2).
 */
export function readRange(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  sizeBytes: number,
  validators: Validators,
): AskedRange {
  const { range } = headers;
  if (method !== 'GET' || range === undefined || !isUnchanged(headers['if-range'], validators)) return 'whole';
  const { code, type, ranges } = parse(sizeBytes, range);
  if (type !== 'bytes' || code === MALFORMED) return 'whole';
  if (code === UNSATISFIABLE) return 'unsatisfiable';
  const [first, ...more] = ranges;
  return first && more.length === 0 ? { start: first.start, end: first.end } : 'whole';
}

const UNSATISFIABLE = 2;
const MALFORMED = 1;

/** `If-Range` takes a strong entity tag or the exact date (RFC 9110, 13.1.5). */
function isUnchanged(ifRange: string | string[] | undefined, { etag, lastModified }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === lastModified;
}
