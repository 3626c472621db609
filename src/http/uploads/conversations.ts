import type { Services } from '#domain/core/deps.ts';
import { uploadForJob } from '#domain/core/upload-for-job.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { readParameters } from '#http/query-parameters.ts';
import type { Gatekeeper } from '#http/request.ts';
import { createJobUploadEndpoint } from './job-upload.ts';

/**
 * Creates the endpoint for exports of other applications. `POST /conversations` accepts an exported file of JSON, JSON Lines or CSV, and
 * starts the job of src/domain/conversations/import/import-conversations.ts. See createJobUploadEndpoint.
 */
export function createConversationEndpoint(services: Services, gatekeeper: Gatekeeper, metrics: Metrics) {
  let received = 0;
  metrics.counter(
    'parley_conversation_upload_bytes_total',
    'Bytes of files of conversations received.',
    () => received,
  );
  return createJobUploadEndpoint(services, gatekeeper, {
    path: '/conversations',
    what: 'files of conversations',
    types: ['application/json', 'application/jsonl', 'application/x-ndjson', 'text/csv'],
    count: (bytes) => (received += bytes),
    store(deps, request, file) {
      readParameters(request, {});
      return uploadForJob(deps, { action: 'conversation.upload', kind: 'IMPORT_CONVERSATIONS' }, file);
    },
  });
}
