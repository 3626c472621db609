import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { write } from '#domain/core/write.ts';
import { startProcessing } from '#domain/episodes/episodes.ts';
import { processEpisode } from '#domain/episodes/process-episode.ts';
import { ProcessEpisodePayload } from '#domain/episodes/processing-payload.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { GARDEN_VTT } from '../support/garden-episode.ts';
import { waitForJob } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

const { services, newUser, startWorker } = useServices({ works: true });
let ann: Deps;
let episodeId: string;

beforeEach(async () => {
  ann = await newUser();
  const file = { title: 'Garden Hour', format: 'VTT', content: Buffer.from(GARDEN_VTT), language: null } as const;
  episodeId = (await importTranscript(ann, { ...file, episodeId: null })).episode.id;
});

const clips = () => services.database.prisma.clip.findMany({ where: { episodeId } });

/** Processes the episode as its upload does by itself; `meanwhile` happens when the clips are found, and about to be saved. */
async function processAnd(meanwhile: () => Promise<unknown> = async () => {}) {
  const payload = { episodeId, platforms: ['TIKTOK'], genre: 'GENERAL', maxClips: 3, automatic: true } as const;
  const subject = { type: 'Episode', id: episodeId };
  const job = await write(ann, {
    action: 'test',
    run: ({ enqueue }) => enqueue({ kind: 'PROCESS_EPISODE', subject, payload }),
  });
  let happens: Promise<unknown> | undefined;
  const worker = await startWorker({
    concurrency: { long: 1 },
    runOf: () => (deps, given, running) =>
      processEpisode(deps, ProcessEpisodePayload.parse(given), {
        ...running,
        async finish(change) {
          happens ??= meanwhile();
          await happens;
          await running.finish(change);
        },
      }),
  });
  const ended = await waitForJob(services, job.id, 'SUCCEEDED', 'FAILED', 'RETRYING');
  await worker.stop({ graceMs: 0 });
  return ended;
}

describe('what happens to an episode while the clips that were found are saved', () => {
  it('is followed: what its user asks to look for instead', async () => {
    const wanted = { platforms: ['YOUTUBE_SHORTS'], genre: 'COMEDY', maxClips: 1 } as const;
    const job = await processAnd(() => startProcessing(ann, { ...wanted, episodeId, priority: 'NORMAL' }));
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { clips: 1 } });
    expect(await clips()).toMatchObject([{ platform: 'YOUTUBE_SHORTS', genre: 'COMEDY' }]);
  });

  it('is respected: what its user decides about a clip', async () => {
    await processAnd();
    const [clip] = await clips();
    const id = clip?.id as string;
    let decided: Promise<unknown> | undefined;
    await processAnd(async () => {
      decided = services.database.prisma.$transaction(async (tx) => {
        await lockRow(tx, 'episodes', episodeId);
        await tx.clip.update({ where: { id }, data: { status: 'APPROVED' } });
        await sleep(500);
      });
      await sleep(200);
    });
    await decided;
    expect((await clips()).find((one) => one.id === id)).toMatchObject({ status: 'APPROVED' });
  });
});
