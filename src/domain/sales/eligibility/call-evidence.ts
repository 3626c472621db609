import type { SalesRules } from '#config/sales.ts';
import { possibleTimeZones } from '#domain/sales/lead-zones.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import type { Lead } from '#generated/prisma/client.ts';

/** What a call was judged by that was dialled, as it stands in its row; times by ISO 8601. */
export type CallEvidence = {
  consentAt: string | null;
  consentReference: string | null;
  registryCheckedAt: string | null;
  registryReference: string | null;
  /** By ISO 3166; null for a number of none. */
  country: string | null;
  timeZones: readonly string[];
};

/** Returns what a lead is judged by, to be kept with its call. */
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
