import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { write } from '#domain/core/write.ts';
import type { Lead } from '#generated/prisma/client.ts';
import { type Hashing, hashPhone, hashPhones } from './phones/hash-phone.ts';
import { parsePhone } from './phones/parse-phone.ts';

/** Records that numbers asked their owner not to be called. */
export async function recordDoNotCall(tx: Tx, deps: Hashing, ownerId: string, ...phones: string[]): Promise<void> {
  const data = phones.map((phone) => ({ ownerId, phoneHash: hashPhone(deps, ownerId, phone) }));
  await tx.doNotCall.createMany({ data, skipDuplicates: true });
}

/** Returns which of an owner's numbers asked not to be called. */
export async function findDoNotCall(
  db: Pick<Tx, 'doNotCall'>,
  deps: Hashing,
  ownerId: string,
  phones: readonly string[],
): Promise<Set<string>> {
  const hashes = await hashPhones(deps, ownerId, phones);
  const byHash = new Map(hashes.map((hash, index) => [hexOf(hash), phones[index] as string]));
  const phoneHash = { in: hashes };
  const rows = await db.doNotCall.findMany({ where: { ownerId, phoneHash }, select: { phoneHash: true } });
  return new Set(rows.map((row) => byHash.get(hexOf(row.phoneHash)) as string));
}

/**
 * Sets a lead to DO_NOT_CALL if its number is on the owner's list. Has to run after the row is written: whoever held the number before has
 * committed by then.
 */
export async function applyDoNotCall(
  tx: Tx,
  deps: Hashing,
  { id, ownerId, phone }: Pick<Lead, 'id' | 'ownerId' | 'phone'>,
): Promise<void> {
  const refused = await findDoNotCall(tx, deps, ownerId, [phone]);
  if (refused.size > 0) await tx.lead.update({ where: { id }, data: { status: 'DO_NOT_CALL' }, select: { id: true } });
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Which do-not-call request is lifted, and why. */
export type DoNotCallLift = WithIdempotencyKey & {
  userId: string;
  phone: string;
  reason: string;
};

/** The maximum length of the reason, in UTF-16 units. */
export const MAX_REASON_LENGTH = 1_000;

/**
 * Lifts the do-not-call request of a user's number; a lead with that number becomes NEW again. For ADMINs only; the caller has to check
 * that. The reason is audited. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export async function liftDoNotCall(deps: Deps, { idempotencyKey, ...lift }: DoNotCallLift): Promise<void> {
  const { userId: ownerId } = lift;
  const reason = checkText('input.reason', lift.reason.trim(), { max: MAX_REASON_LENGTH });
  const { defaultPhoneRegion } = deps.sales;
  const parsed = parsePhone(lift.phone, defaultPhoneRegion === null ? [] : [defaultPhoneRegion]);
  if ('problem' in parsed) throw new BadUserInput('input.phone', parsed.problem);
  const { phone } = parsed;
  await write(deps, {
    action: 'doNotCall.lift',
    once: { key: idempotencyKey, input: lift },
    async run({ tx, about, changed }) {
      const lead = await tx.lead.findUnique({ where: { ownerId_phone: { ownerId, phone } }, select: { id: true } });
      if (lead)
        await tx.lead.updateMany({
          where: { ...lead, status: 'DO_NOT_CALL' },
          data: { status: 'NEW', updatedAt: deps.now() },
        });
      const { count } = await tx.doNotCall.deleteMany({
        where: { ownerId, phoneHash: hashPhone(deps, ownerId, phone) },
      });
      if (count === 0) throw new NotFound('number that asked not to be called');
      about(lead ? { type: 'Lead', id: lead.id } : { type: 'User', id: ownerId }, { reason });
      if (lead) changed({ ownerId, type: 'LEAD', id: lead.id });
    },
  });
}
