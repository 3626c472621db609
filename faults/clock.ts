/** Loaded before all else into a process (`--import`): at each SIGUSR2 its clock jumps an hour, forwards and back in turn. */
const HOUR_MS = 3_600_000;
let ahead = 0;

const RealDate = Date;
const now = () => RealDate.now() + ahead;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

process.on('SIGUSR2', () => {
  ahead = ahead === 0 ? HOUR_MS : 0;
});
