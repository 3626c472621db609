import { describe, expect, it } from 'vitest';
import { makeVtt } from '../support/fixtures.ts';
import { httpRequest, postGraphql } from '../support/http.ts';
import { ImportLeads } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const regional = useParley({ env: { DEFAULT_PHONE_REGION: 'IL' } });

const ADMIN_ONLY = 'This takes an API key with the scope ADMIN, of a user with the role ADMIN.';

describe('a key without the scope that a field takes', () => {
  it.each([
    [['READ'], '{ auditLog(first: 1) { totalCount } }', ADMIN_ONLY],
    [['READ'], '{ jobs(allUsers: true) { totalCount } }', ADMIN_ONLY],
    [['READ', 'WRITE'], 'mutation { createBackup(input: {}) { job { id } } }', ADMIN_ONLY],
    [['WRITE'], '{ auditLog(first: 1) { totalCount } }', 'This takes an API key with the scope READ.'],
    [['WRITE'], '{ leads { totalCount } }', 'This takes an API key with the scope READ.'],
    [
      ['READ'],
      'mutation { createConversation(input: {}) { conversation { id } } }',
      'This takes an API key with the scope WRITE.',
    ],
  ] as const)('with %j is refused %s, by the scope that is missing', async (scopes, document, message) => {
    const ann = await app.user({ scopes: [...scopes] });
    const { errors } = await ann.send(document);
    expect(errors).toMatchObject([{ message, extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a time that is none', () => {
  it.each(['2026-01-31', '2026-01-31T09:30:00', '31.1.2026', 'yesterday', '', 1_769_850_000])(
    'such as %j is refused with how one is written, in a variable and in the document',
    async (time) => {
      const ann = await app.user();
      const list = (value: string) => `{ leads(filter: { createdAfter: ${value} }) { totalCount } }`;
      const answers = [
        await ann.send(`query ($time: DateTime) ${list('$time')}`, { time }),
        await ann.send(list(JSON.stringify(time))),
      ];
      for (const { errors } of answers)
        expect(errors).toMatchObject([
          { message: expect.stringContaining('2026-01-31T09:30:00Z'), extensions: { code: 'BAD_USER_INPUT' } },
        ]);
    },
  );
});

describe('a transcript that comes the wrong way', () => {
  it('to POST /episodes with an episode’s id is sent to the address that takes it', async () => {
    const ann = await app.user();
    for (const query of ['?episodeId=x', '?title=Talk&episodeId=x']) {
      const headers = { authorization: `Bearer ${ann.key}`, 'content-type': 'text/vtt' };
      const { status, json } = await httpRequest(`${app.parley.url}/episodes${query}`, {
        method: 'POST',
        headers,
        body: makeVtt(2),
      });
      expect(status).toBe(400);
      expect(json).toMatchObject({
        errors: [
          {
            message: expect.stringContaining('PUT /episodes/:id/transcript'),
            extensions: { code: 'BAD_USER_INPUT', field: 'episodeId' },
          },
        ],
      });
    }
  });

  it('in an operation that is too large is sent to the endpoints for files', async () => {
    const ann = await app.user();
    const query = `mutation ($content: String!) { importTranscript(input: { title: "Talk", format: VTT, content: $content }) { segments } }`;
    const { status, json } = await postGraphql(
      app.parley.url,
      { query, variables: { content: makeVtt(20_000) } },
      { authorization: `Bearer ${ann.key}` },
    );
    expect(status).toBe(413);
    expect(json).toMatchObject({
      errors: [
        { message: expect.stringContaining('PUT /episodes/:id/transcript'), extensions: { code: 'LIMIT_EXCEEDED' } },
      ],
    });
  });
});

describe('liftDoNotCall of a number without its country', () => {
  const LIFT = `mutation ($input: LiftDoNotCallInput!) { liftDoNotCall(input: $input) { phone } }`;
  const lift = async (on: typeof app) => {
    const ann = await on.user();
    await ann.ask(ImportLeads, { input: { csv: 'name,phone,dnc\nדנה,+972542000003,yes\n' } });
    return on.parley.admin.send(LIFT, { input: { userId: ann.id, phone: '054-200-0003', reason: 'Dana wrote to us' } });
  };

  it('says that the country is missing', async () => {
    const { errors } = await lift(app);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/country code, as \+972/),
        extensions: { code: 'BAD_USER_INPUT', field: 'input.phone' },
      },
    ]);
  });

  it('takes it as one of DEFAULT_PHONE_REGION', async () => {
    expect(await lift(regional)).toMatchObject({ data: { liftDoNotCall: expect.anything() } });
  });
});
