import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findClips } from '#domain/episodes/clips/find-clips.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { read, srt, timedTextsOf, turnsOf, vtt } from './support.ts';

const textsOf = (format: TranscriptFormat, source: string) => turnsOf(format, source).map(([, text]) => text);

describe('rolling captions', () => {
  const line = fc
    .array(fc.stringMatching(/^(?:[a-z]{1,7}|[א-ת]{1,7})$/), { minLength: 2, maxLength: 6 })
    .map((words) => words.join(' '));
  const rolling = fc.record({
    lines: fc.uniqueArray(line, { minLength: 3, maxLength: 20 }),
    stamped: fc.boolean(),
    flashes: fc.boolean(),
    rows: fc.constantFrom(2, 3),
    format: fc.constantFrom<TranscriptFormat>('SRT', 'VTT'),
  });

  it('give each line once, when it comes first', () => {
    fc.assert(
      fc.property(rolling, ({ format, ...rolling }) => {
        const expected = rolling.lines.map((text, index) => [2 * index, text]);
        expect(timedTextsOf(format, roll(format, rolling))).toEqual(expected);
      }),
    );
  });

  /** As YouTube rolls: each line comes under those before it, and may stand alone for 10 ms before the next comes. */
  function roll(format: TranscriptFormat, { lines, stamped, flashes, rows }: Omit<Rolling, 'format'>): string {
    const clock = (ms: number) =>
      new Date(ms)
        .toISOString()
        .slice(11, 23)
        .replace('.', format === 'SRT' ? ',' : '.');
    const cues = lines.flatMap((text, index) => {
      const [from, to] = [2000 * index, 2000 * (index + 1)];
      const middle = new Date(from + 500).toISOString().slice(11, 23);
      const [first, ...rest] = text.split(' ');
      const added = stamped ? `${first}<${middle}><c> ${rest.join(' ')}</c>` : text;
      const shown = lines.slice(Math.max(0, index + 1 - rows), index);
      const end = flashes ? to - 10 : to;
      const cue = `${clock(from)} --> ${clock(end)} align:start position:0%\n${[...shown, added].join('\n')}\n`;
      return flashes ? [cue, `${clock(end)} --> ${clock(to)}\n${text}\n \n`] : [cue];
    });
    return `${format === 'VTT' ? 'WEBVTT\nKind: captions\n\n' : ''}${cues.join('\n')}`;
  }
  type Rolling = { lines: string[]; stamped: boolean; flashes: boolean; rows: number; format: TranscriptFormat };

  it.each([0.15, 0.5])('give each line once where %f s are between cues', (gap) => {
    const lines = ['one two', 'שלוש ארבע', 'five six', 'seven'];
    const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
    const cue = (text: string, index: number) =>
      `${clock(3 * index)} --> ${clock(3 * index + 3 - gap)}\n${[...lines.slice(Math.max(0, index - 1), index), text].join('\n')}\n`;
    expect(textsOf('VTT', `WEBVTT\n\n${lines.map(cue).join('\n')}`)).toEqual(lines);
  });

  it('are not what is said twice', () => {
    expect(textsOf('SRT', srt('No.', 'No.', 'No, no.', 'Never.\nNo.', 'No.'))).toEqual([
      'No.',
      'No.',
      'No, no.',
      'Never. No.',
      'No.',
    ]);
  });
});

it.each([
  '*door slams*',
  '*מוזיקה*',
  '♩ la la ♩',
  '【笑い】',
  '（音楽）',
  '(Musik)',
  '(aplausos)',
  '# oh my love #',
  '(laughs and turns to the window)',
])('%s is no speech', (sound) => {
  const segments = turnsOf('SRT', srt('Noa: Hi.', sound, 'Noa: So it goes.'));
  expect(segments[1]).toEqual([null, sound]);
});

it.each([
  'we are #1 and they # 2',
  'I *love* it',
  '2 * 3 * 4',
  '(that is all)',
  '(nothing else)',
  'It was *amazing* and *interesting* to me',
])('%s is speech', (text) => {
  expect(turnsOf('SRT', srt('Noa: Hi.', text, 'Noa: So.', 'well'))[1]).toEqual(['Noa', text]);
});

