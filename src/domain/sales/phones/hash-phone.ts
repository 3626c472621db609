import { createHmac } from 'node:crypto';
import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';

/** What numbers are hashed with: the installation's key. */
export type Hashing = Pick<Deps, 'sales'>;

/** Returns what is kept of an owner's number that outlives its lead: a keyed hash, which says nothing without the key. */
export function hashPhone({ sales }: Hashing, ownerId: string, phone: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', sales.phoneHashKey).update(`${ownerId} ${phone}`).digest());
}

/** Returns the hashes of an owner's numbers, in their order. 250 of them take 10 ms, and let others have their turns meanwhile. */
export async function hashPhones(
  deps: Hashing,
  ownerId: string,
  phones: readonly string[],
): Promise<Uint8Array<ArrayBuffer>[]> {
  const hashes: Uint8Array<ArrayBuffer>[] = [];
  await visitInSlices(phones, (phone) => void hashes.push(hashPhone(deps, ownerId, phone)));
  return hashes;
}
