/**
 * CPU time and memory of finding clips: `node bench/find-clips.ts FILE.vtt…` (also .srt, .json, .txt) reads each
 * transcript, scores it for every platform and chooses ten clips for each. Memory is the most resident memory above what
 * the loaded modules take, and the most heap in use, both sampled every 5 ms. `--clips` prints TikTok's.
 */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { chooseClips, type FoundClip } from '#domain/episodes/clips/choose-clips.ts';
import { scoreCandidates } from '#domain/episodes/clips/score-candidates.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { Platform } from '#generated/prisma/enums.ts';

const formats: Record<string, TranscriptFormat> = { '.vtt': 'VTT', '.srt': 'SRT', '.json': 'JSON', '.txt': 'TEXT' };
const MEGABYTE = 1_000_000;

const showClips = process.argv.includes('--clips');
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (files.length === 0) throw new Error('Name at least one transcript: node bench/find-clips.ts FILE.vtt…');

const baseline = process.memoryUsage().rss;
let peakRss = baseline;
let peakHeap = 0;
setInterval(sampleMemory, 5).unref();

let totalCpuSeconds = 0;
for (const file of files) {
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const { segments, sentences, clips } = findClips(file);
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuSeconds = (user + system) / MEGABYTE;
  totalCpuSeconds += cpuSeconds;
  sampleMemory();
  const wallSeconds = (performance.now() - wallBefore) / 1000;
  console.log(
    `${basename(file)}: ${segments} segments, ${sentences} sentences, ${clips.length} clips; ` +
      `CPU ${cpuSeconds.toFixed(2)} s, wall ${wallSeconds.toFixed(2)} s`,
  );
  if (showClips) print(clips.filter((clip) => clip.platform === 'TIKTOK'));
}
console.log(
  `total: CPU ${totalCpuSeconds.toFixed(2)} s; at most ${megabytes(peakRss - baseline)} MB above the ` +
    `${megabytes(baseline)} MB of the loaded modules; heap at most ${megabytes(peakHeap)} MB`,
);

function findClips(file: string) {
  const format = formats[extname(file)] ?? 'TEXT';
  const segments = parseTranscript(format, readFileSync(file, 'utf8'));
  const sentences = splitIntoSentences(segments);
  const scored = scoreCandidates(sentences, { genre: 'GENERAL', platforms: Object.values(Platform) });
  const clips = [...chooseClips(scored, { maxClips: 10 }).values()].flat();
  return { segments: segments.length, sentences: sentences.length, clips };
}

function sampleMemory(): void {
  const { rss, heapUsed } = process.memoryUsage();
  peakRss = Math.max(peakRss, rss);
  peakHeap = Math.max(peakHeap, heapUsed);
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0);
}

function print(clips: readonly FoundClip[]): void {
  for (const { score, startSeconds, endSeconds, title } of clips) {
    console.log(`  ${score.toFixed(2)}  ${startSeconds.toFixed(0)}–${endSeconds.toFixed(0)} s  ${title}`);
  }
}
