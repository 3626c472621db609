import type { ApiKey } from '#generated/prisma/client.ts';
import { defineLoader } from './loader.ts';

/** A key of the viewer; for an ADMIN, a key of anybody. */
export const apiKeyById = defineLoader<string, ApiKey | null>({
  async batch({ database }, requests) {
    const rows = await database.prisma.apiKey.findMany({ where: { id: { in: requests.map(({ key }) => key) } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return requests.map(({ key, viewerId, isAdmin }) => {
      const row = byId.get(key);
      return row && (isAdmin || row.userId === viewerId) ? row : null;
    });
  },
});
