import type { IncomingMessage } from 'node:http';

/** The maximum time of reading the rest of a body after its response, and the maximum silence during that. */
const LINGER_MS = 10_000;
const SILENCE_MS = 2_000;

/** Whether the client is still sending. */
export const isSending = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (Number(headers['content-length']) > 0 || headers['transfer-encoding'] !== undefined);

/**
 * Reads and discards the rest of a body. Resolves at its end, after SILENCE_MS without data, or after LINGER_MS. A client whose connection
 * is closed while it is sending would not see the response.
 */
export function readRest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(resolve, SILENCE_MS);
    const end = setTimeout(resolve, LINGER_MS);
    request.removeAllListeners('readable'); // left by a reader that stopped early; with them, the stream would not flow
    request.on('data', () => silence.refresh());
    request.once('end', resolve).once('close', resolve).resume();
    request.once('close', () => {
      clearTimeout(silence);
      clearTimeout(end);
    });
  });
}
