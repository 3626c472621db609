import * as domain from '#domain/sales/reports/call-report.ts';
import type { Campaign } from '#generated/prisma/client.ts';
import { blockedLeads, callReports, meetingOutcomes } from '#loaders/reports.ts';
import type { Context } from './context.ts';

/** Returns what the numbers of a campaign are of. */
export const stats = ({ id }: Campaign): domain.ReportScope => ({ of: 'campaign', id, from: null, to: null });

/** Returns what the numbers of the viewer in some time are of. */
export function salesReport(_root: unknown, { from, to }: { from: Date; to: Date }, { deps }: Context) {
  domain.assertReportTime(from, to);
  return { of: 'owner', id: deps.actor.userId, from, to } satisfies domain.ReportScope;
}

/** Returns one of the numbers of calls. */
export const number =
  <Value>(read: (report: domain.CallReport) => Value) =>
  async (scope: domain.ReportScope, _args: unknown, { load }: Context) =>
    read(await load(callReports, scope));

/** Returns how many meetings were held. */
export const meetingsHeld = async (scope: domain.ReportScope, _args: unknown, { load }: Context) =>
  (await load(meetingOutcomes, scope)).meetingsHeld;

/** Returns to how many meetings the lead did not come. */
export const noShows = async (scope: domain.ReportScope, _args: unknown, { load }: Context) =>
  (await load(meetingOutcomes, scope)).noShows;

/** Returns how many leads may not be called, by reason. */
export const blocked = (scope: domain.ReportScope, _args: unknown, { load }: Context) => load(blockedLeads, scope);
