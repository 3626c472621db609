/**
 * How much memory Parley takes on the embedded database: after its first start, after another, and after some use. Linux
 * only: resident memory is read from /proc. What single threads hold is printed by a probe in them, which itself takes 3 MB.
 *
 *   node bench/embedded-memory.ts [seconds of rest before each look]
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataDirectory } from '../test/support/databases.ts';
import { makeConversation, makeEpisode, processToEnd } from '../test/support/fixtures.ts';
import { SearchMessages } from '../test/support/operations.ts';
import { type Parley, spawnParley } from '../test/support/parley.ts';
import { readReply, send } from '../test/support/replies.ts';
import type { ThreadMemory } from './support/memory-probe.ts';

const restMs = Number(process.argv[2] ?? 10) * 1_000;
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
const probe = `--import=${import.meta.dirname}/support/memory-probe.ts`;
const database = createDataDirectory();

console.log('MB'.padEnd(14), 'resident', '  peak', '  by thread: heap used/committed, external, of it WebAssembly');
await measure('first start');
await measure('another start', { NODE_OPTIONS: probe });
await measure('after use', { NODE_OPTIONS: probe }, use);
await database.drop();

async function measure(name: string, env: Record<string, string> = {}, act?: (parley: Parley) => Promise<void>) {
  const parley = spawnParley({ ...database.env, ...env });
  await parley.waitForStart();
  await act?.(parley);
  await sleep(restMs);
  const [resident, peak] = ['VmRSS', 'VmHWM'].map((field) => readStatus(parley, field));
  console.log(name.padEnd(14), String(resident).padStart(8), String(peak).padStart(6), '  ', describeThreads(parley));
  await parley.stop();
}

/** A field of /proc/PID/status, in MB. */
function readStatus({ process: { pid } }: Parley, field: string): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return megabytes(Number(kilobytes) * 1024);
}

/** The last that each thread has printed. */
function describeThreads({ output }: Parley): string {
  const threads = new Map<number, ThreadMemory>();
  for (const line of output.filter((line) => line.startsWith('{"thread"'))) {
    const memory = JSON.parse(line) as ThreadMemory;
    threads.set(memory.thread, memory);
  }
  return [...threads.values()]
    .map(
      ({ thread, heap, heapTotal, external, wasm }) =>
        `${thread === 0 ? 'main' : `thread ${thread}`} ${[heap, heapTotal].map(megabytes).join('/')}, ${megabytes(external)}, ${megabytes(wasm)}`,
    )
    .join(' · ');
}

/** What a small team does in a morning: messages, searches, replies, the clips of an episode, the page of GraphiQL. */
async function use({ admin, url }: Parley): Promise<void> {
  await makeConversation(admin, 2_000);
  for (let n = 0; n < 20; n += 1) await admin.ask(SearchMessages, { query: `message ${n}` });
  for (let n = 0; n < 20; n += 1) await readReply(admin, (await send(admin, `I live in house number ${n}.`)).reply.id);
  await processToEnd(admin, await makeEpisode(admin, 1_000));
  await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
}
