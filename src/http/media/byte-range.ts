import type { IncomingMessage } from 'node:http';
import { parse } from 'range-parser';
import type { ByteRange } from '#adapters/files/file-store.ts';

/** The requested part of a file: all of it, a range, or an unsatisfiable range. */
export type RequestedRange = 'whole' | 'unsatisfiable' | ByteRange;

/** The validators for `If-Range`. */
type Validators = { etag: string; lastModified: string };

/**
 * Reads the requested range (RFC 9110, section 14). Ranges behind the end do not count beside others. Returns the whole file
 * for several ranges, another unit, an invalid form, a failed `If-Range`, and for HEAD, to which ranges do not apply (section 14.2).
 */
export function readRange(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  sizeBytes: number,
  validators: Validators,
): RequestedRange {
  const { range } = headers;
  if (method !== 'GET' || range === undefined || !isUnchanged(headers['if-range'], validators)) return 'whole';
  const { code, type, ranges } = parse(sizeBytes, range);
  if (type !== 'bytes' || (code & MALFORMED) !== 0) return 'whole';
  const [first, ...more] = ranges;
  if (!first) return 'unsatisfiable';
  return more.length === 0 ? { start: first.start, end: first.end } : 'whole';
}

/** A flag of range-parser's code. Another says that a range is unsatisfiable, which is left out of the ranges. */
const MALFORMED = 1;

/** `If-Range` requires a strong entity tag or an exact date (RFC 9110, section 13.1.5). */
function isUnchanged(ifRange: string | string[] | undefined, { etag, lastModified }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === lastModified;
}
