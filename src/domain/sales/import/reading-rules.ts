import type { Deps } from '#domain/core/deps.ts';

/** Returns what the reading of a file depends on besides the file, as a thread gets it. */
export async function readingRules({ database, actor, sales, now }: Deps) {
  const user = await database.prisma.user.findUnique({ where: { id: actor.userId }, select: { timeZone: true } });
  return {
    defaultPhoneRegion: sales.defaultPhoneRegion,
    nowMs: now().getTime(),
    timeZone: user?.timeZone ?? null,
  };
}
