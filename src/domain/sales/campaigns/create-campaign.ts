import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { isKeyTaken } from '#domain/core/idempotency.ts';
import { removeUnseen } from '#domain/core/sliced-import.ts';
import { checkText, checkWholeNumber } from '#domain/core/validation.ts';
import { writeOnce } from '#domain/core/write.ts';
import { narrowWindow } from '#domain/sales/eligibility/call-window.ts';
import type { CallWindow } from '#domain/sales/eligibility/zone-calendar.ts';
import { checkLanguage } from '#domain/sales/lead-columns.ts';
import { checkLeadFilter, type LeadFilter } from '#domain/sales/lead-filter.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign } from '#generated/prisma/client.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from './campaign-filter.ts';
import { CAMPAIGNS, importCampaign, listLeads } from './campaign-leads.ts';
import { findOwnCampaign } from './campaigns.ts';
import { acquireCampaignLock } from './campaigns-of-lead.ts';

/** UTF-16 units of what the agent is to reach. */
export const MAX_GOAL_LENGTH = 2_000;
/** Calls of one campaign at once. */
export const MAX_CAMPAIGN_CALLS = 50;
/** What a campaign has where nothing else is given. */
export const DEFAULTS = { maxConcurrentCalls: 3, maxAttempts: 3 };

/** A campaign to create; its leads are either those of the ids, or all that pass the filter now. */
export type NewCampaign = {
  name: string;
  goal: string;
  language?: string | null | undefined;
  leadIds: readonly string[] | null;
  leadFilter: LeadFilter | null;
  callWindow?: CallWindow | null | undefined;
  maxConcurrentCalls?: number | null | undefined;
  maxAttempts?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
};

/**
 * Creates a campaign of the leads that are chosen now, which calls nobody before it is started. Nobody sees a part of it: its leads
 * are written a few at a time. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound (a lead),
 * IdempotencyConflict.
 */
export async function createCampaign(deps: Deps, { idempotencyKey, ...input }: NewCampaign): Promise<Campaign> {
  const { prisma } = deps.database;
  const columns = campaignColumns(deps, input);
  const isRepeated = await isKeyTaken(prisma, deps.actor, idempotencyKey);
  const leadFilter = input.leadFilter && checkLeadFilter(input.leadFilter);
  const leadIds = isRepeated ? [] : await listLeads(deps, { leadIds: input.leadIds, leadFilter });
  const [id, createdAt, ownerId] = [uuidv7(), deps.now(), deps.actor.userId];
  const rows = importCampaign(deps.database, { ...columns, id, createdAt }, leadIds);
  try {
    if (rows.isLong) await rows.writeAhead(deps.database);
    return await writeOnce(deps, {
      action: 'campaign.create',
      once: { key: idempotencyKey, input },
      async run({ tx, about, changed }) {
        await acquireCampaignLock(tx, ownerId);
        await rows.finish(tx, async () => (await tx.campaign.updateMany({ where: { id }, data: { ownerId } })).count);
        about({ type: 'Campaign', id }, { leads: leadIds.length });
        changed({ ownerId, type: 'CAMPAIGN', id });
        return id;
      },
      what: 'campaign',
      load: (campaignId) => findOwnCampaign(prisma, deps, campaignId),
    });
  } finally {
    if (rows.isLong) await removeUnseen(deps.database, CAMPAIGNS, [id]);
  }
}

function campaignColumns({ sales }: Deps, input: NewCampaign) {
  const { maxConcurrentCalls, maxAttempts } = input;
  const window = checkWindow(sales.callWindow, input.callWindow ?? sales.callWindow);
  return {
    name: checkText('input.name', input.name.trim(), { max: MAX_CAMPAIGN_NAME_LENGTH }),
    goal: checkText('input.goal', input.goal.trim(), { max: MAX_GOAL_LENGTH }),
    language: checkLanguage('input.language', input.language ?? DEFAULT_LANGUAGE),
    windowStart: window.start,
    windowEnd: window.end,
    windowDays: [...window.days],
    respectShabbat: window.respectShabbat,
    maxConcurrentCalls: checkWholeNumber(
      'input.maxConcurrentCalls',
      maxConcurrentCalls ?? DEFAULTS.maxConcurrentCalls,
      {
        min: 1,
        max: MAX_CAMPAIGN_CALLS,
      },
    ),
    maxAttempts: checkWholeNumber(
      'input.maxAttempts',
      maxAttempts ?? Math.min(DEFAULTS.maxAttempts, sales.maxAttempts),
      {
        min: 1,
        max: sales.maxAttempts,
      },
    ),
  };
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Returns the window with its days in order. Throws BadUserInput where nobody could ever be called in it. */
function checkWindow(operators: CallWindow, window: CallWindow): CallWindow {
  for (const part of ['start', 'end'] as const)
    if (!CLOCK.test(window[part]))
      throw new BadUserInput(`input.callWindow.${part}`, 'This is a time of day, as 09:00.');
  const days = [...new Set(window.days)].sort((a, b) => a - b);
  for (const day of days) checkWholeNumber('input.callWindow.days', day, { min: 1, max: 7 });
  const common = narrowWindow(operators, { ...window, days });
  if (common.start < common.end && common.days.length > 0) return { ...window, days };
  const { start, end } = operators;
  throw new BadUserInput(
    'input.callWindow',
    `Nobody could be called in this window: it begins before it ends, and calls are made from ${start} to ${end} on the days ${operators.days.join(', ')}.`,
  );
}
