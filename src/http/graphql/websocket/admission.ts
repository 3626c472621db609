import type { Logger } from '#adapters/log.ts';
import { DomainError, UserSuspended } from '#domain/core/errors.ts';
import { pickAskingFields } from '#http/graphql/answer-extensions.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import type { KeyWatch } from '#http/key-watch.ts';
import { type Gatekeeper, payerOf } from '#http/request.ts';
import { CLOSE, type Link } from './client-socket.ts';
import type { Connection, Socket } from './connection.ts';
import { NO_KEY, readConnectionCredentials, readConnectionFields, SUSPENDED, WRONG_KEY } from './credentials.ts';

const NO_HEADERS: Connection['headers'] = {};

/** The dependencies of the admission. */
export type AdmissionParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; keyWatch: KeyWatch; log: Logger };

/** Authenticates a client by its `connection_init`, and watches its key from then on; otherwise closes its socket and returns false. */
export async function admit(
  connection: Socket,
  { pipeline, gatekeeper, keyWatch, log }: AdmissionParts,
): Promise<boolean> {
  const { connectionParams, extra } = connection;
  const refuse = (reason: string) => {
    extra.socket.close(CLOSE.FORBIDDEN, reason);
    return false;
  };
  let reason = NO_KEY;
  try {
    const { requestId, ip, headers } = extra;
    const credentials = readConnectionCredentials(connectionParams, headers);
    if (!credentials) return refuse(NO_KEY);
    reason = WRONG_KEY;
    extra.asking = pickAskingFields(readConnectionFields(connectionParams, headers));
    extra.headers = NO_HEADERS;
    (connection as { connectionParams: unknown }).connectionParams = undefined; // graphql-ws would keep them
    extra.actor = await gatekeeper.admit(credentials, { requestId, ip });
    const { socket } = extra;
    if (socket.readyState !== socket.OPEN) return false; // it has closed meanwhile, and nothing would end the watch
    extra.uncount = pipeline.connections.open(payerOf(extra.actor));
    extra.unwatch = keyWatch.watch(credentials, socket.link as Link);
    return true;
  } catch (error) {
    const code = error instanceof DomainError ? error.code : 'UNAVAILABLE';
    if (code !== 'UNAVAILABLE' && code !== 'RATE_LIMITED')
      return refuse(error instanceof UserSuspended ? SUSPENDED : reason);
    log.info({ err: error }, 'a WebSocket could not be let in');
    extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later');
    return false;
  }
}
