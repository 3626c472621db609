import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { findOwnLead } from '#domain/sales/own-leads.ts';
import type { Lead } from '#generated/prisma/client.ts';
import { findFreeTimes } from './free-times.ts';
import { DEFAULT_DURATION_MINUTES, durationOf } from './meetings.ts';

/** A time that is free for a meeting. */
export type FreeSlot = { startsAt: Date; endsAt: Date };

/** Which times are asked for; without a lead, those of the owner alone. */
export type SlotsRequest = { from: Date; to: Date; leadId: string | null; durationMinutes: number | null };

/** The maximum number of days that are searched. */
export const MAX_SLOT_DAYS = 31;

/**
 * Returns every free time of the actor for a meeting between two moments, in order, by the same rules as those that the agent offers
 * (free-times.ts); none in the past. Throws BadUserInput, NotFound (the lead), Unavailable.
 */
export async function freeSlots(deps: Deps, { from, to, leadId, durationMinutes }: SlotsRequest): Promise<FreeSlot[]> {
  const { prisma } = deps.database;
  assertTime(from, to);
  const durationMs = durationOf('durationMinutes', durationMinutes ?? DEFAULT_DURATION_MINUTES);
  const owner = await prisma.user.findUniqueOrThrow({ where: { id: deps.actor.userId } });
  const lead = leadId === null ? null : await findLead(deps, leadId);
  if (!lead && owner.timeZone === null)
    throw new BadUserInput('leadId', 'Give a lead, or set the time zone of your `workingHours` with `updateViewer`.');
  const begin = new Date(Math.max(from.getTime(), deps.now().getTime()));
  const request = { from: begin, to, durationMs, count: Number.POSITIVE_INFINITY };
  const times = await findFreeTimes(prisma, deps, { owner, lead }, request);
  return times.map((startsAt) => ({ startsAt, endsAt: new Date(startsAt.getTime() + durationMs) }));
}

async function findLead(deps: Deps, leadId: string): Promise<Lead> {
  const lead = await findOwnLead(deps.database.prisma, deps, leadId);
  if (!lead) throw new NotFound('lead');
  return lead;
}

function assertTime(from: Date, to: Date): void {
  const days = (to.getTime() - from.getTime()) / (24 * 3_600_000);
  if (days <= 0) throw new BadUserInput('to', 'This must be later than `from`.');
  if (days > MAX_SLOT_DAYS) throw new BadUserInput('to', `At most ${MAX_SLOT_DAYS} days are searched at once.`);
}
