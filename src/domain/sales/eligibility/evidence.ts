import type { SalesRules } from '#config/sales.ts';
import type { Lead } from '#generated/prisma/client.ts';
import type { CallRestriction } from './restriction.ts';

/** Something that some countries require to have happened, and recently enough, before a lead is called. */
type Evidence = {
  at: Date | null;
  days: number;
  missing: Omit<CallRestriction, 'until'>;
  expired: Omit<CallRestriction, 'until'>;
};

const DAY_MS = 24 * 3_600_000;

/** Returns the evidence that the country of a number requires. */
export function evidenceFor(
  { consent, registry }: SalesRules,
  { consentAt, registryCheckedAt }: Pick<Lead, 'consentAt' | 'registryCheckedAt'>,
  country: string | null,
): Evidence[] {
  const asks = ({ countries }: { countries: readonly string[] }) => country !== null && countries.includes(country);
  return [
    ...(asks(consent) ? [consentEvidence(consentAt, consent.days)] : []),
    ...(asks(registry) ? [registryEvidence(registryCheckedAt, registry.days)] : []),
  ];
}

/** Returns why the evidence is insufficient at a moment; null if it is sufficient. */
export function evidenceProblem({ at, days, missing, expired }: Evidence, moment: number): CallRestriction | null {
  if (at === null) return { ...missing, until: null };
  return moment > at.getTime() + days * DAY_MS ? { ...expired, until: null } : null;
}

const consentEvidence = (at: Date | null, days: number): Evidence => ({
  at,
  days,
  missing: {
    code: 'CONSENT_MISSING',
    message: 'Calls to this country take the consent of whoever is called; record it as `consentAt`.',
  },
  expired: {
    code: 'CONSENT_EXPIRED',
    message: `The consent is older than ${days} days; ask for it again.`,
  },
});

const registryEvidence = (at: Date | null, days: number): Evidence => ({
  at,
  days,
  missing: {
    code: 'REGISTRY_CHECK_MISSING',
    message: 'Look the number up in the do-not-call registry of its country, and record that as `registryCheckedAt`.',
  },
  expired: {
    code: 'REGISTRY_CHECK_EXPIRED',
    message: `The do-not-call registry was asked more than ${days} days ago; ask it again.`,
  },
});
