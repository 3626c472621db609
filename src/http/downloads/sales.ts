import type { IncomingMessage, ServerResponse } from 'node:http';
import { beginsWithDay, isInCommonYears } from '#domain/core/calendar-days.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkLeadFilter } from '#domain/sales/lead-filter.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import { exportCalls, exportLeads } from '#domain/sales/reports/export-rows.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';
import { createAdmission } from '#http/admission.ts';
import { readParameters } from '#http/query-parameters.ts';
import type { Gatekeeper } from '#http/request.ts';
import { assertMethod } from '#http/uploads/upload-request.ts';
import { optionalRowId } from '#resolvers/global-ids.ts';
import { authorizeDownload, sendDownload } from './download.ts';

/** The byte order mark by which Excel recognizes UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** The maximum number of concurrent downloads of one user, and of the process. */
const ADMITTED = { ofUser: 3, inAll: 16, what: 'downloads' } as const;

/**
 * Creates the endpoints for downloads of the viewer's data: `GET /leads.csv?status=&tag=&search=` and `GET
 * /calls.csv?campaignId=&from=&to=`. They stream CSV in UTF-8 of any length; `status` and `tag` may be repeated.
 *
 * The endpoint returns false for other paths, and throws HttpError (405), Unauthenticated, Forbidden, BadUserInput, RATE_LIMITED,
 * Unavailable.
 */
export function createSalesDownloads(services: Services, gatekeeper: Gatekeeper) {
  const admit = createAdmission(ADMITTED);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const file = FILES[path];
    if (!file) return false;
    assertMethod(request, 'GET');
    const actor = await authorizeDownload(gatekeeper, request);
    const parts = file({ ...services, actor }, request);
    await admit(actor.userId, () =>
      sendDownload(response, { name: path.slice(1), type: 'text/csv' }, withByteOrderMark(parts)),
    );
    return true;
  };
}

const FILES: Record<string, (deps: Deps, request: IncomingMessage) => AsyncGenerator<string>> = {
  '/leads.csv': (deps, request) => {
    const { status, tag, search } = readParameters(request, { status: 'list', tag: 'list', search: 'once' });
    return exportLeads(deps, checkLeadFilter({ statuses: status?.map(toStatus) ?? null, tagsAny: tag, search }));
  },
  '/calls.csv': (deps, request) => {
    const { campaignId, from, to } = readParameters(request, { campaignId: 'once', from: 'once', to: 'once' });
    return exportCalls(deps, {
      campaignId: optionalRowId(campaignId, 'Campaign', 'campaignId'),
      from: toDate(from, 'from'),
      to: toDate(to, 'to'),
    });
  },
};

function toStatus(text: string): LeadStatus {
  if (Object.hasOwn(LEAD_TRANSITIONS, text)) return text as LeadStatus;
  throw new BadUserInput('status', `This must be one of ${Object.keys(LEAD_TRANSITIONS).join(', ')}.`);
}

/** A day, or a time with its offset: without one, it would be that of the server's clock. */
const MOMENT = /^.{10}$|(?:Z|[+-]\d{2}:?\d{2})$/i;

function toDate(text: string | null, field: string): Date | null {
  if (text === null) return null;
  const date = new Date(text);
  if (beginsWithDay(text) && isInCommonYears(date) && MOMENT.test(text)) return date;
  throw new BadUserInput(field, 'Give a time as 2026-03-31T09:30:00Z.');
}

async function* withByteOrderMark(parts: AsyncGenerator<string>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK;
  yield* parts;
}
