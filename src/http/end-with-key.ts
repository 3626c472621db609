import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessHolder } from './access-holder.ts';
import type { KeyWatch } from './key-watch.ts';
import { readCredentials } from './request.ts';

/** After how many milliseconds the key or the user of a request is watched. Most requests have ended by then, and need no watch. */
const WATCHED_AFTER_MS = 1_000;

/**
 * Breaks the connection of an upload or a download that is under way when its key is revoked or expires, or its user is suspended: a slow
 * one takes hours, for which a stolen key would go on reading and writing. Throws Unauthenticated for an invalid format of the key.
 */
export function endWithKey(keyWatch: KeyWatch, { headers }: IncomingMessage, response: ServerResponse): void {
  const credentials = readCredentials(headers);
  if (credentials) endLater(response, (holder) => keyWatch.watch(credentials, holder));
}

/** Breaks the connection of a download by a signed address that is under way when the owner of the file is suspended or erased. */
export function endWithOwner(keyWatch: KeyWatch, ownerId: string, response: ServerResponse): void {
  endLater(response, (holder) => keyWatch.watchUser(ownerId, holder));
}

function endLater(response: ServerResponse, watch: (holder: AccessHolder) => () => void): void {
  if (response.destroyed) return; // nothing would end the watch
  let unwatch: (() => void) | undefined;
  const timer = setTimeout(() => {
    unwatch = watch({ onAccessEnded: () => response.destroy() });
  }, WATCHED_AFTER_MS).unref();
  response.once('close', () => {
    clearTimeout(timer);
    unwatch?.();
  });
}
