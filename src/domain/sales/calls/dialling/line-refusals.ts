import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';

/** Records the error with which a provider refuses all calls; null clears it after another answer. */
export async function noteLineAnswer(
  { tx }: TransactionChange,
  { now }: Pick<Deps, 'now'>,
  provider: string,
  refusal: string | null,
): Promise<void> {
  const where = refusal === null ? { provider, refusal: { not: null } } : { provider };
  await tx.dialPace.updateMany({ where, data: { refusal, refusedAt: refusal && now() } });
}
