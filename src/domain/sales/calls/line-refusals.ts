import type { JobChange } from '#domain/core/job-hooks.ts';

/** Notes by which error a provider makes no calls at all; null where it has just answered otherwise. */
export async function noteLineAnswer({ tx, now }: JobChange, provider: string, refusal: string | null): Promise<void> {
  const wasRefused = { provider, refusal: { not: null } };
  if (refusal === null) await tx.dialPace.updateMany({ where: wasRefused, data: { refusal: null, refusedAt: null } });
  else await tx.dialPace.update({ where: { provider }, data: { refusal, refusedAt: now }, select: { provider: true } });
}
