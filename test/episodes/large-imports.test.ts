import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { removeUnseen } from '#domain/core/sliced-import.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { parseIntoRows } from '#domain/episodes/transcripts/parse-into-rows.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { TRANSCRIPTS } from '#domain/episodes/transcripts/stored-transcripts.ts';
import { archiveEpisode } from '#domain/episodes/update-episode.ts';
import { searchTranscripts } from '#domain/search/transcript-search.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeVtt } from '../support/fixtures.ts';
import { useServices } from '../support/services.ts';
import { anySource } from '../transcripts/arbitraries.ts';

/** Eleven slices, as rows. */
const LONG = 2_000;
/** So many that others come between them often, and before their end. */
const LONGER = 6_000;
const SHORT = 3;

type More = { episodeId?: string; idempotencyKey?: string; format?: TranscriptFormat };

const importText = (deps: Deps, text: string, more: More = {}, signal?: AbortSignal) =>
  importTranscript(
    deps,
    { episodeId: null, title: 'The bridge', format: 'VTT', language: null, ...more, content: Buffer.from(text) },
    signal,
  );

const importLines = (deps: Deps, sentences: number, more: More = {}, signal?: AbortSignal) =>
  importText(deps, makeVtt(sentences), more, signal);

describeOnEachDatabase((on) => {
  const test = useServices({ on });

  /** Rows of a user's transcripts, seen or not. */
  const rowsOf = ({ actor, database }: Deps) =>
    database.prisma.transcriptSegment.count({ where: { ownerId: actor.userId } });

  /** Calls `look` again and again while something is under way; resolves with its result. */
  async function during<Result>(work: Promise<Result>, look: () => Promise<unknown>): Promise<Result> {
    let done = false;
    const stop = () => (done = true);
    work.then(stop, stop);
    while (!done) await look();
    return work;
  }

  /** Resolves when a part of what a user imports is written. */
  async function partWritten(deps: Deps, before = 0): Promise<void> {
    while ((await rowsOf(deps)) <= before);
  }

  describe('a long transcript', () => {
    it('of 19 MB in 5,000 cues is stored whole', { timeout: 120_000 }, async () => {
      const ann = await test.newUser();
      const line = `Why did nobody tell us about the bridge? ${`${'h'.repeat(99)} `.repeat(38)}`; // few words, as each costs time
      const cue = (_: unknown, index: number) => {
        const time = new Date(index * 1000).toISOString().slice(11, 19);
        return `${index + 1}\n${time},000 --> ${time},900\n${line}\n`;
      };
      const text = Array.from({ length: 5_000 }, cue).join('\n');
      expect(text.length).toBeGreaterThan(19_000_000);
      expect(await importText(ann, text, { format: 'SRT' })).toMatchObject({ segments: 5_000 });
      expect(await rowsOf(ann)).toBe(5_000);
    });

    it('is seen whole or not at all', async () => {
      const ann = await test.newUser();
      const seen = new Set<number>();
      let written = 0;
      await during(importLines(ann, LONG), async () => {
        written = Math.max(written, await rowsOf(ann));
        const { hits } = await searchTranscripts(ann, { query: 'bridge', episodeId: null, limit: 5 });
        const { prisma } = ann.database;
        if (hits.length > 0) expect(await prisma.episode.count({ where: { ownerId: ann.actor.userId } })).toBe(1);
        seen.add(
          await prisma.transcriptSegment.count({
            where: { ownerId: ann.actor.userId, transcript: { episodeId: { not: null } } },
          }),
        );
      });
      expect(written).toBeGreaterThan(0);
      expect([...seen].filter((count) => count !== 0 && count !== LONG)).toEqual([]);
      const { hits } = await searchTranscripts(ann, { query: 'bridge', episodeId: null, limit: 5 });
      expect(hits).toHaveLength(5);
    });

    it('leaves the old one in its place until it is whole', async () => {
      const ann = await test.newUser();
      const { episode } = await importLines(ann, SHORT);
      const seen = new Set<number>();
      await during(importLines(ann, LONG, { episodeId: episode.id }), async () => {
        seen.add(
          await ann.database.prisma.transcriptSegment.count({ where: { transcript: { episodeId: episode.id } } }),
        );
      });
      expect([...seen].filter((count) => count !== SHORT && count !== LONG)).toEqual([]);
      expect(await rowsOf(ann)).toBe(LONG);
    });

    it('lets others have the database between its slices', async () => {
      const [ann, bob] = [await test.newUser(), await test.newUser()];
      let answers = 0;
      await during(importLines(ann, LONGER), async () => {
        await bob.database.prisma.conversation.count({ where: { ownerId: bob.actor.userId } });
        answers += 1;
      });
      expect(answers).toBeGreaterThan(20);
    });

    it('with one idempotency key is imported once, by however many at once, and once more later', async () => {
      const ann = await test.newUser();
      const send = () => importLines(ann, LONG, { idempotencyKey: 'once' });
      const made = [...(await Promise.all([send(), send(), send()])), await send()];
      expect(new Set(made.map(({ episode }) => episode.id)).size).toBe(1);
      expect(await rowsOf(ann)).toBe(LONG);
      await expect(importLines(ann, LONG + 1, { idempotencyKey: 'once' })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
      });
      expect(await rowsOf(ann)).toBe(LONG);
    });

    it('of somebody who leaves is not stored', async () => {
      const [ann, leaving] = [await test.newUser(), new AbortController()];
      const imported = importLines(ann, LONG, {}, leaving.signal);
      await partWritten(ann);
      leaving.abort(new Error('gone'));
      await expect(imported).rejects.toThrow('gone');
      expect(await rowsOf(ann)).toBe(0);
      expect(await ann.database.prisma.episode.count({ where: { ownerId: ann.actor.userId } })).toBe(0);
    });

    it('is refused where its episode is put away meanwhile, which keeps what it had', async () => {
      const ann = await test.newUser();
      const { episode } = await importLines(ann, SHORT);
      const imported = importLines(ann, LONGER, { episodeId: episode.id });
      await Promise.all([
        expect(imported).rejects.toMatchObject({ code: 'CONFLICT' }),
        partWritten(ann, SHORT).then(() => archiveEpisode(ann, { episodeId: episode.id })),
      ]);
      expect(await rowsOf(ann)).toBe(SHORT);
    });

    it("is refused at once where its episode is somebody else's", async () => {
      const [ann, bob] = [await test.newUser(), await test.newUser()];
      const { episode } = await importLines(ann, SHORT);
      await expect(importLines(bob, LONG, { episodeId: episode.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('that was never finished is removed by maintenance, and what is seen or new is not', async () => {
      const ann = await test.newUser();
      await importLines(ann, SHORT);
      const { prisma } = ann.database;
      const old = new Date(Date.now() - 2 * 3_600_000);
      const unfinished = async (createdAt: Date) => {
        const { id: transcriptId } = await prisma.transcript.create({ data: { id: crypto.randomUUID(), createdAt } });
        const row = { ownerId: ann.actor.userId, transcriptId, startSeconds: 0, endSeconds: 1, text: 'lost' };
        const rows = Array.from({ length: 2_500 }, (_, index) => ({ ...row, id: crypto.randomUUID(), index }));
        await prisma.transcriptSegment.createMany({ data: rows });
      };
      await unfinished(old);
      await unfinished(new Date());
      await removeUnseen(ann.database, TRANSCRIPTS);
      expect(await rowsOf(ann)).toBe(SHORT + 2_500);
      expect(await prisma.transcript.count({ where: { createdAt: { lte: old } } })).toBe(0);
    });
  });

  it('takes any file at all, or says what is wrong with it', { timeout: 120_000 }, async () => {
    const ann = await test.newUser();
    const formats = fc.constantFrom<TranscriptFormat>('SRT', 'VTT', 'JSON', 'TEXT');
    const odd = fc.oneof(
      anySource.map((text) => Buffer.from(text)),
      anySource.map((text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
      anySource.map((text) => Buffer.from(text.replaceAll('\n', '\r'))),
      anySource.map((text) => Buffer.from(`0:01\n\u200f${text}\u200e`)),
      fc.string({ unit: 'binary' }).map((speaker) => Buffer.from(JSON.stringify([{ start: 0, text: 'a b', speaker }]))),
      fc.uint8Array({ maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(formats, odd, async (format, content) => {
        const input = { episodeId: null, title: 'odd', format, language: null, content: Uint8Array.from(content) };
        await importTranscript(ann, input).catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT' }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('does not repeat a speaker who has no name but a book in every row', async () => {
    const ann = await test.newUser();
    const speaker = 'Ann '.repeat(500_000);
    const segments = Array.from({ length: 9 }, (_, start) => ({ start, text: 'Hello there.', speaker }));
    expect(await importText(ann, JSON.stringify(segments), { format: 'JSON' })).toMatchObject({ segments: 9 });
  });
});

describe('a large file', () => {
  const test = useServices();

  it('is parsed elsewhere than where requests are answered', async () => {
    const ann = await test.newUser();
    const text = makeVtt(40_000);
    const parsing = await cpuSecondsOf(() => parseIntoRows({ format: 'VTT', bytes: Buffer.from(text) }));
    const turns = watchTurns();
    await importText(ann, text);
    expect(turns.stop()).toBeLessThan(parsing / 4);
  });
});

/** Watches the CPU time of this thread from one turn of the event loop to the next; the longest, in seconds. */
function watchTurns(): { stop(): number } {
  let longest = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1e6);
    before = process.threadCpuUsage();
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}
