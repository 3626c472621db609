import type { IncomingMessage } from 'node:http';

/** How long the rest of a body is still read after its response, and how long nothing of it may come meanwhile. */
const LINGER_MS = 10_000;
const SILENCE_MS = 2_000;

/** Whether the client still sends. */
export const isSending = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (Number(headers['content-length']) > 0 || headers['transfer-encoding'] !== undefined);

/**
 * Reads the rest of a body, of which nobody wants to know, and resolves at its end, after SILENCE_MS without any of it, or after
 * LINGER_MS: a client that is cut off while it sends never sees the response.
 */
export function readRest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(resolve, SILENCE_MS);
    const end = setTimeout(resolve, LINGER_MS);
    request.removeAllListeners('readable'); // of whoever stopped in the middle: with them it would not flow
    request.on('data', () => silence.refresh());
    request.once('end', resolve).once('close', resolve).resume();
    request.once('close', () => {
      clearTimeout(silence);
      clearTimeout(end);
    });
  });
}
