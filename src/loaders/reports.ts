import type { Services } from '#domain/core/deps.ts';
import { type BlockedLeads, readBlockedLeads } from '#domain/sales/reports/blocked-leads.ts';
import { type CallReport, type ReportScope, readCallReports } from '#domain/sales/reports/call-report.ts';
import { type MeetingOutcomes, readMeetingOutcomes } from '#domain/sales/reports/meeting-outcomes.ts';
import { defineLoader, type LoaderDefinition, type LoadRequest } from './loader.ts';

type Read<Value> = (services: Services, of: ReportScope['of'], scopes: readonly ReportScope[]) => Promise<Value[]>;

/** One statement for each kind of scope. */
const reports = <Value>(read: Read<Value>): LoaderDefinition<ReportScope, Value> =>
  defineLoader<ReportScope, Value>({
    cacheKey: JSON.stringify,
    async batch(services, requests) {
      const values = new Map<LoadRequest<ReportScope>, Value>();
      for (const [of, group] of Map.groupBy(requests, ({ key }) => key.of)) {
        const found = await read(
          services,
          of,
          group.map(({ key }) => key),
        );
        for (const [index, request] of group.entries()) values.set(request, found[index] as Value);
      }
      return requests.map((request) => values.get(request) as Value);
    },
  });

export const callReports = reports<CallReport>(readCallReports);
export const blockedLeads = reports<BlockedLeads[]>(readBlockedLeads);
export const meetingOutcomes = reports<MeetingOutcomes>(readMeetingOutcomes);
