import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import { ImportTranscript, ProcessEpisode } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const FIELDS = 'id title language status processingStatus archived archivedAt';
const UPDATE = `mutation ($input: UpdateEpisodeInput!) { updateEpisode(input: $input) { episode { ${FIELDS} } } }`;
const ARCHIVE = `mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { ${FIELDS} } } }`;

const update = async (owner: Client, episodeId: string, change: object) =>
  (await owner.ask(UPDATE, { input: { episodeId, ...change } })).updateEpisode.episode;
const list = async (owner: Client, filter: string) =>
  (await owner.ask(`{ episodes(filter: { ${filter} }) { edges { node { id } } } }`)).episodes.edges.map(
    ({ node }: { node: { id: string } }) => node.id,
  );

describe('updateEpisode', () => {
  it('changes what is given, clears what is null, and leaves the rest', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 5);
    expect(await update(ann, id, { title: 'הגשר', language: 'he' })).toMatchObject({ title: 'הגשר', language: 'he' });
    expect(await update(ann, id, { language: 'en' })).toMatchObject({ title: 'הגשר', language: 'en' });
    expect(await update(ann, id, { language: 'IW' })).toMatchObject({ language: 'he' });
    expect(await update(ann, id, { title: null, language: null })).toMatchObject({ title: null, language: null });
  });

  it.each([
    [{ title: '' }, 'input.title'],
    [{ title: 'x'.repeat(501) }, 'input.title'],
    [{ language: 'x'.repeat(36) }, 'input.language'],
    [{ language: 'Hebrew' }, 'input.language'],
    [{ language: 'עברית' }, 'input.language'],
    [{ language: 'en_US' }, 'input.language'],
  ])('refuses %j', async (change, field) => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann, 5);
    const { errors } = await ann.send(UPDATE, { input: { episodeId, ...change } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });

  it('knows no episode of somebody else', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const episodeId = await makeEpisode(ann, 5);
    const { errors } = await bob.send(UPDATE, { input: { episodeId, archived: true } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe('an archived episode', () => {
  it('keeps the status that it had, and has it again when it is brought back', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann);
    await processToEnd(ann, id);
    const { archiveEpisode } = await ann.ask(ARCHIVE, { id });
    expect(archiveEpisode.episode).toMatchObject({
      status: 'ARCHIVED',
      processingStatus: 'READY',
      archived: true,
      archivedAt: expect.any(String),
    });
    const again = await update(ann, id, { archived: true, title: 'Put away' });
    expect(again).toMatchObject({ title: 'Put away', archivedAt: archiveEpisode.episode.archivedAt });
    expect(await update(ann, id, { archived: false })).toMatchObject({
      status: 'READY',
      processingStatus: 'READY',
      archived: false,
      archivedAt: null,
    });
    expect((await processToEnd(ann, id)).status).toBe('SUCCEEDED');
  });

  it('is listed as ARCHIVED, and by the filter `archived`', async () => {
    const ann = await app.user();
    const [away, here] = [await makeEpisode(ann, 5), await makeEpisode(ann, 5)];
    await update(ann, away, { archived: true });
    expect(await list(ann, 'archived: true')).toEqual([away]);
    expect(await list(ann, 'archived: false')).toEqual([here]);
    expect(await list(ann, 'statuses: [ARCHIVED]')).toEqual([away]);
    expect(await list(ann, 'statuses: [UPLOADED]')).toEqual([here]);
    expect(await list(ann, '')).toEqual([here, away]);
  });

  it('is neither processed nor given a transcript, in a sentence that says how it comes back', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 5);
    await update(ann, id, { archived: true });
    const process = await ann.send(ProcessEpisode, { input: { episodeId: id } });
    const replace = await ann.send(ImportTranscript, { input: { episodeId: id, format: 'VTT', content: makeVtt(2) } });
    for (const { errors } of [process, replace])
      expect(errors).toMatchObject([
        { message: expect.stringContaining('updateEpisode'), extensions: { code: 'CONFLICT', status: 'ARCHIVED' } },
      ]);
  });

  it('is not made while a job is at work on it, but it is renamed', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    const job = await processToEnd(ann, episodeId);
    await sql(app.database, `UPDATE jobs SET status = 'RUNNING' WHERE id = $1`, [
      Buffer.from(job.id, 'base64url').toString().split(':')[1],
    ]);
    const { errors } = await ann.send(UPDATE, { input: { episodeId, archived: true, title: 'Not this' } });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', jobId: expect.any(String) } }]);
    expect(await update(ann, episodeId, { title: 'This' })).toMatchObject({ title: 'This', archived: false });
  });
});
