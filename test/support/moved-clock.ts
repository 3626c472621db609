import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDirectory, useCleanup } from './cleanup.ts';

export type MovedClock = {
  /** Settings by which a process goes by this clock, from its start on. */
  env: Record<string, string>;
  now(): Date;
  /** Lets it go on from another time, in all processes at once. */
  moveTo(time: Date): void;
};

/** A clock for several processes, which goes as fast as any other, from a time that the test chooses. Timers and databases keep to the real one. */
export function useMovedClock(start: string): MovedClock {
  const file = join(createDirectory(useCleanup()), 'offset');
  let offsetMs = 0;
  const moveTo = (time: Date) => {
    offsetMs = time.getTime() - Date.now();
    const written = Buffer.alloc(8);
    written.writeDoubleLE(offsetMs);
    writeFileSync(file, written, { flag: 'r+' });
  };
  writeFileSync(file, Buffer.alloc(8));
  moveTo(new Date(start));
  const preload = pathToFileURL(join(import.meta.dirname, 'moved-clock-main.ts')).href;
  return {
    env: { MOVED_CLOCK: file, NODE_OPTIONS: `--import ${preload}` },
    now: () => new Date(Date.now() + offsetMs),
    moveTo,
  };
}
