import type { SalesRules } from '#config/sales.ts';
import { possibleTimeZones } from '#domain/sales/lead-zones.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import type { Lead } from '#generated/prisma/client.ts';

/** The evidence that a dialled call was judged by, as stored in its row; times in ISO 8601. */
export type CallEvidence = {
  consentAt: string | null;
  consentReference: string | null;
  registryCheckedAt: string | null;
  registryReference: string | null;
  /** The ISO 3166 code; null for a number without a country. */
  country: string | null;
  timeZones: readonly string[];
};

/** Returns the evidence about a lead, to be stored with its call. */
export function evidenceOf(sales: SalesRules, lead: Lead): CallEvidence {
  const { consentAt, consentReference, registryCheckedAt, registryReference, phone } = lead;
  return {
    consentAt: consentAt?.toISOString() ?? null,
    consentReference,
    registryCheckedAt: registryCheckedAt?.toISOString() ?? null,
    registryReference,
    country: placeOfNumber(phone).country,
    timeZones: possibleTimeZones(sales, lead),
  };
}
