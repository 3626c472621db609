import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';

/** Notes by which error a provider makes no calls at all; null where it has just answered otherwise. */
export async function noteLineAnswer(
  { tx }: TransactionChange,
  { now }: Pick<Deps, 'now'>,
  provider: string,
  refusal: string | null,
): Promise<void> {
  const where = refusal === null ? { provider, refusal: { not: null } } : { provider };
  await tx.dialPace.updateMany({ where, data: { refusal, refusedAt: refusal && now() } });
}
