import type { Actor } from '#domain/core/actor.ts';
import { isAdmin } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import type { Broadcast } from '#domain/live/broadcast.ts';
import type { Load, Viewer } from '#loaders/loader.ts';

/** What every resolver is given: who asks and with what (`deps`), and rows as that viewer may see them (`load`). */
export type Context = {
  deps: Deps;
  load: Load;
  /** A subscription takes a new `load` for each event: a kept one would answer stale rows (hayes/pothos#1421). */
  freshLoad(): Load;
  /** How many events of its connection are answered at once. */
  eventSlots?: Semaphore | undefined;
  /** Tells this subscription together with those that are the same. */
  broadcast?: Broadcast | undefined;
};

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A request without a key: it owns nothing and may do nothing, so whatever it reaches is empty. */
export const anonymous: Actor = {
  userId: NOBODY,
  role: 'USER',
  apiKeyId: null,
  scopes: [],
  requestId: null,
  ip: null,
};

export const viewerOf = (actor: Actor): Viewer => ({ id: actor.userId, isAdmin: isAdmin(actor) });

export const isAnonymous = (actor: Actor) => actor.userId === NOBODY;
