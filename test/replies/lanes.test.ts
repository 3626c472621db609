import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { vttOf } from '../support/fixtures.ts';
import { ProcessEpisode } from '../support/operations.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { send, wholeReply } from '../support/replies.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

/** An episode whose processing takes seconds. */
async function longEpisode({ url }: Parley): Promise<string> {
  const upload = await fetch(`${url}/episodes?title=long`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/vtt' },
    body: vttOf(25_000),
  });
  return ((await upload.json()) as { episode: { id: string } }).episode.id;
}

const JOBS = /* GraphQL */ `{ jobs(filter: { kinds: [PROCESS_EPISODE] }) { edges { node { status } } } queueStats { maxQueued } }`;
const statuses = async (client: Client): Promise<string[]> =>
  (await client.ask(JOBS)).jobs.edges.map(({ node }: { node: { status: string } }) => node.status);

describeOnEachDatabase((on) => {
  const { start } = useProcesses({ on });

  it('a reply waits for no long job, and finds a place where they are refused', async () => {
    const parley = await start(undefined, { MAX_CONCURRENT_JOBS: '1', MAX_QUEUE_SIZE: '1' });
    const { admin } = parley;
    const episodes = [await longEpisode(parley), await longEpisode(parley), await longEpisode(parley)];
    const process = (episodeId?: string) => admin.send(ProcessEpisode, { input: { episodeId: episodeId as string } });
    await process(episodes[0]);
    await until(
      () => statuses(admin),
      ([status]) => status === 'RUNNING',
    );
    await process(episodes[1]);
    expect((await process(episodes[2])).errors).toMatchObject([{ extensions: { code: 'QUEUE_FULL', limit: 1 } }]);
    const { reply } = await send(admin, 'Hello!');
    expect(await wholeReply(admin, reply.id)).toMatchObject({ message: { status: 'COMPLETE' } });
    expect(await statuses(admin)).toEqual(['QUEUED', 'RUNNING']);
    parley.kill('SIGKILL');
  });
});
