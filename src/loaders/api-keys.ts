import type { ApiKey } from '#generated/prisma/client.ts';
import { defineLoader } from './loader.ts';

/** One's own; anybody's, for an ADMIN. */
export const apiKeyById = defineLoader<string, ApiKey | null>({
  async batch({ database }, asked) {
    const rows = await database.prisma.apiKey.findMany({ where: { id: { in: asked.map(({ key }) => key) } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return asked.map(({ key, viewerId, isAdmin }) => {
      const row = byId.get(key);
      return row && (isAdmin || row.userId === viewerId) ? row : null;
    });
  },
});
