import type { Logger } from '#adapters/log.ts';
import { DomainError } from '#domain/core/errors.ts';
import { pickAskingFields } from '#http/graphql/answer-extensions.ts';
import type { KeyWatch } from '#http/graphql/key-watch.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import { BYTES_PER_POINT, type Gatekeeper, payerOf } from '#http/request.ts';
import { anonymous } from '#resolvers/context.ts';
import { CLOSE, type Connection, type Socket } from './connection.ts';
import { letGo, NO_KEY, readConnectionCredentials, readConnectionFields, WRONG_KEY } from './credentials.ts';

/** The bytes that a frame counts for at least. Operations cost points of their own; this covers everything else, such as pings. */
const MIN_FRAME_BYTES = 1024;

const NO_HEADERS: Connection['headers'] = {};

/** The dependencies of the admission. */
export type AdmissionParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; keyWatch: KeyWatch; log: Logger };

/** Authenticates a client by its `connection_init`, and watches its key from then on; otherwise closes its socket and returns false. */
export async function admit(
  { connectionParams, extra }: Socket,
  { pipeline, gatekeeper, keyWatch, log }: AdmissionParts,
): Promise<boolean> {
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
    letGo(connectionParams);
    extra.actor = await gatekeeper.admit(credentials, { requestId, ip });
    const { socket } = extra;
    if (socket.readyState !== socket.OPEN) return false; // it has closed meanwhile, and nothing would end the watch
    const closed = pipeline.connections.open(payerOf(extra.actor));
    socket.on('close', closed);
    extra.unwatch = keyWatch.watch(credentials, () => socket.close(CLOSE.FORBIDDEN, 'Forbidden'));
    return true;
  } catch (error) {
    const code = error instanceof DomainError ? error.code : 'UNAVAILABLE';
    if (code !== 'UNAVAILABLE' && code !== 'RATE_LIMITED') return refuse(reason);
    log.info({ err: error }, 'a WebSocket could not be let in');
    extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later');
    return false;
  }
}

/** Returns a function that counts the frames of a client, takes a point for each BYTES_PER_POINT, and closes the socket if none is left. */
export function createFrameCharge(extra: Connection, gatekeeper: Gatekeeper): (bytes: number) => void {
  const { requestId, ip } = extra;
  let uncharged = 0;
  return (bytes) => {
    uncharged += Math.max(bytes, MIN_FRAME_BYTES);
    if (uncharged < BYTES_PER_POINT) return;
    const actor = extra.actor ?? { ...anonymous, requestId, ip };
    const charged = gatekeeper.charge({ requestId, actor }, Math.floor(uncharged / BYTES_PER_POINT));
    charged.catch(() => extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later'));
    uncharged %= BYTES_PER_POINT;
  };
}
