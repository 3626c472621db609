import { beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const State = `query ($id: ID!) { episode(id: $id) {
  status error { code message } job { status attempt result }
  transcript(first: 50) { edges { node { text startSeconds endSeconds words { text startSeconds interpolated } } } }
} }`;

const SetLanguage = 'mutation ($input: UpdateEpisodeInput!) { updateEpisode(input: $input) { episode { id } } }';

const FIRST = 'we found seven letters in the attic and one of them was for me .';
const HEBREW = 'שלום לכולם וברוכים הבאים לתוכנית שלנו על כסף וזמן ועל מה שביניהם היום .';

describeWith('ffmpeg', 'transcription by an endpoint', async () => {
  const transcriber = await startTranscriber();
  const app = useParley({ env: { ...transcriber.env, TRANSCRIBER_API_KEY: 'secret' } });
  let recording: Buffer;
  beforeAll(() => {
    // Twelve seconds of a voice, eight of silence, and fifteen of a voice.
    recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
  });

  async function transcribe(owner: Client, language?: string) {
    transcriber.requests.length = 0;
    const { episodeId, url } = await createUpload(owner, recording.length, 'talk.wav');
    if (language) await owner.ask(SetLanguage, { input: { episodeId, language } });
    await patch(owner, url, { offset: 0, body: recording });
    const { episode } = await until(
      () => owner.ask(State, { id: episodeId }),
      ({ episode }) => ['READY', 'FAILED'].includes(episode.status),
    );
    return { ...episode, segments: episode.transcript.edges.map(({ node }: { node: object }) => node) };
  }

  it('sends what is voiced, counts times from where it was cut, and stores words with their times', async () => {
    transcriber.answer((_request, index) => ({ body: verboseJson(index === 0 ? FIRST : HEBREW) }));
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'READY', error: null });
    expect(transcriber.requests).toMatchObject([
      {
        fileName: 'audio.wav',
        format: 'verbose_json',
        granularities: ['word', 'segment'],
        authorization: 'Bearer secret',
      },
      { model: 'test-whisper' },
    ]);
    expect(transcriber.requests.map(({ seconds }) => Math.round(seconds))).toEqual([12, 15]);
    expect(episode.segments.map(({ text }: { text: string }) => text.split(' ')[0])).toEqual(['we', 'שלום']);
    expect(episode.segments[1].startSeconds).toBeCloseTo(20.25, 1);
    expect(episode.segments[1].words[1]).toMatchObject({ text: 'לכולם', interpolated: false });
  });

  it('asks again for the piece that failed alone, and goes on without one that is refused for good', async () => {
    let broken = 0;
    transcriber.answer(({ seconds }) => {
      if (seconds < 13) return { body: verboseJson(FIRST) };
      broken += 1;
      return broken < 3
        ? { body: '{"text": "bro' }
        : { status: 400, body: { error: { message: 'Audio file might be corrupted' } } };
    });
    const episode = await transcribe(await app.user());
    expect(episode.segments).toHaveLength(1);
    expect(transcriber.requests.filter(({ seconds }) => seconds < 13)).toHaveLength(1);
  });

  it('goes on after an outage without asking anew for what was heard', async () => {
    let outage = 4;
    transcriber.answer(({ seconds }) => {
      if (seconds < 13) return { body: verboseJson(FIRST) };
      outage -= 1;
      return outage > 0 ? 'hang up' : { body: verboseJson(HEBREW) };
    });
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'READY', job: { attempt: 2 } });
    expect(transcriber.requests.filter(({ seconds }) => seconds < 13)).toHaveLength(1);
    expect(episode.segments).toHaveLength(2);
  });

  it.each([
    { language: null, heard: 1 },
    { language: 'he', heard: 2 },
  ])(
    'keeps what was heard until the job has failed for a retry in the same language: $language',
    async ({ language, heard }) => {
      const away = Promise.withResolvers<void>();
      transcriber.answer(async ({ seconds }) => {
        if (seconds < 13) return { body: verboseJson(FIRST) };
        await away.promise;
        return 'hang up';
      });
      const ann = await app.user();
      const transcribing = transcribe(ann);
      const pieces = () => sql(app.database, 'SELECT 1 FROM heard_pieces');
      await until(pieces, (rows) => rows.length === 1);
      await sql(app.database, 'UPDATE jobs SET max_attempts = 1');
      away.resolve();
      expect(await transcribing).toMatchObject({
        status: 'FAILED',
        error: { code: 'UNAVAILABLE' },
        job: { attempt: 1 },
      });
      expect(await pieces()).toHaveLength(1);
      expect(await sql(app.database, "SELECT 1 FROM media_files WHERE kind = 'AUDIO'")).toEqual([]);

      transcriber.answer(() => ({ body: verboseJson(HEBREW) }));
      const { episodes } = await ann.ask('{ episodes(first: 1) { edges { node { id job { id } } } } }');
      const [{ node }] = episodes.edges;
      if (language) await ann.ask(SetLanguage, { input: { episodeId: node.id, language } });
      await ann.ask('mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { id } } }', { id: node.job.id });
      const { episode } = await until(
        () => ann.ask(State, { id: node.id }),
        ({ episode }) => episode.status === 'READY',
      );
      const first = language ? 'שלום' : 'we';
      expect(episode.transcript.edges.map((edge: any) => edge.node.text.split(' ')[0])).toEqual([first, 'שלום']);
      expect(transcriber.requests.filter(({ seconds }) => seconds < 13)).toHaveLength(heard);
      expect(await pieces()).toEqual([]);
    },
  );

  it('removes what models write over silence, and says that nothing is said', async () => {
    const thanks = { start: 0, end: 3, text: 'Thanks for watching!', no_speech_prob: 0.95, avg_logprob: -0.3 };
    transcriber.answer(() => ({ body: { text: 'Thanks for watching!', segments: [thanks] } }));
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'FAILED', segments: [], error: { code: 'CONFLICT' } });
    expect(episode.error.message).toContain('Nothing is said');
  });

  it('names the setting where the key is wrong, and does not try again', async () => {
    transcriber.answer(() => ({ status: 401, body: { error: { message: 'wrong key' } } }));
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'FAILED', error: { code: 'UNAVAILABLE' }, job: { attempt: 1 } });
    expect(episode.error.message).toContain('TRANSCRIBER_API_KEY');
  });

  it('takes times a little below 0, probabilities a little above 1, and words without times', async () => {
    const words = FIRST.split(' ').map((word, index) => ({
      word,
      start: index,
      end: index + 0.9,
      probability: 1.0000001,
    }));
    const [one] = words;
    transcriber.answer(({ seconds }) => ({
      body:
        seconds < 13
          ? {
              text: FIRST,
              segments: [{ start: -0.02, end: 11, text: FIRST, words: [{ ...one, start: -0.02 }, ...words.slice(1)] }],
            }
          : {
              text: FIRST,
              segments: [{ start: 0, end: '11.5', text: FIRST, words: [{ word: 'we' }, ...words.slice(1)] }],
            },
    }));
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'READY', error: null });
    expect(episode.segments.map((segment: any) => segment.words[0])).toMatchObject([
      { text: 'we', startSeconds: 0, interpolated: false },
      { text: 'we', interpolated: true },
    ]);
    expect(episode.segments[1].endSeconds).toBeCloseTo(31.25, 1);
  });

  it('names the settings where what answers is no transcriber', async () => {
    transcriber.answer(async () => {
      await sql(app.database, 'UPDATE jobs SET max_attempts = 1');
      return { body: { status: 'ok' } };
    });
    const episode = await transcribe(await app.user());
    expect(episode).toMatchObject({ status: 'FAILED', error: { code: 'UNAVAILABLE' } });
    expect(episode.error.message).toContain('TRANSCRIBER_BASE_URL');
  });

  it('says in which language a recording is, unless the endpoint does not know it', async () => {
    transcriber.answer(({ language }) =>
      language === 'tlh'
        ? { status: 400, body: { error: { message: "Language 'tlh' is not supported." } } }
        : { body: verboseJson(FIRST) },
    );
    const ann = await app.user();
    expect(await transcribe(ann, 'tlh')).toMatchObject({ status: 'READY' });
    expect(transcriber.requests.map(({ language }) => language)).toEqual(['tlh', null, null]);
    expect(await transcribe(ann, 'en-GB')).toMatchObject({ status: 'READY' });
    expect(transcriber.requests.map(({ language }) => language)).toEqual(['en', 'en']);

    transcriber.answer(({ seconds }) =>
      seconds < 13
        ? { status: 400, body: { error: { message: 'No language is heard in this audio.' } } }
        : { body: verboseJson(FIRST) },
    );
    await transcribe(ann, 'fr');
    expect(transcriber.requests.map(({ language }) => language)).toEqual(['fr', null, 'fr']);
  });

  // Last, as the process remembers which form the endpoint takes.
  it('asks in a simpler form where one is refused, and estimates times where there are none', async () => {
    transcriber.answer(({ format }, index) =>
      format === 'json'
        ? { body: { text: index < 4 ? FIRST : HEBREW } }
        : {
            status: 400,
            body: { error: { message: `response_format '${format}' is not compatible with this model` } },
          },
    );
    const episode = await transcribe(await app.user());
    expect(transcriber.requests.map(({ format }) => format)).toEqual(['verbose_json', 'verbose_json', 'json', 'json']);
    expect(episode.segments[0].words[0]).toMatchObject({ text: 'we', interpolated: true });
    expect(episode.segments.at(-1).startSeconds).toBeGreaterThan(19);
  });
});
