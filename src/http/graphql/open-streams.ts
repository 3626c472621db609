import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '#domain/core/actor.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { readCredentials } from '#http/request.ts';
import { spreadOver } from '#http/spread.ts';
import { isAnonymous } from '#resolvers/context.ts';
import type { KeyWatch } from './key-watch.ts';

/** The streams of server-sent events that are open. */
export type OpenStreams = {
  /** Ends a stream with the key that it came with, and with the server. */
  watch(request: IncomingMessage, response: ServerResponse, actor: Actor): void;
  /** Whether no more may begin. */
  isEnding(): boolean;
  /** Lets no more begin, and ends those there are, spread over a time. */
  end(spreadMs: number): Promise<void>;
};

/** Counts the open streams of this process, and ends them. */
export function createOpenStreams(keyWatch: KeyWatch, metrics: Metrics): OpenStreams {
  const streams = new Set<ServerResponse>();
  let ending = false;
  metrics.gauge('parley_event_streams', 'Open streams of server-sent events.', () => streams.size);
  return {
    watch(request, response, actor) {
      if (ending || response.destroyed) return void response.destroy(); // nothing would end the watch
      const credentials = isAnonymous(actor) ? null : readCredentials(request.headers);
      const unwatch = credentials ? keyWatch.watch(credentials, () => response.destroy()) : undefined;
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
