import { describe, expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import { makeVtt, newPhone, newTime } from '../support/fixtures.ts';
import { inputTypeOf } from '../support/input-types.ts';
import { REDIS_ENV } from '../support/requirements.ts';
import { watchUnrevisedWrites } from '../support/unrevised-writes.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

type Node = { id: string } & Record<string, unknown>;
type Batch = {
  changes: { id: string; deleted: boolean; node: Node | null }[];
  cursor: string;
  upToDate: boolean;
  reset: boolean;
};

const FIELDS = {
  Conversation: 'title pinned archived messageCount lastReadSequence unreadCount lastUpdate episode { id }',
  Memory: 'content tags supersededBy { id } conversation { id }',
  Episode: 'title status archivedAt clips { totalCount } speakers { name segmentCount }',
  Clip: 'status score averageRating startSeconds trimmedAt viewerFeedback { rating }',
  Job: 'status',
  ApiKey: 'name revokedAt',
  Lead: 'name phone status tags attempts',
  Call: 'status outcome answeredBy startedAt endedAt',
  Meeting: 'status title startsAt lead { id }',
  Campaign: 'name status progress { leads pending inProgress blocked cancelled }',
  Webhook: 'url events enabled',
};
/** Under names of their own, where two types have fields of one name. */
const fieldsOf = (type: keyof typeof FIELDS) =>
  `__typename id ${FIELDS[type].replace(/\b(title|status)\b/, `${type}_$1: $1`)}`;
const NODE = (Object.keys(FIELDS) as (keyof typeof FIELDS)[])
  .map((type) => `... on ${type} { ${fieldsOf(type)} }`)
  .join(' ');
const BATCH = `changes { id deleted node { ${NODE} } } cursor upToDate reset`;

/** What a client holds that knows of nothing but changes. */
class Replica {
  readonly nodes = new Map<string, Node>();
  cursor: string;
  upToDate = false;
  /** What its subscriptions were refused. */
  readonly refused: unknown[] = [];

  constructor(cursor: string) {
    this.cursor = cursor;
  }

  take({ changes, cursor, upToDate, reset }: Batch): void {
    expect(reset).toBe(false);
    for (const { id, deleted, node } of changes) {
      if (deleted || !node) this.nodes.delete(id);
      else this.nodes.set(id, node);
    }
    [this.cursor, this.upToDate] = [cursor, upToDate];
  }

  /** Follows until it is told to leave, over one connection; leaves quietly where that breaks. */
  async follow(client: Client, left: Promise<unknown>): Promise<void> {
    let isUnavailable = false;
    const feed = client.follow(`subscription ($after: String) { changes(after: $after) { ${BATCH} } }`, {
      after: this.cursor,
    });
    void left.then(() => feed.return(undefined));
    try {
      for await (const { data, errors } of feed) {
        isUnavailable = errors?.some(({ extensions }) => extensions?.code === 'UNAVAILABLE') ?? false;
        if (!isUnavailable) this.refused.push(...(errors ?? []));
        if (data) this.take((data as { changes: Batch }).changes);
      }
    } catch {
      // The process was killed, or the socket is closed: the cursor says where to go on.
    }
    if (isUnavailable) await this.follow(client, left);
  }

  async catchUp(client: Client): Promise<void> {
    do {
      const query = `query ($after: String!) { changes(after: $after, first: 7) { ${BATCH} } }`;
      this.take((await client.ask(query, { after: this.cursor })).changes);
    } while (!this.upToDate);
  }
}

/** All that is the viewer's, as the lists have it. */
async function readLists(client: Client): Promise<Map<string, Node>> {
  const page = (type: keyof typeof FIELDS) =>
    `first: 100) { edges { node { ${fieldsOf(type)} } } pageInfo { hasNextPage }`;
  const { conversations, memories } = await client.ask(`{
    conversations(${page('Conversation')} } memories(filter: { includeSuperseded: true }, ${page('Memory')} } }`);
  const { episodes, jobs, leads, calls, meetings, campaigns, webhooks, apiKeys } = await client.ask(`{
    episodes(${page('Episode')} } jobs(${page('Job')} } leads(${page('Lead')} } meetings(${page('Meeting')} }
    calls(${page('Call')} } campaigns(${page('Campaign')} } webhooks(${page('Webhook')} } apiKeys { ${fieldsOf('ApiKey')} } }`);
  const lists = [conversations, memories, episodes, jobs, leads, calls, meetings, campaigns, webhooks];
  for (const { pageInfo } of lists) expect(pageInfo.hasNextPage).toBe(false);
  const nodes: Node[] = lists.flatMap(({ edges }) => edges.map(({ node }: { node: Node }) => node));
  const clips = await Promise.all(
    episodes.edges.map(async ({ node }: { node: Node }) => {
      const { episode } = await client.ask(
        `query ($id: ID!) { episode(id: $id) { clips(first: 100) { edges { node { ${fieldsOf('Clip')} } } } } }`,
        { id: node.id },
      );
      return episode.clips.edges.map(({ node: clip }: { node: Node }) => clip);
    }),
  );
  return new Map([...nodes, ...clips.flat(), ...apiKeys].map((node: Node) => [node.id, node]));
}

/** The same, once nothing is changed while they are read: what replies and calls leave to be done comes a moment later. */
async function readQuietly(client: Client): Promise<Map<string, Node>> {
  const { lists } = await until(
    async () => {
      const { changeCursor } = (await client.ask('{ viewer { changeCursor } }')).viewer;
      const lists = await readLists(client);
      const query = 'query ($after: String!) { changes(after: $after) { changes { id } } }';
      return { lists, ...(await client.ask(query, { after: changeCursor })).changes };
    },
    ({ changes }) => changes.length === 0,
  );
  return lists;
}

const mutate = (name: string, selection: string) =>
  `mutation ($input: ${inputTypeOf(name)}) { ${name}(input: $input) { ${selection} } }`;

/** Random writes; whatever they meet that another has deleted or holds is left as it is. */
function createWriter(
  ids: Record<
    | 'conversations'
    | 'memories'
    | 'episodes'
    | 'clips'
    | 'jobs'
    | 'keys'
    | 'leads'
    | 'meetings'
    | 'campaigns'
    | 'webhooks',
    string[]
  >,
) {
  let count = 0;
  const pick = (list: readonly string[]) => list[Math.floor(Math.random() * list.length)];
  const text = () => {
    count += 1;
    return `the ${['red', 'blue', 'green', 'old'][count % 4]} thing number ${count} of many`;
  };
  const OPERATIONS: [weight: number, run: (client: Client) => Promise<unknown>][] = [
    [
      3,
      async (client) => {
        const { data } = await client.send(mutate('createConversation', 'conversation { id }'), {
          input: { title: text(), episodeId: pick(ids.episodes) ?? null },
        });
        if (data?.createConversation) ids.conversations.push(data.createConversation.conversation.id);
      },
    ],
    [
      4,
      (client) =>
        change(client, 'updateConversation', 'conversation { id }', {
          conversationId: pick(ids.conversations),
          title: text(),
          pinned: count % 2 === 0,
        }),
    ],
    [
      6,
      (client) =>
        change(client, 'addMessage', 'message { id }', {
          conversationId: pick(ids.conversations),
          role: 'USER',
          content: text(),
        }),
    ],
    [
      2,
      (client) =>
        change(client, 'sendMessage', 'reply { id }', {
          conversationId: pick(ids.conversations),
          content: `I live in ${text()}`,
        }),
    ],
    [
      3,
      (client) =>
        change(client, 'markConversationRead', 'conversation { id }', {
          conversationId: pick(ids.conversations),
          sequence: count % 9,
        }),
    ],
    [
      2,
      (client) =>
        change(client, 'markConversationUnread', 'conversation { id }', { conversationId: pick(ids.conversations) }),
    ],
    [
      2,
      async (client) => {
        const { data } = await client.send(
          'query ($id: ID!) { conversation(id: $id) { messages(last: 5, roles: [ASSISTANT]) { edges { node { id } } } } }',
          { id: pick(ids.conversations) },
        );
        const messageId = data?.conversation?.messages.edges[0]?.node.id;
        await change(client, 'rateMessage', 'message { id }', { messageId, rating: count % 2 ? 'UP' : 'DOWN' });
      },
    ],
    [
      2,
      async (client) => {
        const { data } = await client.send(
          'query ($id: ID!) { conversation(id: $id) { messages(last: 5, roles: [USER]) { edges { node { id } } } } }',
          { id: pick(ids.conversations) },
        );
        const messageId = data?.conversation?.messages.edges[0]?.node.id;
        const [resend, deleteMemories] = [Math.random() < 0.5, Math.random() < 0.3];
        await change(client, 'editMessage', 'message { id }', { messageId, content: text(), resend, deleteMemories });
      },
    ],
    [
      1,
      (client) =>
        client.send(mutate('archiveConversations', 'changed'), {
          input: { lastMessageBefore: new Date().toISOString(), archived: Math.random() < 0.5 },
        }),
    ],
    [1, (client) => change(client, 'deleteConversation', 'deletedId', { conversationId: pick(ids.conversations) })],
    [
      4,
      async (client) => {
        const supersedes = [pick(ids.memories)].filter((id) => id !== undefined && Math.random() < 0.5);
        const { data } = await client.send(mutate('saveMemory', 'memory { id }'), {
          input: { content: text(), supersedes, conversationId: pick(ids.conversations) ?? null },
        });
        if (data?.saveMemory) ids.memories.push(data.saveMemory.memory.id);
      },
    ],
    [
      2,
      (client) =>
        change(client, 'updateMemory', 'memory { id }', { memoryId: pick(ids.memories), tags: [`t${count}`] }),
    ],
    [1, (client) => change(client, 'deleteMemory', 'deletedId', { memoryId: pick(ids.memories) })],
    [2, (client) => change(client, 'restoreMemory', 'memory { id }', { memoryId: pick(ids.memories) })],
    [
      1,
      async (client) => {
        const { data } = await client.send(mutate('importTranscript', 'episode { id }'), {
          input: { title: text(), format: 'VTT', content: makeVtt(20) },
        });
        if (data?.importTranscript) ids.episodes.push(data.importTranscript.episode.id);
      },
    ],
    [
      2,
      async (client) => {
        const { data } = await client.send(mutate('processEpisode', 'job { id }'), {
          input: { episodeId: pick(ids.episodes), maxClips: 3 },
        });
        if (data?.processEpisode) ids.jobs.push(data.processEpisode.job.id);
      },
    ],
    [
      3,
      async (client) => {
        const { data } = await client.send(mutate('createLead', 'lead { id }'), {
          input: { name: text(), phone: newPhone() },
        });
        if (data?.createLead) ids.leads.push(data.createLead.lead.id);
      },
    ],
    [
      2,
      (client) =>
        client.send(mutate('importLeads', 'created'), {
          input: { csv: `name,phone,tags\n${text()},${newPhone()},new\n` },
        }),
    ],
    [1, (client) => client.send(mutate('tagLeads', 'changed'), { input: { leadFilter: {}, add: [text()] } })],
    [2, (client) => change(client, 'updateLead', 'lead { id }', { leadId: pick(ids.leads), status: 'DO_NOT_CALL' })],
    [
      2,
      async (client) => {
        const { data } = await client.send(mutate('bookMeeting', 'meeting { id }'), {
          input: { leadId: pick(ids.leads), startsAt: newTime() },
        });
        if (data?.bookMeeting) ids.meetings.push(data.bookMeeting.meeting.id);
      },
    ],
    [
      1,
      (client) =>
        change(client, 'updateMeeting', 'meeting { id }', { meetingId: pick(ids.meetings), startsAt: newTime() }),
    ],
    [1, (client) => change(client, 'cancelMeeting', 'meeting { id }', { meetingId: pick(ids.meetings) })],
    [
      2,
      async (client) => {
        const { data } = await client.send(mutate('createCampaign', 'campaign { id }'), {
          input: { name: text(), goal: text(), leadFilter: {} },
        });
        if (data?.createCampaign) ids.campaigns.push(data.createCampaign.campaign.id);
      },
    ],
    [2, (client) => change(client, 'startCampaign', 'campaign { id }', { campaignId: pick(ids.campaigns) })],
    [1, (client) => change(client, 'cancelCampaign', 'campaign { id }', { campaignId: pick(ids.campaigns) })],
    [
      1,
      (client) =>
        change(client, 'updateCampaign', 'campaign { id }', { campaignId: pick(ids.campaigns), name: text() }),
    ],
    [1, (client) => change(client, 'deleteCampaign', 'deletedId', { campaignId: pick(ids.campaigns) })],
    [2, (client) => change(client, 'callLead', 'call { id }', { leadId: pick(ids.leads) })],
    [1, (client) => change(client, 'deleteLead', 'deletedId', { leadId: pick(ids.leads) })],
    [1, (client) => change(client, 'cancelJob', 'job { id }', { jobId: pick(ids.jobs) })],
    [1, (client) => change(client, 'archiveEpisode', 'episode { id }', { episodeId: pick(ids.episodes) })],
    [
      2,
      (client) =>
        change(client, 'updateEpisode', 'episode { id }', {
          episodeId: pick(ids.episodes),
          title: text(),
          archived: false,
        }),
    ],
    [
      1,
      (client) =>
        change(client, 'importTranscript', 'episode { id }', {
          episodeId: pick(ids.episodes),
          format: 'VTT',
          content: makeVtt(20),
        }),
    ],
    [
      1,
      (client) =>
        change(client, 'renameSpeaker', 'merged', {
          episodeId: pick(ids.episodes),
          speaker: count % 2 ? 'Ruth' : 'Omar',
          name: ['Ruth', 'Omar', 'Naomi'][count % 3],
        }),
    ],
    [1, (client) => change(client, 'deleteEpisode', 'deletedId', { episodeId: pick(ids.episodes) })],
    [
      2,
      async (client) => {
        const episodeId = pick(ids.episodes);
        const { data } = await client.send(
          'query ($id: ID!) { episode(id: $id) { clips(first: 5) { edges { node { id } } } } }',
          { id: episodeId },
        );
        const clipId = data?.episode?.clips.edges[0]?.node.id;
        const cut = { startSeconds: count % 20, endSeconds: 40, title: text(), platform: 'X' };
        await change(client, 'createClip', 'clip { id }', { episodeId, ...cut });
        if (count % 3 === 0)
          await change(client, 'deleteClip', 'deletedId', { clipId: data?.episode?.clips.edges[1]?.node.id });
        await change(client, 'trimClip', 'clip { id }', { clipId, startSeconds: count % 5, endSeconds: 30 });
        await change(client, 'setClipStatus', 'clip { id }', {
          clipId,
          status: ['SUGGESTED', 'APPROVED', 'REJECTED', 'PUBLISHED'][count % 4],
        });
        if (clipId)
          await change(client, 'submitFeedback', 'feedback { id }', {
            episodeId,
            clipId,
            type: 'LIKE',
            rating: 1 + (count % 5),
          });
      },
    ],
    [
      1,
      async (client) => {
        const { data } = await client.send(mutate('createApiKey', 'apiKey { id }'), { input: { name: text() } });
        if (data?.createApiKey) ids.keys.push(data.createApiKey.apiKey.id);
      },
    ],
    [1, (client) => change(client, 'revokeApiKey', 'apiKey { id }', { apiKeyId: pick(ids.keys) })],
    [
      1,
      async (client) => {
        const input = { url: 'https://webhooks.example.com', events: ['JOB_FINISHED', 'CALL_ENDED', 'MEETING_BOOKED'] };
        const { data } = await client.send(mutate('createWebhook', 'webhook { id }'), { input });
        if (data?.createWebhook) ids.webhooks.push(data.createWebhook.webhook.id);
      },
    ],
    [
      1,
      (client) =>
        change(client, 'updateWebhook', 'webhook { id }', { webhookId: pick(ids.webhooks), enabled: count % 2 === 0 }),
    ],
    [1, (client) => change(client, 'deleteWebhook', 'deletedId', { webhookId: pick(ids.webhooks) })],
  ];
  const wheel = OPERATIONS.flatMap(([weight, run]) => Array<typeof run>(weight).fill(run));
  return (client: Client) => (wheel[Math.floor(Math.random() * wheel.length)] as (typeof wheel)[number])(client);
}

const change = (client: Client, name: string, selection: string, input: Record<string, unknown>) =>
  Object.values(input).includes(undefined) ? Promise.resolve() : client.send(mutate(name, selection), { input });

/** A campaign goes on for days, and what is left of its calls with it. */
async function endCampaigns(client: Client): Promise<void> {
  const { campaigns } = await client.ask('{ campaigns(first: 100) { edges { node { id } } } }');
  for (const { node } of campaigns.edges)
    await change(client, 'cancelCampaign', 'campaign { id }', { campaignId: node.id });
  const { calls } = await client.ask(
    '{ calls(filter: { statuses: [QUEUED, DIALING, RINGING, IN_PROGRESS] }, first: 100) { edges { node { id } } } }',
  );
  for (const { node } of calls.edges) await change(client, 'cancelCall', 'call { id }', { callId: node.id });
}

describe('a client that knows of nothing but changes', () => {
  const app = useProcesses({
    env: {
      ...REDIS_ENV,
      ...OPEN_ALL_HOURS,
      RESPONSE_CACHE_MB: '8',
      CONSENT_COUNTRIES: 'ZZ',
      REGISTRY_COUNTRIES: 'ZZ',
      JOB_LEASE_MS: '10000',
    },
  });

  it('holds what the lists hold, whoever writes, however often it leaves, and whatever is killed', async () => {
    const unrevised = await watchUnrevisedWrites(app.database.url);
    const [one, two, first] = await Promise.all([app.start('server'), app.start('server'), app.start('worker')]);
    let worker = first;
    const ann = await one.user();
    const clients = [ann, two.as(ann)];
    const begin = (await ann.ask('{ viewer { changeCursor } }')).viewer.changeCursor;
    const [live, slow] = [new Replica(begin), new Replica(begin)];
    for (const { id, ...node } of await ann.ask(`{ apiKeys { ${fieldsOf('ApiKey')} } }`).then(({ apiKeys }) => apiKeys))
      for (const replica of [live, slow]) replica.nodes.set(id, { ...node, id });
    const write = createWriter({
      conversations: [],
      memories: [],
      episodes: [],
      clips: [],
      jobs: [],
      keys: [],
      leads: [],
      meetings: [],
      campaigns: [],
      webhooks: [],
    });
    for (let round = 0; round < 5; round += 1) {
      const left = Promise.withResolvers<void>();
      const following = live.follow(clients[round % 2] as Client, left.promise);
      await Promise.all(
        Array.from({ length: 4 }, async (_, writer) => {
          for (let step = 0; step < 10; step += 1) await write(clients[(writer + step) % 2] as Client);
        }),
      );
      if (round === 2) {
        worker.kill('SIGKILL');
        worker = await app.start('worker');
      }
      if (round === 3) await slow.catchUp(ann);
      left.resolve();
      await following;
    }
    await endCampaigns(ann);
    const active = `{ jobs(filter: { statuses: [QUEUED, RUNNING, RETRYING, CANCELLING] }) { totalCount }
      calls(filter: { statuses: [QUEUED, DIALING, RINGING, IN_PROGRESS] }) { totalCount } }`;
    await until(
      () => ann.ask(active),
      ({ jobs, calls }) => jobs.totalCount === 0 && calls.totalCount === 0,
    );
    const lists = await readQuietly(ann);
    expect(lists.size).toBeGreaterThan(30);
    for (const replica of [live, slow]) {
      expect(replica.refused).toEqual([]);
      await replica.catchUp(two.as(ann));
      expect(Object.fromEntries(replica.nodes)).toEqual(Object.fromEntries(lists));
    }
    expect(await unrevised.list()).toEqual([]);
  }, 180_000);
});
