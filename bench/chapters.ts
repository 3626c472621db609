/**
 * How well chapters meet where the subject really changes: `node bench/chapters.ts A.vtt B.vtt`. Nobody has marked the chapters of these
 * recordings, so one is made whose changes are known, as Choi (2000) did: stretches of the two, 4 to 9 minutes of each in turn. A start
 * counts where it is within 30 s of a change. Beside it what as many chapters of equal length reach. `--chapters` prints those of each
 * file.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { findChapters } from '#domain/episodes/chapters/find-chapters.ts';
import { measureSubjects } from '#domain/episodes/chapters/measure-subjects.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';

const WINDOW_SECONDS = 30;
const STRETCH_SECONDS = { min: 240, max: 540 };
const RUNS = 10;

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (files.length !== 2) throw new Error('Name two transcripts: node bench/chapters.ts A.vtt B.vtt');
const talks = files.map((file) => splitIntoSentences(parseTranscript('VTT', readFileSync(file, 'utf8'))));

for (const [index, sentences] of talks.entries()) {
  const begun = performance.now();
  const chapters = findChapters(measureSubjects(sentences));
  const minutes = Math.round((sentences.at(-1)?.endSeconds ?? 0) / 60);
  const took = Math.round(performance.now() - begun);
  console.log(`${basename(files[index] as string)}: ${minutes} min, ${chapters.length} chapters, ${took} ms`);
  if (process.argv.includes('--chapters'))
    for (const { startSeconds, title } of chapters) console.log(`  ${(startSeconds / 60).toFixed(1)} min  ${title}`);
}

const totals = { chapters: { hits: 0, starts: 0 }, equal: { hits: 0, starts: 0 }, changes: 0 };
for (let run = 1; run <= RUNS; run += 1) {
  const { sentences, changes } = splice(talks as [Sentence[], Sentence[]], run);
  const starts = findChapters(measureSubjects(sentences))
    .slice(1)
    .map(({ startSeconds }) => startSeconds);
  const end = sentences.at(-1)?.endSeconds ?? 0;
  const equal = starts.map((_, index) => ((index + 1) * end) / (starts.length + 1));
  totals.changes += changes.length;
  count(totals.chapters, starts, changes);
  count(totals.equal, equal, changes);
}
for (const name of ['chapters', 'equal'] as const) {
  const { hits, starts } = totals[name];
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  console.log(
    `${name.padEnd(9)} ${starts} starts, within ${WINDOW_SECONDS} s of a change ${percent(hits / starts)}, changes met ${percent(hits / totals.changes)} of ${totals.changes}`,
  );
}

function count(total: { hits: number; starts: number }, starts: readonly number[], changes: readonly number[]) {
  total.starts += starts.length;
  total.hits += changes.filter((at) => starts.some((start) => Math.abs(start - at) <= WINDOW_SECONDS)).length;
}

/** Takes stretches of two talks in turn, and says where one follows another. */
function splice(parts: [Sentence[], Sentence[]], seed: number): { sentences: Sentence[]; changes: number[] } {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const [sentences, changes, at]: [Sentence[], number[], [number, number]] = [[], [], [0, 0]];
  let clock = 0;
  for (let turn = 0; ; turn = 1 - turn) {
    const talk = parts[turn] as Sentence[];
    const first = talk[at[turn] as number];
    if (!first) return { sentences, changes: changes.slice(1) };
    const seconds = STRETCH_SECONDS.min + random() * (STRETCH_SECONDS.max - STRETCH_SECONDS.min);
    changes.push(clock);
    const shift = clock - first.startSeconds;
    for (let next: Sentence | undefined = first; next && next.endSeconds <= first.startSeconds + seconds; ) {
      clock = next.endSeconds + shift;
      sentences.push({ ...next, startSeconds: next.startSeconds + shift, endSeconds: clock });
      at[turn] = (at[turn] as number) + 1;
      next = talk[at[turn] as number];
    }
  }
}
