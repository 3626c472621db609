import { reportPerformance } from '#domain/operations/performance/performance-report.ts';
import type { Context } from './context.ts';

/** Returns what statements of all processes took. */
export const performanceReport = (_root: unknown, _args: unknown, { deps }: Context) => reportPerformance(deps);
