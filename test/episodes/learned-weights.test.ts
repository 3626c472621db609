import { expect, it } from 'vitest';
import { makeEpisode, processToEnd } from '../support/fixtures.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ on: 'embedded' });

const Read = `query ($id: ID!) { episode(id: $id) { clips(first: 100) { edges { node { id score features } } } } }`;
const Say = 'mutation ($input: SubmitFeedbackInput!) { submitFeedback(input: $input) { feedback { id } } }';

it('feedback on twenty clips shifts what the next ones of their owner are scored by, and those of nobody else', async () => {
  const ann = await app.user();
  const clipsOf = async (id: string) =>
    (await ann.ask(Read, { id })).episode.clips.edges.map(({ node }: { node: object }) => node);
  const first = await makeEpisode(ann, 120);
  await processToEnd(ann, first);
  const clips = (await clipsOf(first)).toSorted((a: any, b: any) => b.features.hook - a.features.hook);
  expect(clips.length).toBeGreaterThanOrEqual(20);
  expect(clips[0].features.weights).toBeUndefined();
  const say = (index: number, rating: number) =>
    ann.ask(Say, { input: { episodeId: first, clipId: clips[index].id, type: 'OTHER', rating } });
  for (let index = 0; index < 19; index += 1) await say(index, index < 10 ? 5 : 1);
  // A rating of 3 takes back what was said before.
  for (const rating of [1, 3]) await say(19, rating);
  const second = await makeEpisode(ann, 60);
  await processToEnd(ann, second);
  expect((await clipsOf(second))[0].features.weights).toBeUndefined();

  await say(19, 1);
  await processToEnd(ann, second);
  const [shifted] = await clipsOf(second);
  const { weights, ...features } = shifted.features;
  expect(weights).toMatchObject({ version: 1, hook: expect.any(Number) });
  const score = Object.entries<number>(features).reduce((sum, [name, value]) => sum + value * weights[name], 0);
  expect(shifted.score).toBeCloseTo(score, 3);
  // The clips that were judged are gone; what was said of them counts on, and gives the same version.
  await processToEnd(ann, first);
  expect((await clipsOf(first))[0].features.weights.version).toBe(1);
  const ben = await app.user();
  const his = await makeEpisode(ben, 60);
  await processToEnd(ben, his);
  const { episode } = await ben.ask(Read, { id: his });
  expect(episode.clips.edges[0].node.features.weights).toBeUndefined();
});
