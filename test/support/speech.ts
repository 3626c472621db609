import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSound, makeWithFfmpeg } from './media.ts';

/** Makes speech by the synthesizer that is part of ffmpeg, one sentence after the other with pauses of 0.7 s. Returns a file in `directory`. */
export function makeSpeech(directory: string, name: string, sentences: readonly string[], ...args: string[]): string {
  const text = join(directory, `${name}.txt`);
  const parts = sentences.map((sentence, index) => {
    writeFileSync(text, sentence);
    const part = join(directory, `${name}-${index}.wav`);
    makeSound(`flite=textfile=${text}:voice=slt`, '-af', 'apad=pad_dur=0.7', '-ar', '16000', part);
    return part;
  });
  const list = join(directory, `${name}.list`);
  writeFileSync(list, parts.map((part) => `file '${part}'`).join('\n'));
  const path = join(directory, name);
  makeWithFfmpeg('-f', 'concat', '-safe', '0', '-i', list, ...args, path);
  return path;
}

/** What people say on podcasts. */
export const SENTENCES = [
  'Welcome back everybody, today we are going to talk about money and time.',
  'The first thing that people forget is that a house needs water and light.',
  'I was eleven years old when my father took me to see the open sea.',
  'Nobody told us that the road to the city was closed on that morning.',
  'So we waited for three hours, and then the police came and let us go.',
  'What would you have done with two children and a dog in the car?',
];
