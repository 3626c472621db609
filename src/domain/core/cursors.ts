import { createHmac, timingSafeEqual } from 'node:crypto';
import { BadUserInput } from './errors.ts';

/** A sort key as JSON holds it. */
export type CursorValue = string | number | null;

/**
 * Opaque positions in a list: the sort keys of a row, signed together with the list's name. So a client can neither forge a cursor
 * nor use it in a list of another order.
 */
export type Cursors = {
  /** Returns the cursor of a row by its sort keys. */
  write(list: string, values: readonly (CursorValue | Date)[]): string;
  /** Throws BadUserInput for anything that `write` did not make for the same list. */
  read(list: string, cursor: string, field: string): CursorValue[];
};

/** 96 bits of an HMAC: beyond guessing, and still short in a URL. */
const MAC_BYTES = 12;

/** Cursors signed with the secret that all processes of the installation share. */
export function createCursors(secret: Uint8Array): Cursors {
  const sign = (list: string, body: Buffer) =>
    createHmac('sha256', secret).update(list).update('\0').update(body).digest().subarray(0, MAC_BYTES);
  return {
    write(list, values) {
      const body = Buffer.from(JSON.stringify(values));
      return Buffer.concat([sign(list, body), body]).toString('base64url');
    },
    read(list, cursor, field) {
      const bytes = Buffer.from(cursor, 'base64url');
      const body = bytes.subarray(MAC_BYTES);
      const valid =
        bytes.length > MAC_BYTES &&
        bytes.toString('base64url') === cursor &&
        timingSafeEqual(bytes.subarray(0, MAC_BYTES), sign(list, body));
      if (!valid)
        throw new BadUserInput(
          field,
          'This is not a cursor of this list; take `cursor`, `startCursor` or `endCursor` from it.',
        );
      return JSON.parse(body.toString()) as CursorValue[];
    },
  };
}
