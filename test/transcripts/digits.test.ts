import { describe, expect, it } from 'vitest';
import { read, timedTextsOf } from './support.ts';

describe('times in the digits of other scripts', () => {
  it.each([
    ['Arabic', '٠٠:٠١:٠٢', '٠١:٠٩'],
    ['Persian', '۰۰:۰۱:۰۲', '۰۱:۰۹'],
    ['Hindi', '००:०१:०२', '०१:०९'],
  ])('are read in %s, and digits of texts stay', (_script, first, second) => {
    const source = `[${first}] دانا: مرحبا ٥\n[${second}] جيل: أهلا ۱۲ ५`;
    expect(read('TEXT', source).segments).toMatchObject([
      { startSeconds: 62, endSeconds: 69, speaker: 'دانا', text: 'مرحبا ٥' },
      { startSeconds: 69, speaker: 'جيل', text: 'أهلا ۱۲ ५' },
    ]);
    expect(timedTextsOf('TEXT', `${first} مرحبا\n${second} أهلا`)).toEqual([
      [62, 'مرحبا'],
      [69, 'أهلا'],
    ]);
  });

  it.each(['SRT', 'VTT', 'TEXT'] as const)(
    'and the numbers of cues are read in captions that are called %s',
    (format) => {
      const source = '١\n٠٠:٠٠:٠١,٥٠٠ --> ٠٠:٠٠:٠٣,٠٠٠\nمرحبا\n\n٢\n٠٠:٠٠:٠٤٫٢٥٠ --> ٠٠:٠٠:٠٥٫٥٠٠\nأهلا\n';
      const { segments, warnings } = read(format, source);
      expect(segments).toMatchObject([
        { startSeconds: 1.5, endSeconds: 3, text: 'مرحبا' },
        { startSeconds: 4.25, endSeconds: 5.5, text: 'أهلا' },
      ]);
      expect(warnings.count).toBe(0);
    },
  );

  it('are read in JSON and in tables', () => {
    const json = {
      segments: [
        { start: '٠٠:٠١', end: '٠٠:٠٣', text: 'مرحبا بكم' },
        { timestamp: '[٠٠:٠٤ - ٠٠:٠٦]', text: 'أهلا وسهلا' },
      ],
    };
    expect(read('JSON', JSON.stringify(json)).segments).toMatchObject([
      { startSeconds: 1, endSeconds: 3 },
      { startSeconds: 4, endSeconds: 6 },
    ]);
    expect(timedTextsOf('TEXT', 'Start,End,Text\n٠٠:٠١,٠٠:٠٣,مرحبا\n٠٠:٠٤,٠٠:٠٦,أهلا')).toEqual([
      [1, 'مرحبا'],
      [4, 'أهلا'],
    ]);
  });
});
