import type { ApiKey } from '../generated/prisma/client.ts';
import { defineLoader } from './loader.ts';

/** Keys of any user: only ever asked for by an ADMIN's audit log or for what a viewer's own list holds. */
export const apiKeyById = defineLoader<string, ApiKey | null>({
  async batch({ database }, asked) {
    const rows = await database.prisma.apiKey.findMany({
      where: { id: { in: asked.map(({ key }) => key) } },
      include: { user: { select: { role: true } } },
    });
    const viewers = await database.prisma.user.findMany({
      where: { id: { in: [...new Set(asked.map(({ viewerId }) => viewerId))] }, role: 'ADMIN' },
      select: { id: true },
    });
    const admins = new Set(viewers.map((viewer) => viewer.id));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return asked.map(({ key, viewerId }) => {
      const row = byId.get(key);
      return row && (row.userId === viewerId || admins.has(viewerId)) ? row : null;
    });
  },
});
