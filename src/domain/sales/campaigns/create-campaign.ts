import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { checkClock, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { agentLanguage, SPOKEN } from '#domain/sales/agent/languages/tags.ts';
import { narrowWindow } from '#domain/sales/eligibility/call-window.ts';
import type { CallWindow } from '#domain/sales/eligibility/zone-calendar.ts';
import { checkLanguage } from '#domain/sales/lead-columns.ts';
import { checkLeadFilter, type LeadFilter } from '#domain/sales/lead-filter.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign } from '#generated/prisma/client.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from './campaign-filter.ts';
import { addNextLeads, chooseLeads } from './campaign-leads.ts';
import { enqueueRun, findOwnCampaign } from './campaigns.ts';
import { acquireCampaignLock } from './campaigns-of-lead.ts';

/** The maximum length of the agent's goal, in UTF-16 units. */
export const MAX_GOAL_LENGTH = 2_000;
/** The maximum number of concurrent calls of one campaign. */
export const MAX_CAMPAIGN_CALLS = 50;
/** The defaults of a campaign. */
export const DEFAULTS = { maxConcurrentCalls: 3, maxAttempts: 3 };

/** A campaign to create; its leads are either those with the ids, or all that match the filter now. */
export type NewCampaign = WithIdempotencyKey & {
  name: string;
  goal: string;
  language?: string | null | undefined;
  leadIds: readonly string[] | null;
  leadFilter: LeadFilter | null;
  callWindow?: CallWindow | null | undefined;
  maxConcurrentCalls?: number | null | undefined;
  maxAttempts?: number | null | undefined;
};

/**
 * Creates a campaign of the leads chosen now, which calls nobody until it is started. The first leads are added at once, the others by its
 * job. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound (a lead), IdempotencyConflict.
 */
export async function createCampaign(deps: Deps, { idempotencyKey, ...input }: NewCampaign): Promise<Campaign> {
  const columns = campaignColumns(deps, input);
  const leadFilter = input.leadFilter && checkLeadFilter(input.leadFilter);
  const [id, ownerId] = [uuidv7(), deps.actor.userId];
  return writeAndLoad(deps, {
    action: 'campaign.create',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx, about, changed } = change;
      await acquireCampaignLock(tx, ownerId);
      const row = { ...columns, id, ownerId, createdAt: deps.now() };
      await tx.campaign.create({ data: row, select: { id: true } });
      const leads = await chooseLeads(tx, deps, id, { leadIds: input.leadIds, leadFilter });
      if ((await addNextLeads(tx, id)) > 0)
        await tx.campaign.update({
          where: { id },
          data: { jobId: await enqueueRun(change, id) },
          select: { id: true },
        });
      about({ type: 'Campaign', id }, { leads });
      changed({ ownerId, type: 'CAMPAIGN', id });
      return id;
    },
    what: 'campaign',
    load: (campaignId) => findOwnCampaign(deps.database.prisma, deps, campaignId),
  });
}

function campaignColumns({ sales }: Deps, input: NewCampaign) {
  const { maxConcurrentCalls, maxAttempts } = input;
  const window = checkWindow(sales.callWindow, input.callWindow ?? sales.callWindow);
  return {
    name: checkText('input.name', input.name.trim(), { max: MAX_CAMPAIGN_NAME_LENGTH }),
    goal: checkText('input.goal', input.goal.trim(), { max: MAX_GOAL_LENGTH }),
    language: checkSpoken(checkLanguage('input.language', input.language ?? DEFAULT_LANGUAGE)),
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

/** Returns the window with its days in order. Throws BadUserInput if nobody could ever be called in it. */
function checkWindow(operators: CallWindow, window: CallWindow): CallWindow {
  for (const part of ['start', 'end'] as const) checkClock(`input.callWindow.${part}`, window[part]);
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

function checkSpoken(language: string): string {
  if (agentLanguage(language)) return language;
  throw new BadUserInput('input.language', `Calls are made in ${SPOKEN}, and not in ${language}.`);
}
