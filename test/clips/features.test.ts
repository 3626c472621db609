import { describe, expect, it } from 'vitest';
import { computeFeatures } from '#domain/episodes/clips/clip-features.ts';
import { lengthFit } from '#domain/episodes/clips/features/length-fit.ts';
import { measureEpisode } from '#domain/episodes/clips/measure-episode.ts';
import { chooseTitle } from '#domain/episodes/clips/titles.ts';
import { conversation } from './sentence-arbitraries.ts';

/** The features of a clip of all the given turns. */
function featuresIn(...turns: [string | null, string][]) {
  const sentences = conversation(...turns);
  return computeFeatures(measureEpisode(sentences), 'TIKTOK', 0, sentences.length - 1);
}

describe('features', () => {
  it('hook: a question with a number to "you" holds, a reply does not', () => {
    const strong = featuresIn(['Ann', 'Why do 90 percent of you fail at bread?']);
    const plain = featuresIn(['Ann', 'There was some of it on the table.']);
    const reply = featuresIn(['Ann', 'Yeah, and 90 percent of you fail at bread.']);
    expect(strong.hook).toBeGreaterThan(0.8);
    expect(plain.hook).toBeLessThan(0.3);
    expect(reply.hook).toBeLessThan(0.3);
  });

  it('questionOrNumber: counts early questions and numbers, not a last or a tag question', () => {
    expect(featuresIn(['Ann', 'Why is that? We know. We do.']).questionOrNumber).toBe(0.6);
    expect(featuresIn(['Ann', 'We know. We do. We bake bread. Why is that? It is.']).questionOrNumber).toBe(0.3);
    expect(featuresIn(['Ann', 'It took 7 days. We know.']).questionOrNumber).toBe(0.4);
    expect(featuresIn(['Ann', 'We know. Why is that?']).questionOrNumber).toBe(0);
    expect(featuresIn(['Ann', 'We know that, right? We do.']).questionOrNumber).toBe(0);
    expect(featuresIn(['דנה', 'למה זה קרה. אין לדעת']).questionOrNumber).toBe(0);
    expect(featuresIn(['דנה', 'למה זה קרה'], ['יוסי', 'מכרנו מיליון כיכרות.']).questionOrNumber).toBe(1);
  });

  it('sentimentSwing: moves with feeling, and is 0 in Hebrew', () => {
    expect(
      featuresIn(['Ann', 'I love this wonderful bread! I hate that terrible oven.']).sentimentSwing,
    ).toBeGreaterThan(0.8);
    expect(featuresIn(['Ann', 'I bake bread. I bake cake.']).sentimentSwing).toBe(0);
    expect(featuresIn(['דנה', 'אני אוהבת לחם. אני שונאת תנורים.']).sentimentSwing).toBe(0);
  });

  it('speakerExchange: an answered question beats a change of speaker beats a monologue', () => {
    const long = 'and then we baked a great deal of bread for all of the people of the town.';
    const features = [
      featuresIn(['Ann', `Tell us what happened there, ${long} How did it go?`], ['Bob', `We did it, ${long}`]),
      featuresIn(['Ann', `We tell you what happened there, ${long}`], ['Bob', `We did it, ${long}`]),
      featuresIn(['Ann', `We tell you what happened there, ${long}`], ['Ann', `How did it go? We did it, ${long}`]),
      featuresIn([null, `How did it go? ${long}`], [null, long]),
    ];
    expect(features.map(({ speakerExchange }) => speakerExchange)).toEqual([1, 0.4, 0, 0]);
  });

  it('completeness: whole thoughts beat cuts that begin with a reply or break off', () => {
    expect(featuresIn(['Ann', 'Bread needs time. Time is all it takes.']).completeness).toBe(1);
    expect(featuresIn(['Ann', 'So then bread needs time. Time is all it takes.']).completeness).toBeLessThan(0.5);
    expect(featuresIn(['Ann', 'Bread needs time. Is time all it takes?']).completeness).toBeLessThan(0.5);
  });

  it('fluency: falls with fillers and with what is only repeated', () => {
    expect(featuresIn(['Ann', 'Bread needs time.']).fluency).toBe(1);
    expect(featuresIn(['Ann', 'Um, bread, you know, needs, like, time.']).fluency).toBe(0);
    expect(featuresIn(['דנה', 'זה כאילו לחם.']).fluency).toBe(0);
    expect(featuresIn(['Ann', 'So. So. So. So.']).fluency).toBe(0);
  });

  it('speechRate and keywordSalience: a stretch is compared with the episode', () => {
    const chat = Array.from({ length: 30 }, (): [string, string] => [
      'Ann',
      'It was good and we were all there and it was nice to be with them again.',
    ]);
    const subject = Array.from({ length: 6 }, (): [string, string] => [
      'Ann',
      'The sourdough starter ferments flour, and the starter feeds wild yeast and bacteria.',
    ]);
    const sentences = conversation(...chat, ...subject);
    const fast = sentences.map((sentence, index) => ({
      ...sentence,
      text: index >= 30 ? `${sentence.text} And on and on and on and on it goes.` : sentence.text,
    }));
    const episode = measureEpisode(fast);
    const [usual, special] = [computeFeatures(episode, 'X', 0, 4), computeFeatures(episode, 'X', 30, 34)];
    expect(special.keywordSalience).toBeGreaterThan(usual.keywordSalience + 0.3);
    expect(special.speechRate).toBeGreaterThan(usual.speechRate + 0.3);
  });

  it('lengthFit: 1 within the ideal, falling to 0 at 12 and 60 s', () => {
    expect([11.9, 12, 16.5, 21, 34, 47, 60, 60.1].map((seconds) => lengthFit('TIKTOK', seconds))).toEqual([
      0, 0, 0.5, 1, 1, 0.5, 0, 0,
    ]);
    expect(lengthFit('LINKEDIN', 60)).toBe(1);
  });
});

describe('titles', () => {
  const titleIn = (text: string) => {
    const sentences = conversation(['Ann', text]);
    return chooseTitle(measureEpisode(sentences), 0, sentences.length - 1);
  };

  it('drop the fillers they begin with and the full stop', () => {
    expect(titleIn('So, um, you know, the starter needs warm flour.')).toBe('The starter needs warm flour');
  });

  it('are cut at a clause, else at a word, to 80 characters', () => {
    expect(titleIn(`The starter needs warm flour twice a day for a week, ${'and more and more '.repeat(9)}.`)).toBe(
      'The starter needs warm flour twice a day for a week…',
    );
    expect(titleIn('x'.repeat(200))).toBe(`${'X'}${'x'.repeat(78)}…`);
  });
});
