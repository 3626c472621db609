import type { Campaign } from '#generated/prisma/client.ts';
import type { CallWindow } from './zone-calendar.ts';

export const windowOf = (campaign: Campaign): CallWindow => ({
  start: campaign.windowStart,
  end: campaign.windowEnd,
  days: campaign.windowDays,
  respectShabbat: campaign.respectShabbat,
});

/** Returns the intersection of both windows: a campaign may narrow the operator's window, but not widen it. */
export const narrowWindow = (these: CallWindow, those: CallWindow): CallWindow => ({
  start: these.start > those.start ? these.start : those.start,
  end: these.end < those.end ? these.end : those.end,
  days: these.days.filter((day) => those.days.includes(day)),
  respectShabbat: these.respectShabbat || those.respectShabbat,
});
