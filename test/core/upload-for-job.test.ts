import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { MAX_STORED_BYTES } from '#domain/core/stored-uploads.ts';
import { uploadForJob } from '#domain/core/upload-for-job.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices();

it('files that are uploaded at once do not take more room together than there is', async () => {
  const ann = await newUser();
  const ownerId = ann.actor.userId as string;
  const { storedUpload } = services.database.prisma;
  await storedUpload.create({ data: { id: uuidv7(), ownerId, sizeBytes: MAX_STORED_BYTES - 1_000 } });
  const upload = async () => {
    const body = (async function* () {
      yield Buffer.alloc(600);
    })();
    const purpose = { action: 'conversation.import-file', kind: 'IMPORT_CONVERSATIONS' } as const;
    await uploadForJob(ann, purpose, { body, announcedBytes: 0, idempotencyKey: null });
  };
  const results = await Promise.allSettled(Array.from({ length: 10 }, upload));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { _sum } = await storedUpload.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } });
  expect(_sum.sizeBytes).toBe(MAX_STORED_BYTES - 400);
});