describe('lines that are shown as they are spoken', () => {
  it('and drop their beginning give each word once', () => {
    const shown = [
      'the rain fell',
      'the rain fell all day',
      'all day on the',
      'all day on the roof',
      'the roof of העיר הישנה',
      'העיר הישנה בלילה',
    ];
    const said = ['the rain fell all day', 'on the roof', 'of העיר הישנה', 'בלילה'];
    expect(textsOf('SRT', spoken(...shown))).toEqual(said);
  });

  it.each<[string, string[]]>([
    ['one word', ['very very very', 'very very very', 'very very cold']],
    ['one word in Hebrew, many times', ['קר', 'לא, לא, לא', 'מאוד מאוד', 'מאוד מאוד מאוד קר', 'מאוד מאוד', 'חם']],
    ['the end of a line', ['no no no', 'no no please', 'no please stop']],
    ['a few lines', ['come with me', 'with me tonight', 'me tonight again', 'tonight again', 'again']],
    ['one word throughout', ['a no no', 'no no b no no', 'no no c no no', 'no no d no no', 'no no e no no', 'no no f']],
  ])('are no song that repeats %s', (_, lines) => {
    expect(textsOf('SRT', spoken(...lines))).toEqual(lines);
  });

  it('are no song with gaps between its lines', () => {
    const [first, second] = ['We will', 'We will\nרוקדים'];
    const source = `00:00:00,000 --> 00:00:01,000\n${first}\n\n00:00:01,500 --> 00:00:03,000\n${second}\n`;
    expect(textsOf('SRT', source)).toEqual(['We will', 'We will רוקדים']);
  });

  const spoken = (...texts: string[]) =>
    texts.map((text, index) => `00:00:0${index},000 --> 00:00:0${index + 1},000\n${text}\n`).join('\n');

  it.each([
    ['word by word', ['the', 'the garden', 'the garden was wet', 'and', 'and the fence fell']],
    [
      'with the word that is heard marked',
      [
        '<u>the</u> garden was wet',
        'the <u>garden</u> was wet',
        'the garden was <u>wet</u>',
        '<font color="#0f0">and</font> the fence fell',
        'and the fence <font color="#0f0">fell</font>',
      ],
    ],
  ])('%s are one line, from its first word', (_, cues) => {
    expect(timedTextsOf('SRT', spoken(...cues))).toEqual([
      [0, 'the garden was wet'],
      [3, 'and the fence fell'],
    ]);
  });

  it('are not what is said again, or goes on elsewhere', () => {
    const texts = ['No.', 'No.', 'The dog', 'The dog barks.', 'Never.', 'Never.', 'Hm.'];
    expect(textsOf('SRT', spoken(...texts))).toEqual(texts);
  });
});

