import type { CampaignOfQuery, CreateCampaignInput } from '../generated/graphql.ts';
import { zoneOfDay } from './calls.ts';
import type { Client } from './client.ts';
import type { TestDatabase } from './databases.ts';
import { CampaignOf, CreateCampaign, ImportLeads, PauseCampaign, StartCampaign } from './operations.ts';
import { sql } from './sql.ts';
import { until } from './until.ts';

/** When leads agreed to be called, as CSV has it, and by which clock they live. */
type Terms = { agreedAt: string; timeZone: string };

const YESTERDAY = new Date(Date.now() - 24 * 3_600_000).toISOString();

let phones = 0;

/** Imports leads that may be called now, unless other terms are given, tags them, and makes a campaign of them, which is a DRAFT; returns its id. */
export async function makeCampaign(
  owner: Client,
  leads: number,
  more: Partial<CreateCampaignInput> = {},
  { agreedAt, timeZone }: Terms = { agreedAt: YESTERDAY, timeZone: zoneOfDay() },
): Promise<string> {
  const tag = `campaign ${phones}`;
  const rows = Array.from(
    { length: leads },
    () => `דנה ${phones},+97254${String(3_000_000 + phones++)},${tag},${agreedAt},${agreedAt}`,
  );
  const csv = `name,phone,tags,consent,registry check\n${rows.join('\n')}\n`;
  await owner.ask(ImportLeads, { input: { csv, defaultLanguage: 'he', defaultTimeZone: timeZone } });
  const { createCampaign } = await owner.ask(CreateCampaign, {
    input: { name: 'אביב', goal: 'Book a meeting', leadFilter: { tagsAny: [tag] }, ...more },
  });
  return createCampaign?.campaign.id as string;
}

type Campaign = NonNullable<CampaignOfQuery['campaign']>;

/** Returns a campaign, whose progress adds up. */
export async function campaignOf(owner: Client, id: string): Promise<Campaign> {
  const { campaign } = await owner.ask(CampaignOf, { id });
  const found = campaign as Campaign;
  assertAddsUp(found.progress);
  return found;
}

/** Throws where the leads of a campaign are not those that are counted by their status. */
export function assertAddsUp(progress: Campaign['progress']): void {
  const { leads, pending, inProgress, reached, notReached, blocked, cancelled } = progress;
  const sum = pending + inProgress + reached + notReached + blocked + cancelled;
  if (sum !== leads) throw new Error(`The progress does not add up: ${JSON.stringify(progress)}`);
}

/** Resolves with the campaign once it `passes`. */
export const waitForCampaign = (owner: Client, id: string, passes: (campaign: Campaign) => boolean) =>
  until(() => campaignOf(owner, id), passes);

/** Makes a campaign of one lead, whose window is closed for days; returns its id. */
export async function makeClosedCampaign(owner: Client, status: 'DRAFT' | 'RUNNING' | 'PAUSED'): Promise<string> {
  const today = new Date().getUTCDay() || 7;
  const day = [7, 1, 2, 3, 4].find(
    (weekday) => (weekday - today + 7) % 7 > 1 && (weekday - today + 7) % 7 < 6,
  ) as number;
  const id = await makeCampaign(owner, 1, {
    callWindow: { start: '09:00', end: '18:00', days: [day], respectShabbat: true },
  });
  if (status !== 'DRAFT') await owner.ask(StartCampaign, { id });
  if (status === 'PAUSED') await owner.ask(PauseCampaign, { id });
  return id;
}

/** Lets the jobs that sleep look again: databases keep to the real clock, whichever processes go by. */
export const wakeSleepingJobs = (database: TestDatabase): Promise<unknown> =>
  sql(database, `UPDATE pgboss.job SET start_after = now() WHERE state < 'active'`);
