import { countFor, currentTallies, type Tally } from '#adapters/database/tally.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import type { Events } from './events.ts';

/** Counts a subscription among those that are open, from its beginning to its end, whoever ends it. */
export function countOpen(events: Events, open: Metrics['subscriptions']): Events {
  const [next, end] = [events.next.bind(events), events.return.bind(events)];
  let isOpen = true;
  const close = () => {
    if (isOpen) open.dec();
    isOpen = false;
  };
  open.inc();
  return Object.assign(events, {
    async next() {
      const event = await next();
      if (event.done) close();
      return event;
    },
    async return(value: undefined) {
      close();
      return end(value);
    },
  });
}

/** Counts the statements of each event, which is read when its transport asks for it, wherever that is. */
export function countStatements(events: Events, tally: Tally): Events {
  const next = events.next.bind(events);
  const tallies = [...currentTallies(), tally];
  return Object.assign(events, { next: () => countFor(tallies, next) });
}
