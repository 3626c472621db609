import { describe, expect, it } from 'vitest';
import { parseIntoRows } from '#domain/episodes/transcripts/parse-into-rows.ts';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { read, srt } from './support.ts';

const linesOf = (source: string) => {
  const { segments, warnings } = read('SRT', source);
  return {
    told: warnings.list,
    passedOver: warnings.passedOver,
    lines: segments.map(({ startSeconds, endSeconds, text }) => [startSeconds, endSeconds, text]),
  };
};

describe('content is claimed only by what no other format has', () => {
  it.each<[string, 'SRT' | 'TEXT', string, string[]]>([
    ['a tag of transcripts above cues', 'SRT', `<transcript>\n${srt('Salt', 'last.')}`, ['Salt', 'last.']],
    ['a tag of transcripts above turns', 'TEXT', '<transcript>\nAnn: 0:01\nSalt <last>.\n', ['Salt <last>.']],
    ['a section of SubStation in a cue', 'SRT', srt('[Script Info]', '[Script Info] page'), ['page']],
    [
      'an event of SubStation in a cue',
      'SRT',
      srt('Dialogue: 0,0:00:01.00,0:00:02.00', 'Salt last.'),
      ['0,0:00:01.00', 'Salt last.'],
    ],
    ['a header of columns above turns', 'TEXT', 'Start\tEnd\tText\nAnn: 0:01\nSalt last.\n', ['Salt last.']],
  ])('%s', (_name, format, source, expected) => {
    const texts = read(format, source).segments.map(({ text }) => text);
    for (const text of expected) expect(texts.join('\n')).toContain(text);
  });
});

describe('SubStation Alpha', () => {
  const event = (text: string) => `Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,${text}\n`;

  it('shows nothing of what is in braces', () => {
    expect(linesOf(event('Salt{TLN: a pun} goes {\\i1}last{\\i0}.{later}')).lines).toEqual([[1, 2, 'Salt goes last.']]);
  });

  it('may have a mark of direction above', () => {
    expect(linesOf(`\u200f[Script Info]\n[Events]\n${event('Salt')}`).lines).toEqual([[1, 2, 'Salt']]);
  });

  it('finds a drawing among overrides', () => {
    expect(linesOf(event('{\\an7\\p1}m 0 0 l 1 1') + event('{\\pos(1,2)}kept')).passedOver).toBe(1);
  });

  it('is read in time where a brace is never closed', () => {
    expect(linesOf(event(`{${'\\p1'.repeat(300_000)} kept`)).lines).not.toEqual([]);
  });
});

it('other separators of lines are read in time', () => {
  expect(() => read('SRT', '\u2028'.repeat(1_000_000))).toThrow(InvalidTranscript);
});

describe('TTML', () => {
  const tt = (body: string, root = '') => `<?xml version="1.0"?>\n<tt ${root}>\n<body>${body}</body></tt>`;

  it.each<[string, string, unknown[][]]>([
    [
      'times of spans',
      tt('<p><span begin="3s" end="4s">Salt <span>last</span>.</span> <span begin="5s" end="6s">Why?</span></p>'),
      [
        [3, 4, 'Salt last.'],
        [5, 6, 'Why?'],
      ],
    ],
    [
      'times that count from those around them',
      tt(
        '<div begin="100s"><p begin="1s" end="2s">Salt</p><div begin="5s"><p begin="1s" end="2s">last.</p></div></div>',
      ),
      [
        [101, 102, 'Salt'],
        [106, 107, 'last.'],
      ],
    ],
    [
      'text that is shown as long as what is around it',
      tt('<div begin="3s" end="5s"><p>Salt</p></div><div><p begin="6s" end="7s">last.</p></div>'),
      [
        [3, 5, 'Salt'],
        [6, 7, 'last.'],
      ],
    ],
    ['frames', tt('<p begin="00:00:01:24" end="00:00:03:05">Salt</p>', 'ttp:frameRate="25"'), [[1.96, 3.2, 'Salt']]],
    [
      'comments',
      tt('<!-- <p begin="1s" end="2s">Old</p> --><p begin="3s" end="4s">Salt<!-- sic --> last.</p>'),
      [[3, 4, 'Salt last.']],
    ],
    [
      'sections of character data',
      tt('<p begin="3s" end="4s"><![CDATA[Salt & <oil>]]> last.</p>'),
      [[3, 4, 'Salt & <oil> last.']],
    ],
    [
      'prefixes with digits',
      '<ns0:tt xmlns:ns0="http://www.w3.org/ns/ttml"><ns0:body><ns0:p ns2:begin="3s" end="4s">Salt<ns0:br/>last.</ns0:p></ns0:body></ns0:tt>',
      [[3, 4, 'Salt last.']],
    ],
  ])('has %s', (_name, source, lines) => {
    expect(linesOf(source)).toEqual({ lines, passedOver: 0, told: [] });
  });

  it('tells of text that has no times', () => {
    const source = tt('\n<p>lost</p>\n<p begin="3s" end="4s">kept</p>');
    expect(linesOf(source)).toMatchObject({ lines: [[3, 4, 'kept']], passedOver: 1, told: [{ line: 4 }] });
  });

  it.each(['<!-- ', '<![CDATA['])('is read in time where %s is never closed', (mark) => {
    expect(linesOf(tt(`<p begin="3s" end="4s">kept</p>${mark.repeat(200_000)}`)).lines).toMatchObject([
      [3, 4, expect.stringContaining('kept')],
    ]);
  });
});

