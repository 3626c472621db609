/**
 * What the processing of a long recording takes: the seconds of each stage, by how much the worker grows beyond what two minutes of the
 * same take, and what ffmpeg holds. On PostgreSQL (BENCH_DATABASE_URL), with a transcriber that takes a second for each piece of five
 * minutes.
 *
 *   node bench/long-recording.ts [hours]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeWithFfmpeg } from '../test/support/media.ts';
import { startParley } from '../test/support/parley.ts';
import { makeSpeech, SENTENCES } from '../test/support/speech.ts';
import { createUpload, patch } from '../test/support/uploads.ts';
import { makeDatabase } from './support/database.ts';
import { startFixedTranscriber } from './support/fixed-transcriber.ts';
import { watchResident } from './support/resident.ts';

const hours = Number(process.argv[2] ?? 6);
const Job = 'query ($id: ID!) { episode(id: $id) { durationSeconds error { message } job { status stage result } } }';

const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const speech = makeSpeech(directory, 'speech.ogg', SENTENCES, '-c:a', 'libopus', '-b:a', '12k');
const [database, transcriber] = [await makeDatabase(), await startFixedTranscriber()];
const env = { ...database.env, ...transcriber.env, DATA_DIR: join(directory, 'data') };
const [server, worker] = [await startParley(env, 'server'), await startParley(env, 'worker')];
const user = await server.user();

await processRecording(120, () => {});
const watch = watchResident(worker.process.pid as number);
/** The stages in their order: when each began, and by how much the worker had grown by then. */
const stages: { stage: string; ms: number; grownMib: number }[] = [];
const note = (stage: string) => stages.push({ stage, ms: performance.now(), grownMib: watch.growthMib() });
await processRecording(hours * 3_600 - 1, (stage) => {
  if (stage && stages.every((known) => known.stage !== stage)) note(stage);
});
watch.stop();
note('end');
const seconds = (from: number, to: number) => ((stages[to]?.ms ?? 0) - (stages[from]?.ms ?? 0)) / 1000;
const all = seconds(0, stages.length - 1);
for (const [index, { stage }] of stages.slice(0, -1).entries()) {
  const took = seconds(index, index + 1);
  const grown = stages[index + 1]?.grownMib;
  console.log(
    `${stage}: ${took.toFixed(1)} s, ${((100 * took) / all).toFixed(1)} %; the worker has grown by ${grown} MiB`,
  );
}
console.log(`its ffmpeg held ${watch.childrenMib()} MiB`);
await Promise.all([server.stop(), worker.stop()]);
transcriber.stop();
await database.drop();
rmSync(directory, { recursive: true });

/** Uploads speech of so many seconds, and follows its job to the end. */
async function processRecording(length: number, onStage: (stage: string | null) => void): Promise<void> {
  const path = join(directory, 'recording.ogg');
  makeWithFfmpeg('-stream_loop', '-1', '-i', speech, '-t', String(length), '-c', 'copy', path);
  const body = readFileSync(path);
  const { episodeId: id, url } = await createUpload(user, body.length, 'recording.ogg');
  await patch(user, url, { offset: 0, body });
  for (;;) {
    const { episode } = await user.ask(Job, { id });
    const { status = 'QUEUED', stage = null, result = null } = episode.job ?? {};
    onStage(stage);
    if (status === 'SUCCEEDED' || status === 'FAILED')
      return console.log(`${status}: ${episode.durationSeconds} s`, JSON.stringify(episode.error ?? result));
    await sleep(50);
  }
}
