const AS_TEXT = 'save it as plain text, SRT or VTT.';

/** What holds a transcript inside of something else, or is none, and what to send instead. */
const UNSUPPORTED: readonly [begin: RegExp, name: string, advice?: string][] = [
  [/^\s*\{\\rtf/, 'RTF'],
  [/^PK\p{Cc}\p{Cc}/u, 'a document of Word or a ZIP archive'],
  [/^%PDF-/, 'a PDF'],
  [/^\s*<(?:!doctype html|html)[\s>]/i, 'a page in HTML'],
  [/^\s*File type = "ooTextFile/, 'a TextGrid of Praat'],
  [/^\s*Scenarist_SCC/, 'a file of captions of Scenarist (SCC)'],
  [/^\d{3}STL\d\d/, 'a file of captions of the EBU (STL)'],
  [
    /^\s*(?:<\?xml[^>]{0,200}>\s*)?<ANNOTATION_DOCUMENT[\s>]/,
    'a document of ELAN',
    'export it as tab-delimited text, or as subtitles.',
  ],
  [/^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!DOCTYPE Trans[^>]{0,200}>\s*)?<Trans[\s>]/, 'a document of Transcriber'],
  [
    /^(?:;;[^\n]{0,500}\n){0,50}\s*(?:SPEAKER|SPKR-INFO|SEGMENT|LEXEME)[ \t]+\S{1,200}[ \t]+\S{1,20}[ \t]+(?:[\d.]{1,20}|<NA>)[ \t]+(?:[\d.]{1,20}|<NA>)[ \t]+(?:\S{1,200}[ \t]+){2}/,
    'RTTM, which says who speaks when, and has no text',
    'send the transcript itself, as CTM, STM, JSON, SRT or VTT.',
  ],
  [
    /^\s*Heading\s*?\r?\n\s*FIELD_DELIM\s/,
    'an Avid Log Exchange (ALE), a list of clips without their text',
    'export the captions of the sequence from the SubCap effect, or as SRT.',
  ],
  [
    /^[^\t\r\n]{0,100}\t\d{2}:\d{2}:\d{2}[:;]\d{2}\t(?:TC\d?|[AVD]\d{1,2})\t[a-z]{3,10}\t/i,
    'a list of markers of Avid Media Composer',
    'export the captions of the sequence from the SubCap effect, or as SRT.',
  ],
];

/** Returns a sentence that names a format that is not read, and says what to send instead; null for others. */
export function nameUnsupported(content: string): string | null {
  const found = UNSUPPORTED.find(([begin]) => begin.test(content));
  return found ? `This is ${found[1]}: ${found[2] ?? AS_TEXT}` : null;
}
