import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '#domain/core/actor.ts';
import type { KeyWatch } from '#http/key-watch.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { readCredentials } from '#http/request.ts';
import { spreadOver } from '#http/spread.ts';
import { isAnonymous } from '#resolvers/context.ts';

/** The open streams of server-sent events. */
export type OpenStreams = {
  /** Registers a stream, which ends with its key or with the server. */
  watch(request: IncomingMessage, response: ServerResponse, actor: Actor): void;
  /** Whether new streams are refused. */
  isEnding(): boolean;
  /** Refuses new streams, and ends the open ones, spread over a time. */
  end(spreadMs: number): Promise<void>;
};

/** Counts the open streams of this process, and ends them. */
export function createOpenStreams(keyWatch: KeyWatch, metrics: Metrics): OpenStreams {
  const streams = new Set<ServerResponse>();
  let ending = false;
  metrics.gauge('parley_event_streams', 'Open streams of server-sent events.', () => streams.size);
  return {
    watch(request, response, actor) {
      if (ending || response.destroyed) return void response.destroy(); // otherwise nothing would end the watch
      const credentials = isAnonymous(actor) ? null : readCredentials(request.headers);
      const unwatch = credentials
        ? keyWatch.watch(credentials, { onAccessEnded: () => response.destroy() })
        : undefined;
      streams.add(response);
      response.on('close', () => {
        streams.delete(response);
        unwatch?.();
      });
    },
    isEnding: () => ending,
    async end(spreadMs) {
      ending = true;
      await spreadOver(streams, spreadMs, (response) => response.destroy());
    },
  };
}
