import { HOSTILE_JSON, HOSTILE_TEXTS, type HostileText } from './hostile-texts.ts';

/** A file that is sent to an upload: what is around a text that fills it. */
export type HostileUpload = { name: string; text: string; method: string; path: string; type: string; body(): string };

const MEGABYTE = 1e6;
/** Bytes, a little below what is taken. */
const [TRANSCRIPT, LEADS, LEAD_FILE, CONVERSATIONS] = [19 * MEGABYTE, 3.9 * MEGABYTE, 49 * MEGABYTE, 49 * MEGABYTE];
/** What is linear is slow enough at a tenth of the largest: every sixteenth file is as large as may be. */
const sizeOf = (index: number, largest: number) => (index % 16 === 3 ? largest : largest / 10);

/** What a text has to stand in to be read as the format says: a text is sent in one of these of each format, by turns. */
const TRANSCRIPTS: Record<string, [before: string, after: string][]> = {
  SRT: [
    ['', ''],
    ['1\n00:00:01,000 --> 09:00:00,000\n', ''],
  ],
  VTT: [
    ['WEBVTT\n\n', ''],
    ['WEBVTT\n\n00:00:01.000 --> 09:00:00.000\n<v Ann>', ''],
  ],
  TEXT: [
    ['', ''],
    ['Ann: 0:01\n', ''],
    ['[00:00:01] Ann: ', ''],
  ],
  JSON: [
    ['', ''],
    ['{"segments":[{"start":0,"end":9000,"text":"', '"}]}'],
    ['[', ']'],
  ],
};

const SIGNS_OF_TIMES = /\d\d:\d\d|-->|<|\{|\\n/;

const filled = (text: HostileText, bytes: number) => {
  const each = Buffer.byteLength(text.of(1_000).toWellFormed()) / 1_000;
  return text.of(Math.floor(bytes / each)).toWellFormed();
};

/** Files for every upload, each of a hostile text. */
export function listHostileUploads(episodeId: string): HostileUpload[] {
  return [...transcripts(episodeId), ...conversations(), ...leads()];
}

function transcripts(episodeId: string): HostileUpload[] {
  const formats = Object.keys(TRANSCRIPTS);
  return HOSTILE_TEXTS.flatMap((text, index) =>
    formats
      .filter((_, place) => SIGNS_OF_TIMES.test(text.name) || place === index % formats.length)
      .map((format) => {
        const around = TRANSCRIPTS[format] as [string, string][];
        const [before, after] = around[index % around.length] as [string, string];
        return {
          name: `PUT transcript ${format}`,
          text: `${JSON.stringify(before)} ${text.name}`,
          method: 'PUT',
          path: `/episodes/${episodeId}/transcript?format=${format}`,
          type: 'application/octet-stream',
          body: () => before + filled(text, sizeOf(index, TRANSCRIPT)) + after,
        };
      }),
  );
}

const CHAT = (place: string, value: string) =>
  `[{"conversation_id":"a","title":${place === 'title' ? value : '"a"'},"current_node":"b","mapping":{"b":{"parent":null,"message":{"author":{"role":"user"},"create_time":1.7e9,"content":{"content_type":"text","parts":[${place === 'part' ? value : '"a"'}]}}}}}]`;

function conversations(): HostileUpload[] {
  const upload = (name: string, text: string, type: string, body: () => string): HostileUpload => ({
    ...{ name: `POST conversations ${name}`, text, method: 'POST', path: '/conversations', type, body },
  });
  const some = HOSTILE_TEXTS.filter((_, index) => index % 4 === 1);
  return [
    ...HOSTILE_JSON.map(({ name, of }, index) =>
      upload('JSON', name, 'application/json', () => of(sizeOf(index, CONVERSATIONS))),
    ),
    ...some.flatMap((text, index) => [
      upload('title', text.name, 'application/json', () => CHAT('title', JSON.stringify(filled(text, MEGABYTE)))),
      upload('message', text.name, 'application/json', () => CHAT('part', JSON.stringify(filled(text, 5 * MEGABYTE)))),
      index % 2 === 0
        ? upload('JSON', text.name, 'application/json', () => filled(text, sizeOf(index, CONVERSATIONS)))
        : upload(
            'CSV',
            text.name,
            'text/csv',
            () => `role,content\nuser,${filled(text, sizeOf(index, CONVERSATIONS))}`,
          ),
    ]),
  ];
}

const COLUMNS = ['name', 'phone', 'tags', 'notes', 'consentAt', 'status', 'timeZone'];

function leads(): HostileUpload[] {
  const upload = (path: string, place: string, text: HostileText, body: () => string): HostileUpload => ({
    ...{ name: `POST ${path} ${place}`, text: text.name, method: 'POST', path, type: 'text/csv', body },
  });
  return HOSTILE_TEXTS.flatMap((text, index) => {
    const column = COLUMNS[index % COLUMNS.length] as string;
    return [
      upload('/leads', 'all', text, () => filled(text, LEADS)),
      upload('/leads', 'rows', text, () => `name,phone\n${filled(text, LEADS)}`),
      upload('/leads', column, text, () => rows(column, text, LEADS)),
      ...(index % 8 === 0
        ? [upload('/leads/imports', column, text, () => rows(column, text, sizeOf(index, LEAD_FILE)))]
        : []),
      ...(index % 8 === 4
        ? [upload('/leads/imports', 'rows', text, () => `name,phone\n${filled(text, sizeOf(index, LEAD_FILE))}`)]
        : []),
    ];
  });
}

/** Rows with a cell of a hostile text, as many as fit. */
function rows(column: string, text: HostileText, bytes: number): string {
  const cell = `"${text.of(350).replaceAll('"', '""').toWellFormed()}"`;
  const row = (index: number) =>
    COLUMNS.map((name) =>
      name === column ? cell : name === 'phone' ? `+97252${2_000_000 + index}` : name === 'name' ? 'Ann' : '',
    ).join();
  const size = Buffer.byteLength(row(0)) + 1;
  return [COLUMNS.join(), ...Array.from({ length: Math.min(9_900, bytes / size) }, (_, index) => row(index))].join(
    '\n',
  );
}
