import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type Client, clientOf } from '../../test/support/client.ts';
import { ADMIN_KEY } from '../../test/support/parley.ts';
import { makeExamples } from './hostile-examples.ts';
import { type HostileInput, listHostileInputs, readSchema } from './hostile-inputs.ts';
import { listHostileRequests } from './hostile-requests.ts';
import { AUTHORIZED, inputShots, type Shot, uploadShots } from './hostile-shots.ts';
import { listHostileUploads } from './hostile-uploads.ts';

export type Measured = { loopMs: number; turnMs: number; cpuMs: number };
type Answer = Measured & { tookMs: number; says: string };

const MAX_LOOP_MS = 50;
const MAX_TOOK_MS = 2_000;
const REPEATS = 3;
/** Sends everything, or what has one of the `wanted` parts in its name, and prints what is over. */
export async function attack({ url, wanted }: { url: string; wanted: string[] }): Promise<void> {
  const owner = clientOf(url, ADMIN_KEY);
  const examples = await makeExamples(owner);
  const inputs = listHostileInputs(await readSchema((query) => owner.ask(query)), examples);
  await settle(owner);
  const episodeId = String(examples.of(['episodeId'], 'ID'));
  const isWanted = ({ input, text }: Pick<Shot, 'input' | 'text'>) =>
    wanted.length === 0 || wanted.some((part) => `${input} ${text}`.includes(part));
  for (const input of inputs) {
    const shots = inputShots(url, input).filter(isWanted);
    if (shots.length === 0) continue;
    console.error(`${input.name}: ${shots.length} texts`);
    await makeValid(owner, input);
    for (const shot of shots) await fire(owner, shot);
  }
  const others = [...listHostileRequests(url, AUTHORIZED), ...uploadShots(url, listHostileUploads(episodeId))];
  for (const shot of others.filter(isWanted)) await fire(owner, shot);
}

/** Sends an input with its example, which warms it up, and says where that is no valid call: no text would get as far as it may. */
async function makeValid(owner: Client, input: HostileInput): Promise<void> {
  const codeOf = async () =>
    (await owner.send(input.document, input.variables(input.example))).errors?.[0]?.extensions.code;
  let code = await codeOf();
  if (code === 'LIMIT_EXCEEDED' || code === 'FORBIDDEN') {
    input.document = input.shortDocument;
    code = await codeOf();
  }
  if (code) console.log(`${input.name}: with ${JSON.stringify(input.example)} it is answered ${code}`);
  await settle(owner);
}

async function fire(owner: Client, shot: Shot): Promise<void> {
  let answer = await measure(owner, shot);
  const isOver = () =>
    (Math.max(answer.loopMs, answer.turnMs) > MAX_LOOP_MS && answer.turnMs > MAX_LOOP_MS / 2) ||
    answer.tookMs > MAX_TOOK_MS;
  for (let repeats = 0; repeats < REPEATS && isOver(); repeats++) answer = least(answer, await measure(owner, shot));
  if (isOver() || /INTERNAL|^5|lost/.test(answer.says)) print(shot, answer);
}

function least(one: Answer, other: Answer): Answer {
  const min = (name: keyof Measured | 'tookMs') => Math.min(one[name], other[name]);
  return { loopMs: min('loopMs'), turnMs: min('turnMs'), cpuMs: min('cpuMs'), tookMs: min('tookMs'), says: other.says };
}

function print({ input, text }: Shot, { loopMs, turnMs, cpuMs, tookMs, says }: Answer): void {
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
  console.log(
    `${input.padEnd(44)} ${text.slice(0, 40).padEnd(40)} loop ${ms(loopMs)}  turn ${ms(turnMs)}  cpu ${ms(cpuMs)}  took ${ms(tookMs)}  ${says}`,
  );
}

async function measure(owner: Client, { prepare, begins }: Shot): Promise<Answer> {
  const send = prepare();
  await tell();
  const startedAt = performance.now();
  const says = await send();
  const tookMs = performance.now() - startedAt;
  const failed = begins ? await settle(owner) : [];
  const measured = (await tell()) as Measured;
  return { ...measured, tookMs, says: [says, ...failed].join(' ') };
}

async function tell(): Promise<unknown> {
  parentPort?.postMessage(null);
  const [answer] = await once(parentPort as NonNullable<typeof parentPort>, 'message');
  return answer;
}

const JOBS = /* GraphQL */ `{
  active: jobs(first: 1, filter: { statuses: [QUEUED, RUNNING, RETRYING, CANCELLING] }) { edges { node { id } } }
  failed: jobs(first: 1, filter: { statuses: [FAILED] }) { edges { node { id kind error { code } } } }
}`;

let lastFailed = '';

/** Resolves once no job runs or waits for its turn, with what failed last by our fault where that is new. */
async function settle(owner: Client): Promise<string[]> {
  for (let tries = 0; tries < 1_500; tries++) {
    const { active, failed } = await owner.ask(JOBS);
    if (active.edges.length > 0) {
      await sleep(20);
      continue;
    }
    const { id = '', kind, error } = failed.edges[0]?.node ?? {};
    const isNew = id !== lastFailed;
    lastFailed = id;
    return isNew && error.code === 'INTERNAL_SERVER_ERROR' ? [`${kind}: ${error.code}`] : [];
  }
  return ['jobs lost'];
}
