import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { isAnonymous } from '../resolvers/context.ts';
import type { LiveKeys } from './live-keys.ts';
import type { Pipeline } from './pipeline.ts';
import { SECURITY_HEADERS } from './reply.ts';
import { addressOf, credentialsOf, type Gatekeeper, requestIdOf } from './request.ts';

/** GET, SSE and anything unusual, by Yoga's own request layer. */
export function createYogaDoor(pipeline: Pipeline, gatekeeper: Gatekeeper, liveKeys: LiveKeys) {
  const open = new Set<ServerResponse>();
  return {
    async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      refuseForms(request);
      const requestId = requestIdOf(request.headers);
      const credentials = credentialsOf(request.headers);
      const actor = await gatekeeper.admit(credentials, { requestId, ip: addressOf(request) });
      for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'cache-control': 'no-store', 'x-request-id': requestId })) {
        response.setHeader(name, value);
      }
      open.add(response);
      const unwatch = credentials && !isAnonymous(actor) ? liveKeys.watch(credentials, () => response.destroy()) : undefined;
      response.on('close', () => {
        open.delete(response);
        unwatch?.();
      });
      await pipeline(request, response, { requestId, actor });
    },
    /** Ends what would go on for ever; the client resumes where it was. */
    endStreams(): void {
      for (const response of open) {
        if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy();
      }
    },
  };
}

/** A form can be sent by any page on the web without asking; JSON cannot. */
function refuseForms({ method, headers }: IncomingMessage): void {
  if (method === 'POST' && !/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new DomainError('UNSUPPORTED_MEDIA', 'Send the operation as application/json.');
  }
}
