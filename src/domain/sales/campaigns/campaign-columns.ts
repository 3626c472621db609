import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkClock, checkClosingTime, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import { agentLanguage, SPOKEN } from '#domain/sales/agent/languages/tags.ts';
import { narrowWindow } from '#domain/sales/eligibility/call-window.ts';
import type { CallWindow } from '#domain/sales/eligibility/zone-calendar.ts';
import { checkLanguage } from '#domain/sales/lead-columns.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from './campaign-filter.ts';
import { checkStart } from './start-on-time.ts';

/** The maximum length of the agent's goal, in UTF-16 units. */
export const MAX_GOAL_LENGTH = 2_000;
/** The maximum number of concurrent calls of one campaign. */
export const MAX_CAMPAIGN_CALLS = 50;

/** What can be set on a campaign; null is the same as omitted, except for `startsAt`. */
export type CampaignFields = {
  name?: string | null | undefined;
  goal?: string | null | undefined;
  language?: string | null | undefined;
  callWindow?: CallWindow | null | undefined;
  maxConcurrentCalls?: number | null | undefined;
  maxAttempts?: number | null | undefined;
  /** When it starts by itself; null if it does not. */
  startsAt?: Date | null | undefined;
};

/** Returns the columns of the given fields. Throws BadUserInput. */
export function campaignColumns({ sales, now }: Pick<Deps, 'sales' | 'now'>, fields: CampaignFields) {
  const { name, goal, language, callWindow, maxConcurrentCalls, maxAttempts, startsAt } = fields;
  return {
    ...(name == null ? {} : { name: checkText('input.name', name.trim(), { max: MAX_CAMPAIGN_NAME_LENGTH }) }),
    ...(goal == null ? {} : { goal: checkText('input.goal', goal.trim(), { max: MAX_GOAL_LENGTH }) }),
    ...(language == null ? {} : { language: checkSpoken(checkLanguage('input.language', language)) }),
    ...(callWindow == null ? {} : windowColumns(checkWindow(sales.callWindow, callWindow))),
    ...(maxConcurrentCalls == null
      ? {}
      : {
          maxConcurrentCalls: checkWholeNumber('input.maxConcurrentCalls', maxConcurrentCalls, {
            min: 1,
            max: MAX_CAMPAIGN_CALLS,
          }),
        }),
    ...(maxAttempts == null
      ? {}
      : { maxAttempts: checkWholeNumber('input.maxAttempts', maxAttempts, { min: 1, max: sales.maxAttempts }) }),
    ...(startsAt === undefined ? {} : { startsAt: startsAt && checkStart({ now }, startsAt) }),
  };
}

const windowColumns = ({ start, end, days, respectShabbat }: CallWindow) => ({
  windowStart: start,
  windowEnd: end,
  windowDays: [...days],
  respectShabbat,
});

/** Returns the window with its days in order. Throws BadUserInput if nobody could ever be called in it. */
function checkWindow(operators: CallWindow, window: CallWindow): CallWindow {
  checkClock('input.callWindow.start', window.start);
  checkClosingTime('input.callWindow.end', window.end);
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
