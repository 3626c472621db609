import type { Context } from './context.ts';

/** Returns how well this process is, with all it depends on. */
export const health = (_root: unknown, _args: unknown, { deps }: Context) => deps.health.now();

/** Yields the health as it is, then after each change. */
export const healthChanged = (_root: unknown, _args: unknown, { deps }: Context) => deps.health.follow();
