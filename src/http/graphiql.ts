import type { IncomingMessage, ServerResponse } from 'node:http';

/** Placeholder of the page until it is written. */
export function createGraphiqlPage() {
  return async (_request: IncomingMessage, _response: ServerResponse): Promise<void> => {};
}
