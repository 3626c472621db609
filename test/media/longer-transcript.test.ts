import { expect, it } from 'vitest';
import { makeSound } from '../support/media.ts';
import { ImportTranscript } from '../support/operations.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const Processed = `query ($id: ID!) { episode(id: $id) { status durationSeconds error { message }
  clips(first: 50) { edges { node { id startSeconds endSeconds } } } } }`;
const Trim = 'mutation ($input: TrimClipInput!) { trimClip(input: $input) { clip { id } } }';
const RECORDED_SECONDS = 40;

/** Captions of five seconds each, of which those from the ninth on lie behind the end of the recording. */
function makeCaptions(delaySeconds: number): string {
  const time = (seconds: number) => new Date((seconds + delaySeconds) * 1_000).toISOString().slice(11, 23);
  const captions = Array.from({ length: 30 }, (_, number) => {
    const text = number % 2 === 0 ? 'Why did nobody tell us about bridge' : 'We found the answer in letter';
    return `${time(number * 5)} --> ${time(number * 5 + 5)}\n${text} ${number}.\n`;
  });
  return `WEBVTT\n\n${captions.join('\n')}`;
}

describeWith('ffmpeg', 'the transcript of a longer cut', () => {
  const app = useParley();

  it('gives no clip that goes on behind the end of the recording, and moves that end by no later import', async () => {
    const ann = await app.user();
    const recording = makeSound(`aevalsrc=0.3*sin(1885*t):d=${RECORDED_SECONDS}`, '-f', 'wav', '-');
    const { url, episodeId } = await createUpload(ann, recording.length, 'talk.wav');
    const content = makeCaptions(0);
    await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content } });
    await patch(ann, url, { offset: 0, body: recording });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => episode.status === 'READY' || episode.status === 'FAILED',
    );
    expect(episode.error).toBeNull();
    const clips = episode.clips.edges.map(({ node }: { node: { endSeconds: number } }) => node);
    expect(clips.length).toBeGreaterThan(0);
    for (const { endSeconds } of clips) expect(endSeconds).toBeLessThanOrEqual(RECORDED_SECONDS);

    const { importTranscript } = await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content } });
    expect(importTranscript).toMatchObject({
      segments: 30,
      passedOver: 0,
      warnings: [{ line: null, message: expect.stringMatching(/ends at 40 s, and 22 segments go on .* from 40 s/) }],
    });
    const { episode: later } = await ann.ask(Processed, { id: episodeId });
    expect(later).toMatchObject({ status: 'READY', durationSeconds: RECORDED_SECONDS });
    const input = { clipId: episode.clips.edges[0].node.id, startSeconds: 38, endSeconds: 55 };
    expect((await ann.send(Trim, { input })).errors).toMatchObject([
      { message: expect.stringContaining('The episode ends at 40 s'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);

    await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content: makeCaptions(4) } });
    const { episode: delayed } = await ann.ask(Processed, { id: episodeId });
    for (const { node } of delayed.clips.edges) expect(node.endSeconds).toBeLessThanOrEqual(RECORDED_SECONDS);
    expect(delayed.clips.edges.length).toBeGreaterThan(0);
  });
});
