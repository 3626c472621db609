import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { bearer } from '../../test/support/http.ts';
import { ADMIN_KEY } from '../../test/support/parley.ts';

// A thread: somebody who asks the server at `workerData` for something small all the time. Answers each message with the longest wait since
// the message before, in milliseconds.

const headers = { ...bearer(ADMIN_KEY), 'content-type': 'application/json' };
const body = JSON.stringify({ query: '{ conversations(first: 5) { totalCount } }' });
let longestMs = 0;

parentPort?.on('message', () => {
  parentPort?.postMessage(longestMs);
  longestMs = 0;
});

for (;;) {
  const startedAt = performance.now();
  await fetch(`${workerData}/graphql`, { method: 'POST', headers, body }).then((response) => response.text());
  longestMs = Math.max(longestMs, performance.now() - startedAt);
  await sleep(20);
}
