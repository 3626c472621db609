import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHeading } from '#domain/episodes/transcripts/speakers/names.ts';
import { read, srt, turnsOf, vtt } from './support.ts';

const speakersOf = (...texts: string[]) => turnsOf('SRT', srt(...texts)).map(([speaker]) => speaker);

describe('who speaks', () => {
  it.each<[string, string, string]>([
    ['a name and a colon', 'Noa Bar: yes', 'Noa Bar'],
    ['a name and a colon without a space', 'Noa:yes', 'Noa'],
    ['a Hebrew name', 'נועה בר: yes', 'נועה בר'],
    ['a Hebrew title', 'ד"ר בר: yes', 'ד"ר בר'],
    ['a Hebrew name after a mark of direction', '\u200fנועה: yes', 'נועה'],
    ['a Hebrew name in an embedding', '\u202bנועה: yes\u202c', 'נועה'],
    ['a pronoun after the name', 'Noa Bar (she/her): yes', 'Noa Bar (she/her)'],
    ['a number in brackets', '[SPEAKER_07]: yes', 'SPEAKER_07'],
    ['a number in brackets without a colon', '[speaker_7] yes', 'speaker_7'],
    ['a name in brackets', '[Noa]: yes', 'Noa'],
    ['a name in parentheses', '(Noa) yes', 'Noa'],
    ['a number in parentheses', '(speaker 1) yes', 'speaker 1'],
    ['a chevron and a name', '>> NOA: yes', 'NOA'],
    ['a chevron, escaped', '&gt;&gt; NOA: yes', 'NOA'],
    ['a voice', '<v Noa>yes</v>', 'Noa'],
    ['a voice with classes and marks', '<v.loud \u200fנועה\u200f>yes', 'נועה'],
  ])('is read from %s, alike in all formats', (_what, text, speaker) => {
    const sources = { SRT: srt(text, text), VTT: vtt(text, text), TEXT: `0:01\n${text}\n0:02\n${text}` };
    for (const format of ['SRT', 'VTT', 'TEXT'] as const) {
      if (format === 'TEXT' && text.startsWith('<')) continue;
      expect(turnsOf(format, sources[format])).toEqual([
        [speaker, 'yes'],
        [speaker, 'yes'],
      ]);
    }
    if (text.startsWith('<') || text.startsWith('&')) return;
    const segments = [1, 2].map((start) => ({ start, end: start + 1, text: `${text} indeed` }));
    expect(turnsOf('JSON', JSON.stringify({ segments }))[0]?.[0]).toBe(speaker);
  });

  it('is nobody where a format says so', () => {
    expect(turnsOf('VTT', vtt('<v ->one', '<v>two', '<v Unknown>three', 'four')).map(([speaker]) => speaker)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const segments = ['-', '?', null, ''].map((speaker, start) => ({
      speaker,
      startTime: start,
      endTime: start + 1,
      body: 'so so',
    }));
    expect(turnsOf('JSON', JSON.stringify({ segments })).map(([speaker]) => speaker)).toEqual([null, null, null, null]);
  });

  it('is not the last one after a change of speaker without a name', () => {
    expect(turnsOf('SRT', srt('>> NOA: Hi.', 'I bake.', '>> What?', 'Bread?', '>> NOA: Bread. >> Why?'))).toEqual([
      ['NOA', 'Hi.'],
      ['NOA', 'I bake.'],
      [null, 'What?'],
      [null, 'Bread?'],
      ['NOA', 'Bread.'],
      [null, 'Why?'],
    ]);
    expect(turnsOf('SRT', srt('Noa: Hi.\n- Who is it?', '- Me.\n- You?', 'Noa: Yes, -5 degrees.'))).toEqual([
      ['Noa', 'Hi.'],
      [null, 'Who is it?'],
      [null, 'Me.'],
      [null, 'You?'],
      ['Noa', 'Yes, -5 degrees.'],
    ]);
  });

  it('keeps the times of words where a label goes', () => {
    const words = ['Noa:', 'yes', 'indeed'].map((word, index) => ({ word, start: index, end: index + 1 }));
    const segment = { start: 0, end: 3, text: 'Noa: yes indeed', words };
    expect(read('JSON', JSON.stringify({ segments: [segment] })).segments).toMatchObject([
      {
        speaker: 'Noa',
        text: 'yes indeed',
        words: [
          { text: 'yes', startSeconds: 1 },
          { text: 'indeed', startSeconds: 2 },
        ],
      },
    ]);
  });
});

describe('a name that comes once', () => {
  it('is a speaker where every cue has one', () => {
    expect(speakersOf('Noa Bar: Can you hear me?', 'Gil Dor: Yes.')).toEqual(['Noa Bar', 'Gil Dor']);
    expect(speakersOf('נועה בר: שומעים?', 'גיל: כן.', 'נועה בר: יופי.')).toEqual(['נועה בר', 'גיל', 'נועה בר']);
  });

  it('is a speaker where half of the cues have one and none comes again', () => {
    expect(speakersOf('Noa: Hi.', 'I bake.', 'Gil: Why?', 'Tell me.')).toEqual(['Noa', 'Noa', 'Gil', 'Gil']);
  });

  it('is a speaker where it is a full name and others come again, or has a title or a number', () => {
    const spoken = ['Noa Bar: Hi.', 'I bake.', 'Noa Bar: So.', 'I do.', 'Bread.'];
    expect(speakersOf(...spoken, 'Gil Dor: Why?').at(-1)).toBe('Gil Dor');
    expect(speakersOf(...spoken, 'Dr. Dor: Why?').at(-1)).toBe('Dr. Dor');
    expect(speakersOf(...spoken, 'Speaker 3: Why?').at(-1)).toBe('Speaker 3');
  });

  it('is none in a file that has few', () => {
    const spoken = ['Noa: Hi.', 'I bake.', 'Bread.', 'Noa: So.', 'I do.', 'Salt.'];
    expect(turnsOf('SRT', srt(...spoken, 'Rumour: it rises.')).at(-1)).toEqual(['Noa', 'Rumour: it rises.']);
    expect(turnsOf('SRT', srt(...spoken, 'והכלל הוא: לחכות')).at(-1)).toEqual(['Noa', 'והכלל הוא: לחכות']);
  });

  it.each([
    'noa_b',
    'gil',
    'נועה (מהטלפון)',
    'Gil Dor, CTO',
    'ועדת החינוך והתרבות של עיריית חיפה',
    'the man at the back of the hall',
    'xX-gil-Xx 7',
    'Studio 4 / camera 2',
  ])('is whatever comes again before a colon: %s', (name) => {
    const texts = ['Noa Bar: Hi.', `${name}: yes`, 'Noa Bar: So.', `${name}: no`];
    for (const [format, source] of [
      ['SRT', srt(...texts)],
      ['VTT', vtt(...texts)],
    ] as const)
      expect(turnsOf(format, source)).toEqual([
        ['Noa Bar', 'Hi.'],
        [name, 'yes'],
        ['Noa Bar', 'So.'],
        [name, 'no'],
      ]);
    const rest = Array.from({ length: 12 }, (_, index) => `word ${index}`);
    expect(speakersOf('Noa Bar: Hi.', ...rest, `${name}: a`, `${name}: b`, `${name}: c`).slice(-3)).toEqual([
      name,
      name,
      name,
    ]);
  });

  it.each(['gil@example.com', '+972541234567', '054-123-4567', 'iPhone', "Gil's iPad", '🎸 Gil', 'גיל@example.co.il'])(
    'is an account of a call, though it comes once: %s',
    (name) => {
      const texts = ['Noa Bar: Hi.', 'Noa Bar: So.', `${name}: yes`, 'Noa Bar: Bye.'];
      expect(speakersOf(...texts)).toEqual(['Noa Bar', 'Noa Bar', name, 'Noa Bar']);
    },
  );

  it('is nobody where it is not known, among cues that all have one', () => {
    const texts = Array.from({ length: 12 }, (_, index) => `${index % 2 ? 'Noa' : 'gil'}: so ${index}`);
    expect(turnsOf('SRT', srt(...texts, 'one more thing: milk')).at(-1)).toEqual([null, 'one more thing: milk']);
  });

  it.each([
    'my mother said',
    'and then he told me',
    'אז אבא שלי אמר',
    'והשאלה היא',
    'there are three kinds',
    '2024-2025',
  ])('is no clause that announces: %s', (clause) => {
    const told = ['We sat down.', `${clause}: one`, 'So.', `${clause}: two`, 'Well.', `${clause}: three`, 'Yes.'];
    expect(speakersOf('Noa: Hi.', ...told, 'Noa: Bye.')).not.toContain(clause);
  });

  it('changes at an em dash and a space, not where one goes on', () => {
    expect(turnsOf('SRT', srt('Noa: שלום', '— מי שם?\n— אני.', 'Noa: and then', '—he left', 'Noa: so'))).toEqual([
      ['Noa', 'שלום'],
      [null, 'מי שם?'],
      [null, 'אני.'],
      ['Noa', 'and then'],
      ['Noa', '—he left'],
      ['Noa', 'so'],
    ]);
  });

  it.each([
    ['Ann: Hello there, my friend', '— I went home —', '— and slept', 'Ann: so'],
    ['דנה: אז הלכתי הביתה', '— לא מיד —', '— וישנתי', 'דנה: כן'],
  ])('goes on after an em dash in a sentence: %s', (...cues) => {
    const [name] = cues[0]?.split(':') ?? [];
    expect(speakersOf(...cues)).toEqual(cues.map(() => name));
  });

  it('changes at em dashes that come after sentences', () => {
    const cues = ['Noa: Who is there?', '— Me.', '— Come in!', 'Noa: The door', '— as you know — is open'];
    expect(speakersOf(...cues)).toEqual(['Noa', null, null, 'Noa', 'Noa']);
    expect(speakersOf('נועה: מי שם?', '— אני.', 'נועה: טוב')).toEqual(['נועה', null, 'נועה']);
  });

  it.each(['Note', 'Warning', 'Important', 'Breaking news', 'הערה', 'חשוב', 'לסיכום'])('is never %s', (word) => {
    const cues = ['Noa: Hi.', `${word}: it is hot.`, 'Noa: So.', `${word}: it is cold.`, 'Noa: Well.'];
    expect(speakersOf(...cues)).not.toContain(word);
  });

  it('is no sound', () => {
    expect(speakersOf('(Noa) Hi.', '(LAUGHS) So.', '(Applause)', '(Noa) Well.', '(LAUGHS) Ha.')).toEqual([
      'Noa',
      'Noa',
      null,
      'Noa',
      'Noa',
    ]);
  });
});

it('whoever speaks in every cue is read from labels, whatever their names', () => {
  const name = fc.oneof(
    fc.stringMatching(/^[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?$/),
    fc.stringMatching(/^[א-ת]{2,7}( [א-ת]{2,7})?$/),
    fc.stringMatching(/^SPEAKER_\d\d$/),
  );
  const label = fc.constantFrom(
    (name: string) => `${name}: `,
    (name: string) => `[${name}]: `,
    (name: string) => `\u200f${name}: `,
    (name: string) => `>> ${name}: `,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, label), { minLength: 1, maxLength: 20 }), (cues) => {
      fc.pre(cues.every(([name]) => !isHeading(name)));
      const texts = cues.map(([name, label], index) => `${label(name)}words ${index}`);
      expect(turnsOf('SRT', srt(...texts))).toEqual(cues.map(([name], index) => [name, `words ${index}`]));
    }),
  );
});
