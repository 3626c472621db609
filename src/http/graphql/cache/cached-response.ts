/** A cached answer and its metadata. */
export type CachedResponse = {
  /** The JSON of the result. */
  bytes: Buffer;
  /** The revision of the viewer's data that the answer includes at least. */
  stamp: string;
  /** Until when it may be served: milliseconds since 1970, by the clock of the database. */
  expiresAt: number;
  /** The points that a request for it takes in all, and the name of the operation. */
  points: number;
  name: string | null;
};

type Header = Pick<CachedResponse, 'expiresAt' | 'points' | 'name'>;

/** Encodes an answer; its stamp is stored beside the bytes. */
export function serializeResponse({ bytes, expiresAt, points, name }: CachedResponse): Buffer {
  const header: Header = { expiresAt, points, name };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes]);
}

/** Decodes an answer; null if the bytes are not one. */
export function parseResponse(serialized: Buffer, stamp: string): CachedResponse | null {
  const end = serialized.indexOf('\n');
  try {
    const header: Header = JSON.parse(serialized.subarray(0, end).toString());
    return { ...header, stamp, bytes: serialized.subarray(end + 1) };
  } catch {
    return null;
  }
}
