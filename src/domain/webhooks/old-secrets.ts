import { DomainError } from '#domain/core/errors.ts';
import type { Webhook } from '#generated/prisma/client.ts';

/** For how many hours an old secret signs, too, after a rotation. */
export const ROTATION_HOURS = 24;
/** How many old secrets of a webhook may sign at once: each makes the header of every request longer. */
export const MAX_OLD_SECRETS = 10;

type OldSecret = { secret: string; until: string };

type OldSecretColumns = { previousSecret: string; previousSecretUntil: Date; olderSecrets: OldSecret[] };

/**
 * Returns the columns of a webhook whose present secret becomes an old one: those from earlier rotations sign until their own time, as a
 * receiver may still know no other. Throws LIMIT_EXCEEDED.
 */
export function retireSecret(webhook: Webhook, now: Date): OldSecretColumns {
  const olderSecrets = oldSecretsOf(webhook).filter(({ until }) => Date.parse(until) > now.getTime());
  if (olderSecrets.length >= MAX_OLD_SECRETS) throw tooManyRotations(olderSecrets);
  const previousSecretUntil = new Date(now.getTime() + ROTATION_HOURS * 3_600_000);
  return { previousSecret: webhook.secret, previousSecretUntil, olderSecrets };
}

/** The latest first. */
function oldSecretsOf({ previousSecret, previousSecretUntil, olderSecrets }: Webhook): OldSecret[] {
  const older = olderSecrets as OldSecret[];
  if (previousSecret === null || previousSecretUntil === null) return older;
  return [{ secret: previousSecret, until: previousSecretUntil.toISOString() }, ...older];
}

function tooManyRotations(old: readonly OldSecret[]): DomainError {
  const { until } = old.at(-1) as OldSecret;
  return new DomainError(
    'LIMIT_EXCEEDED',
    `A secret can be rotated ${MAX_OLD_SECRETS} times in ${ROTATION_HOURS} hours, as old secrets sign for so long; rotate it again after ${until}.`,
    { limit: MAX_OLD_SECRETS, limited: 'old secrets', actual: old.length },
  );
}
