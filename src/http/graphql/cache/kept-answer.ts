/** An answer that is kept, with what is to be known of it. */
export type KeptAnswer = {
  /** The JSON of the result. */
  bytes: Buffer;
  /** The state of the viewer's data that it is of at least. */
  stamp: string;
  /** Until when it may be served, by the clock of the database: milliseconds since 1970. */
  expiresAt: number;
  /** What a request for it is charged in all, and what the client calls the operation. */
  points: number;
  name: string | null;
};

type Header = Pick<KeptAnswer, 'expiresAt' | 'points' | 'name'>;

/** Returns an answer as bytes; the stamp is kept beside them. */
export function serializeAnswer({ bytes, expiresAt, points, name }: KeptAnswer): Buffer {
  const header: Header = { expiresAt, points, name };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes]);
}

/** Returns the answer of some bytes; null where they are none. */
export function parseAnswer(serialized: Buffer, stamp: string): KeptAnswer | null {
  const end = serialized.indexOf('\n');
  try {
    const header: Header = JSON.parse(serialized.subarray(0, end).toString());
    return { ...header, stamp, bytes: serialized.subarray(end + 1) };
  } catch {
    return null;
  }
}
