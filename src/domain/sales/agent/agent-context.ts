import { Temporal } from 'temporal-polyfill';
import type { Deps } from '#domain/core/deps.ts';
import { possibleTimeZones, timeZoneOf } from '#domain/sales/lead-zones.ts';
import type { Participants } from '#domain/sales/meetings/free-times.ts';
import { type WorkingHours, workingHoursOf } from '#domain/sales/meetings/working-hours.ts';
import type { Call, Campaign, Lead } from '#generated/prisma/client.ts';
import { agentLanguage } from './languages/tags.ts';
import type { CallContext } from './machine.ts';

/** Returns what the agent knows about a call. */
export function agentContext(
  deps: Pick<Deps, 'now' | 'sales'>,
  { call, lead, owner, campaign }: Participants & { call: Call; campaign: Campaign | null },
): CallContext {
  const now = deps.now();
  const zone = timeZoneOf(lead, now);
  const hours = workingHoursOf(deps, owner);
  return {
    names: { owner: owner.displayName ?? owner.username, lead: lead.name, topic: topicOf(campaign) },
    direction: call.direction,
    language: agentLanguage(lead.language) ?? agentLanguage(campaign?.language) ?? 'en',
    now,
    callsAgain: callsAgain(deps, call, lead, campaign),
    zone,
    zoneIsSure: possibleTimeZones(deps.sales, lead).length <= 1,
    isOpen: (at) => isWorkingTime(at, hours, hours.timeZone ?? zone),
  };
}

/**
 * Whether a campaign will call the lead again. Uses the same limits as `nextStep`, but counts the lead's attempts, which are
 * at least those of the campaign.
 */
function callsAgain(
  { sales }: Pick<Deps, 'sales'>,
  { direction }: Call,
  lead: Lead,
  campaign: Campaign | null,
): boolean {
  return (
    direction === 'OUTBOUND' && campaign !== null && lead.attempts < Math.min(sales.maxAttempts, campaign.maxAttempts)
  );
}

/** The maximum length of a topic in UTF-16 units: what can be said in a breath. */
export const MAX_TOPIC_LENGTH = 200;

/** Returns the topic of a campaign's calls, in a form for the middle of a sentence; null if there is none, or it is too long to say. */
function topicOf(campaign: Campaign | null): string | null {
  const topic = campaign?.goal.trim().replace(/[.!\s]+$/u, '') ?? '';
  return topic === '' || topic.length > MAX_TOPIC_LENGTH ? null : topic;
}

function isWorkingTime(at: Date, { start, end, days }: WorkingHours, zone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return days.includes(local.dayOfWeek) && start <= time && time < end;
}
