import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { uploadEpisode } from '../support/fixtures.ts';
import { ProcessEpisode } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

/** So many sentences take seconds to process. */
const LONG = 25_000;
const JOBS = /* GraphQL */ `{ jobs(filter: { kinds: [PROCESS_EPISODE] }) { edges { node { status } } } queueStats { maxQueued } }`;
const statuses = async (client: Client): Promise<string[]> =>
  (await client.ask(JOBS)).jobs.edges.map(({ node }: { node: { status: string } }) => node.status);

describeOnEachDatabase((on) => {
  const { start } = useProcesses({ on });

  it('a reply waits for no long job, and finds a place where they are refused', async () => {
    const parley = await start(undefined, { MAX_CONCURRENT_JOBS: '1', MAX_QUEUE_SIZE: '1' });
    const { admin } = parley;
    const upload = (sentences: number) => uploadEpisode(parley.url, admin, sentences);
    const episodes = [await upload(LONG), await upload(10), await upload(10)];
    const process = (episodeId?: string) => admin.send(ProcessEpisode, { input: { episodeId: episodeId as string } });
    await process(episodes[0]);
    await until(
      () => statuses(admin),
      ([status]) => status === 'RUNNING',
    );
    await process(episodes[1]);
    expect((await process(episodes[2])).errors).toMatchObject([{ extensions: { code: 'QUEUE_FULL', limit: 1 } }]);
    const { reply } = await send(admin, 'Hello!');
    expect(await readReply(admin, reply.id)).toMatchObject({ message: { status: 'COMPLETE' } });
    expect(await statuses(admin)).toEqual(['QUEUED', 'RUNNING']);
    parley.kill('SIGKILL');
  }, 120_000); // the long upload takes 16 s on a slow disk
});
