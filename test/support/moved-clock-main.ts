import { openSync, readSync } from 'node:fs';

/** Loaded into a process before all else: its dates are those of a clock that its parent moves. */
const file = openSync(process.env.MOVED_CLOCK as string, 'r');
const offset = Buffer.alloc(8);
const RealDate = Date;

function now(): number {
  readSync(file, offset, 0, offset.length, 0);
  return RealDate.now() + offset.readDoubleLE();
}

globalThis.Date = new Proxy(RealDate, {
  construct: (date, args, newTarget) => Reflect.construct(date, args.length === 0 ? [now()] : args, newTarget),
  get: (date, key) => (key === 'now' ? now : Reflect.get(date, key)),
});
