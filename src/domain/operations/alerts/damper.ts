import { type Condition, isSame, WELL } from './alert.ts';

/** A condition of a component that has held for long enough, and since when. */
export type Finding = Condition & { component: string; since: Date };

/** Debounces conditions: one counts once it has held for a while, so that flapping components do not cause repeated alerts. */
export type Damper = {
  /** Takes a component's present condition. */
  see(component: string, condition: Condition): void;
  /** Returns the bad conditions that have held for long enough. */
  findings(): Finding[];
  close(): void;
};

/** For how long past changes count. */
const WINDOW_MS = 3_600_000;
/** The upper limit of the delay, unless `afterMs` is longer. */
const LONGEST_MS = 900_000;

type Waiting = { finding: Finding; timer: NodeJS.Timeout };

/**
 * Creates a damper. The first change of a component within an hour has to hold for `afterMs`, and each further one twice as long as the one
 * before. If a condition turns into another bad one before it counts, it has held since the first. `onChange` is called whenever `findings`
 * changes.
 */
export function createDamper(afterMs: number, onChange: () => void): Damper {
  const found = new Map<string, Finding>();
  const waiting = new Map<string, Waiting>();
  const changes = new Map<string, number[]>();

  const holdMs = (component: string) => {
    const recent = (changes.get(component) ?? []).filter((at) => at > Date.now() - WINDOW_MS);
    changes.set(component, recent);
    return Math.min(afterMs * 2 ** recent.length, Math.max(afterMs, LONGEST_MS));
  };
  const drop = (component: string) => {
    clearTimeout(waiting.get(component)?.timer);
    waiting.delete(component);
  };
  const settle = (component: string) => {
    const settled = waiting.get(component)?.finding;
    waiting.delete(component);
    if (!settled) return;
    changes.get(component)?.push(Date.now());
    if (isSame(settled, WELL)) found.delete(component);
    else found.set(component, settled);
    onChange();
  };
  return {
    see(component, { status, message }) {
      const condition = { status, message };
      const present = found.get(component);
      const next = waiting.get(component);
      if (isSame(condition, present ?? WELL)) {
        drop(component);
        if (present) present.message = message;
      } else if (next && (!present || isSame(condition, next.finding))) Object.assign(next.finding, condition);
      else {
        drop(component);
        const finding = { component, ...condition, since: new Date() };
        waiting.set(component, { finding, timer: setTimeout(settle, holdMs(component), component).unref() });
      }
    },
    findings: () => [...found.values()],
    close() {
      for (const component of [...waiting.keys()]) drop(component);
    },
  };
}
