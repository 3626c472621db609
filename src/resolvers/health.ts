import type { Context } from './context.ts';

export const health = (_root: unknown, _args: unknown, { deps }: Context) => deps.health.now();
export const healthChanged = (_root: unknown, _args: unknown, { deps }: Context) => deps.health.follow();