describe('what converters leave behind', () => {
  it.each<[string, string, string]>([
    ['hard spaces', 'We\\hsing\\hשלום', 'We sing שלום'],
    ['line ends of SubStation', 'one\\Ntwo\\nthree', 'one two three'],
    ['overrides of SubStation', '{\\an8}{\\pos(1,2)\\i1}one{\\i0} two', 'one two'],
    ['fonts', '<font color="#fff" face=\'x\'>one</font> <FONT>two</FONT>', 'one two'],
    ['ruby', '<ruby>one<rt>two</rt></ruby>', 'onetwo'],
    ['breaks', 'one<br>two<br />three', 'one two three'],
    ['styles', '<b>one</b> <i>two</i> <u>three</u>', 'one two three'],
    ['entities', 'Q&amp;A &lt;3 &#39;so&#x27; &quot;x&quot;&nbsp;y', `Q&A <3 'so' "x" y`],
    ['entities that are escaped twice', 'Q&amp;amp;A &amp;#39;so&amp;quot;', `Q&A 'so"`],
    ['entities that are escaped thrice', 'Q&amp;amp;amp;A &amp;amp;lt;3', 'Q&A <3'],
    ['what is none of them', 'a < b && c > d {e} & f; AT&T; C:\\dir', 'a < b && c > d {e} & f; AT&T; C:\\dir'],
  ])('is read without its %s', (_what, text, expected) => {
    expect(textsOf('SRT', srt(text))).toEqual([expected]);
    expect(textsOf('VTT', vtt(text))).toEqual([expected]);
  });

  it.each<[string, TranscriptFormat, string]>([
    ['WebVTT called SRT', 'SRT', vtt('<v Noa>one', 'two')],
    ['WebVTT called text', 'TEXT', `\uFEFF${vtt('<v Noa>one', 'two')}`],
    [
      'SubRip called WebVTT',
      'VTT',
      srt('Noa: one', 'Gil: two').replace('Gil: two', 'two').replace('Noa: one', '[SPEAKER_1]: one'),
    ],
    ['SubRip called text', 'TEXT', srt('Dr. Noa: one', 'two')],
  ])('is read by its content: %s', (_what, format, source) => {
    const { segments, warnings } = read(format, source);
    expect(segments.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(segments[0]?.speaker).toBeTruthy();
    expect(warnings.count).toBe(0);
  });

  it('reads on after an empty line in SubRip that is called WebVTT', () => {
    expect(textsOf('VTT', srt('one\n\nmore', 'two'))).toEqual(['one more', 'two']);
  });
});

describe('what is not spoken', () => {
  const spoken = (...texts: string[]) =>
    splitIntoSentences(read('SRT', srt(...texts)).segments)
      .map(({ text }) => text)
      .join(' | ');

  it('is kept in the transcript', () => {
    const texts = ['[Music]', '♪ la la ♪', '(applause)', 'Hello.'];
    expect(textsOf('SRT', srt(...texts))).toEqual(texts);
  });

  it.each<[string, string[], string]>([
    ['music', ['[Music]', 'Hello there.', '[מוזיקה]', 'Bye.'], 'Hello there. | Bye.'],
    ['songs', ['♪ We sing along', 'la la ♪', 'Hello. ♪ la ♪ Bye.', '🎵'], 'Hello. | Bye.'],
    ['sounds', ['(Applause)', 'Hello (laughs) there.', '(צוחקת) שלום.'], 'Hello there. | שלום.'],
    ['sounds beside words', ['[Music]Hello there[applause].'], 'Hello there.'],
    ['what is added', ['We [Noa and I] bake.'], 'We bake.'],
    ['sounds between asterisks', ['*door closing*', 'Hello *laughs* *clears throat* there.'], 'Hello there.'],
    ['sounds between asterisks, in Hebrew', ['שלום *צוחקת* לך (לא ברור).'], 'שלום לך'],
  ])('is in no sentence: %s', (_what, texts, sentences) => {
    expect(spoken(...texts)).toBe(sentences);
  });

  it('is in no clip', () => {
    const said = (index: number) => `We bake bread number ${index}, and it is good.`;
    const texts = Array.from({ length: 30 }, (_, index) => (index % 10 < 2 ? '[Music]' : said(index)));
    const { segments } = read('SRT', srt(...texts));
    const music = segments.filter(({ text }) => text === '[Music]');
    const { clips: found } = findClips(
      {
        pages: [Buffer.from(JSON.stringify(segments))],
        genre: 'GENERAL',
        platforms: ['X'],
        maxClips: 10,
        ownClips: [],
      },
      () => {},
    );
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const { startSeconds, endSeconds, title } of found) {
      expect(music.filter((sound) => sound.startSeconds < endSeconds && sound.endSeconds > startSeconds)).toEqual([]);
      expect(title).not.toContain('Music');
    }
  });

  it('parts sentences only where it lasts', () => {
    const cues = [
      '0:00 --> 0:02\nWe bake',
      '0:02 --> 0:03\n[laughs]',
      '0:03 --> 0:05\ngood',
      '0:05 --> 0:09\n[Music]',
      '0:09 --> 0:10\nbread.',
    ];
    const sentences = splitIntoSentences(read('SRT', cues.join('\n\n')).segments);
    expect(sentences.map(({ text }) => text)).toEqual(['We bake good', 'bread.']);
  });

  it.each([
    'I did *nothing* wrong.',
    'It was *amazing* and *interesting* to me.',
    'I said *not a sound* to you.',
    'I answered the *phone* not the *door*.',
    'אמרתי *לא* והלכתי.',
    'אמרתי (לא היום) והלכתי.',
    'לא עשיתי *כלום* רע.',
    'I did (nothing) wrong.',
  ])('is no word that is emphasized: %s', (text) => {
    expect(spoken(text)).toBe(text);
  });

  it('is no aside', () => {
    expect(spoken('We bake (and I mean every day) bread.')).toBe('We bake (and I mean every day) bread.');
  });

  it('is nobody’s, and whoever spoke before goes on after it', () => {
    expect(
      turnsOf('SRT', srt('Noa: Hi.', 'I bake.', '[Music]', 'Bread.', 'Noa: Yes.')).map(([speaker]) => speaker),
    ).toEqual(['Noa', 'Noa', null, 'Noa', 'Noa']);
  });
});
