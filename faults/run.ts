/**
 * `npm run faults`: breaks what Parley depends on, and Parley itself, under load, one fault after another, and checks after
 * each that nothing acknowledged is lost, numbers have no gaps, each question has one reply, subscribers saw everything
 * once, no process had to be started again that no fault had ended, no webhook was told twice or forged, and every server wrote
 * again within 10 s. Ends with 1 where something is lost.
 *
 *   npm run faults                       all
 *   npm run faults -- --short            those that CI runs
 *   npm run faults -- Redis disk         those with one of these words in their names
 */
import { randomUUID } from 'node:crypto';
import { AddMessage } from '../test/support/operations.ts';
import { findLosses, findWrongWebhooks } from './checks.ts';
import { FAULTS, type Fault } from './faults.ts';
import { type Load, startLoad, untilAnswered } from './load.ts';
import { type System, startSystem } from './system.ts';

/** By when all servers write again after a fault; later counts as failed. */
const GOAL_MS = 10_000;
/** How much is acknowledged before something is broken. */
const WARM_UP = 20;

const words = process.argv.slice(2).filter((word) => word !== '--short');
const isShort = process.argv.includes('--short');
const chosen = Object.entries(FAULTS).filter(
  ([name, { short }]) => (!isShort || short) && (words.length === 0 || words.some((word) => name.includes(word))),
);

const system = await startSystem();
let failed = 0;
try {
  for (const [name, { run, ends = 0 }] of chosen) {
    const problems = await breakUnderLoad(run, ends);
    if (problems.length > 0) failed += 1;
    console.log(problems.length === 0 ? `ok      ${name}` : `FAILED  ${name}\n        ${problems.join('\n        ')}`);
  }
} finally {
  await system.stop();
}
console.log(`${chosen.length - failed} of ${chosen.length} faults lost nothing, and were over in time`);
process.exitCode = failed === 0 ? 0 : 1;

async function breakUnderLoad(run: Fault, ends: number): Promise<string[]> {
  const endedBefore = countEnds();
  const load = await startLoad(system);
  await load.reader.waitForSequence(WARM_UP);
  const problems: string[] = [];
  await run(system, load).catch((error: Error) => problems.push(error.message));
  const tookMs = await measureRecovery(system, load);
  const last = await load.stop();
  const losses = await findLosses(system.pick().as(load.user), load, last);
  if (tookMs > GOAL_MS) problems.push(`all wrote again after ${Math.round(tookMs)} ms, not within ${GOAL_MS}`);
  console.log(
    `        ${last} messages, ${load.asked.length} replies; all wrote again after ${(tookMs / 1_000).toFixed(1)} s`,
  );
  const ended = countEnds() - endedBefore;
  if (ended !== ends) problems.push(`${ended} processes ended, and the fault ended ${ends}`);
  return [...problems, ...losses, ...findWrongWebhooks(system.receiver)];
}

function countEnds(): number {
  return [...system.servers, ...system.workers].reduce((sum, each) => sum + each.ends, 0);
}

/** Until each server has stored a message again. */
async function measureRecovery({ servers }: System, { user, conversationId, writers }: Load): Promise<number> {
  const startedAt = performance.now();
  for (const server of servers) {
    const input = { conversationId, role: 'USER' as const, content: randomUUID(), idempotencyKey: randomUUID() };
    const { addMessage } = await untilAnswered(async () => {
      if (!server.current || !server.isRunning) throw new Error('It is being started.');
      return server.current.as(user).ask(AddMessage, { input });
    });
    writers.acknowledged.set(addMessage?.message.sequence as number, input.content);
  }
  return performance.now() - startedAt;
}
