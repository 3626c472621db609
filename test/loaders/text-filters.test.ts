import { describe, expect, it } from 'vitest';
import { CreateConversation } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

describe('an empty text filter', () => {
  it.each([
    ['conversations', 'titleContains'],
    ['episodes', 'titleContains'],
    ['clips', 'titleContains'],
    ['memories', 'contentContains'],
    ['jobs', 'errorContains'],
    ['campaigns', 'nameContains'],
    ['leads', 'search'],
  ])('of %s lists what no filter does', async (list, field) => {
    const ann = await app.user();
    await ann.ask(CreateConversation, { input: {} });
    await ann.ask(CreateConversation, { input: { title: 'נמל' } });
    await ann.ask(`mutation { createLead(input: { name: "דנה", phone: "+972522345678" }) { lead { id } } }`);
    await ann.ask(`mutation { saveMemory(input: { kind: FACT, content: "Lives in Haifa" }) { memory { id } } }`);
    await ann.ask(
      `mutation { createEpisode(input: { filename: "a.mp3", contentType: "audio/mpeg", sizeBytes: 9 }) { episode { id } } }`,
    );
    const count = async (argument: string) => (await ann.ask(`{ ${list}${argument} { totalCount } }`))[list].totalCount;
    const all = await count('');
    for (const text of ['', '  ']) expect(await count(`(filter: { ${field}: "${text}" })`)).toBe(all);
    if (['conversations', 'episodes', 'memories', 'leads'].includes(list)) expect(all).toBeGreaterThan(0);
  });
});

describe('titleContains of episodes', () => {
  it('looks at the filename of an upload without a title, and at nothing but the title of others', async () => {
    const ann = await app.user();
    for (const [filename, title] of [
      ['interview-dana.mp3', null],
      ['ראיון עם דנה.mp3', null],
      ['interview-gil.mp3', 'Small machines'],
    ]) {
      const { createEpisode } = await ann.ask(
        `mutation ($input: CreateEpisodeInput!) { createEpisode(input: $input) { episode { id } } }`,
        { input: { filename, contentType: 'audio/mpeg', sizeBytes: 9 } },
      );
      if (title)
        await ann.ask(`mutation ($input: UpdateEpisodeInput!) { updateEpisode(input: $input) { episode { id } } }`, {
          input: { episodeId: createEpisode.episode.id, title },
        });
    }
    const found = async (text: string) => {
      const { episodes } = await ann.ask(
        `query ($filter: EpisodeFilter) { episodes(filter: $filter) { totalCount edges { node { originalName } } } }`,
        { filter: { titleContains: text } },
      );
      const names = episodes.edges.map(({ node }: any) => node.originalName);
      expect(episodes.totalCount).toBe(names.length);
      return names;
    };
    expect(await found('INTERVIEW')).toEqual(['interview-dana.mp3']);
    expect(await found('ראיון')).toEqual(['ראיון עם דנה.mp3']);
    expect(await found('machines')).toEqual(['interview-gil.mp3']);
    expect(await found('gil')).toEqual([]);
  });
});
