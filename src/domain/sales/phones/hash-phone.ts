import { createHmac } from 'node:crypto';
import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';

/** What hashing depends on: the installation's key. */
export type Hashing = Pick<Deps, 'sales'>;

/** Returns the keyed hash of an owner's number, which outlives its lead. Without the key it reveals nothing. */
export function hashPhone({ sales }: Hashing, ownerId: string, phone: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', sales.phoneHashKey).update(`${ownerId} ${phone}`).digest());
}

/** Returns the hashes of an owner's numbers, in order. 250 of them take 10 ms, in slices that yield to the event loop. */
export async function hashPhones(
  deps: Hashing,
  ownerId: string,
  phones: readonly string[],
): Promise<Uint8Array<ArrayBuffer>[]> {
  const hashes: Uint8Array<ArrayBuffer>[] = [];
  await visitInSlices(phones, (phone) => void hashes.push(hashPhone(deps, ownerId, phone)));
  return hashes;
}
