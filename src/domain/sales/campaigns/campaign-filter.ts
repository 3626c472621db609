import type { CampaignStatus } from '#generated/prisma/enums.ts';

/** A filter for campaigns; null matches any. */
export type CampaignFilter = {
  statuses: readonly CampaignStatus[] | null;
  /** A part of the name. */
  nameContains: string | null;
};

/** The maximum length of a name, and of a text to search names for, in UTF-16 units. */
export const MAX_CAMPAIGN_NAME_LENGTH = 200;
