import type { Services } from '#domain/core/deps.ts';
import { uploadLeads } from '#domain/sales/import/upload-leads.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { readParameters } from '#http/query-parameters.ts';
import type { Gatekeeper } from '#http/request.ts';
import { createJobUploadEndpoint } from './job-upload.ts';
import { LEAD_FILE_PARAMETERS, LEAD_FILE_TYPES } from './leads.ts';
import { charsetOf } from './upload-request.ts';

/**
 * Creates the endpoint for large files of leads. `POST /leads/imports` accepts the same files as `POST /leads`, and starts the job of
 * src/domain/sales/import/import-lead-file.ts. Also throws BadUserInput; see createJobUploadEndpoint.
 */
export function createLeadImportEndpoint(services: Services, gatekeeper: Gatekeeper, metrics: Metrics) {
  let received = 0;
  metrics.counter('parley_lead_import_bytes_total', 'Bytes of files of leads received for jobs.', () => received);
  return createJobUploadEndpoint(services, gatekeeper, {
    path: '/leads/imports',
    what: 'files of leads',
    types: LEAD_FILE_TYPES,
    count: (bytes) => (received += bytes),
    store(deps, request, file) {
      const charset = charsetOf(request) ?? null;
      return uploadLeads(deps, { charset, ...readParameters(request, LEAD_FILE_PARAMETERS) }, file);
    },
  });
}
