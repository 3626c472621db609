import type { CampaignStatus } from '#generated/prisma/enums.ts';

/** Which campaigns are meant; null is any. */
export type CampaignFilter = {
  statuses: readonly CampaignStatus[] | null;
  /** What the name contains. */
  nameContains: string | null;
};

/** UTF-16 units of a name, and of what is searched for in one. */
export const MAX_CAMPAIGN_NAME_LENGTH = 200;