describe('SAMI', () => {
  const sami = (...syncs: string[]) => `<SAMI>\n<BODY>\n${syncs.join('\n')}\n</BODY></SAMI>`;

  it('shows what is in a paragraph up to the next moment', () => {
    const source = sami(
      '<SYNC Start=1000><P Class=ENCC>Salt last.</P></SYNC>',
      '<SYNC Start=9000><P Class=ENCC>&nbsp;</P></SYNC>',
      '<SYNC Start="12000"><P Class=ENCC ID=Source>Dana<P Class=ENCC>Why?',
      '<SYNC Start=14000>',
    );
    expect(linesOf(source)).toEqual({
      lines: [
        [1, 9, 'Salt last.'],
        [12, 14, 'Dana Why?'],
      ],
      passedOver: 0,
      told: [],
    });
  });

  it.each([
    [
      'beside the first',
      sami('<SYNC Start=1000><P Class=ENCC>Hello<P Class=KRCC>Annyeong', '<SYNC Start=4000><P Class=ENCC>&nbsp;'),
    ],
    [
      'in moments of its own',
      sami(
        '<SYNC Start=1000><P Class=ENCC>Hello</P>',
        '<SYNC Start=1000><P Class=KRCC>Annyeong</P>',
        '<SYNC Start=3000><P Class=KRCC>&nbsp;</P>',
        '<SYNC Start=4000><P Class=ENCC>&nbsp;</P>',
      ),
    ],
  ])('tells of another language %s', (_name, source) => {
    expect(linesOf(source)).toMatchObject({ lines: [[1, 4, 'Hello']], passedOver: 1 });
  });

  it('tells of a moment that cannot be read', () => {
    const source = sami('<SYNC Start=soon><P>lost', '<SYNC Start=3000><P>kept', '<SYNC Start=4000>');
    expect(linesOf(source)).toMatchObject({ lines: [[3, 4, 'kept']], passedOver: 1, told: [{ line: 3 }] });
  });
});

describe('MicroDVD', () => {
  it('takes a number for the rate only where its frames are equal', () => {
    expect(linesOf('{0}{24}3\n{48}{72}Two\n').lines).toEqual([
      [0, 1.001, '3'],
      [2.002, 3.003, 'Two'],
    ]);
    expect(linesOf('{1}{1}24\n{24}{48}3\n').lines).toEqual([[1, 2, '3']]);
  });

  it('tells of a line that is too late', () => {
    const found = linesOf('{1}{1}25\n{999999999}{999999999}lost\n{25}{50}kept\n');
    expect(found).toMatchObject({ lines: [[1, 2, 'kept']], passedOver: 1, told: [{ line: 2 }] });
  });

  it('may have marks of direction before its lines', () => {
    expect(linesOf('\u200f{1}{1}25\n\u200e{25}{50}שלום\n').lines).toEqual([[1, 2, 'שלום']]);
  });
});

describe('a table', () => {
  it('has what is around quotes, over lines and behind commas', () => {
    const source =
      'start,end,text\n0,1000,"Hello" he said\n1000,2000,"Salt\nlast, ""please"""\n2000,3000,1,000 cups, no\n';
    expect(linesOf(source).lines).toEqual([
      [0, 1, '"Hello" he said'],
      [1, 2, 'Salt last, "please"'],
      [2, 3, '1,000 cups, no'],
    ]);
  });

  it('may be all in quotes, between tabs too, where a bare table has its own', () => {
    expect(linesOf('"start"\t"end"\t"text"\n"0"\t"1000"\t"Salt"\n').lines).toEqual([[0, 1, 'Salt']]);
    expect(linesOf('start\tend\ttext\n0\t1000\t"Salt" last\n').lines).toEqual([[0, 1, '"Salt" last']]);
  });

  it('tells of a row by the line in which it begins', () => {
    const source = 'start,end,text\r\n0,1000,"Salt\r\nlast"\r\n\r\nx,2000,"lost\r\nso"\r\n';
    expect(linesOf(source)).toMatchObject({ passedOver: 1, told: [{ line: 5 }] });
  });

  it('may have a mark of direction above, and rows of nothing, also many', () => {
    const source = `\u200fstart,end,text\n0,1000,Salt\n   \n,,\n${'\n'.repeat(300_000)}1000,2000,last.\n`;
    expect(linesOf(source)).toMatchObject({
      lines: [
        [0, 1, 'Salt'],
        [1, 2, 'last.'],
      ],
      passedOver: 0,
    });
  });

  it('has whole seconds where in milliseconds nobody speaks so fast', () => {
    const rows = ['0\t3\tSalt goes last.', '3\t7\tWhy is that so?', '7\t9\tAsk Gil.'];
    expect(linesOf(`start\tend\ttext\n${rows.join('\n')}\n`)).toMatchObject({
      lines: [
        [0, 3, 'Salt goes last.'],
        [3, 7, 'Why is that so?'],
        [7, 9, 'Ask Gil.'],
      ],
      told: [{ line: null, message: expect.stringContaining('as seconds') }],
    });
  });

  it.each([
    ['a', 11_000_000],
    ['""', 5_000_000],
  ])('in which a quote is never closed before %s is refused in words', (unit, times) => {
    const bytes = Buffer.from(`start,end,text\n0,1000,kept\n1000,2000,"${unit.repeat(times)}`);
    expect(parseIntoRows({ format: 'SRT', bytes })).toMatchObject({
      refused: expect.stringContaining('not closed'),
      line: 3,
    });
  });
});
