import { describe, expect, it } from 'vitest';
import { answered, asked, counted, importNew as importFor, lines, said, talk } from '../support/exports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const importNew = (file: unknown) => importFor(app, file);

/** When a conversation began, in seconds since 1970, and times after that. */
const begin = Date.parse('2026-01-01T10:00:00.000Z') / 1000;
const iso = (seconds: number) => new Date((begin + seconds) * 1000).toISOString();

const intercomPart = (author: object, body: string | null, more: object = {}) => ({
  type: 'conversation_part',
  part_type: 'comment',
  body,
  author,
  created_at: begin + 60,
  attachments: [],
  ...more,
});

const intercom = (id: string, parts: object[]) => ({
  type: 'conversation',
  id,
  created_at: begin,
  title: 'Lake',
  source: {
    type: 'conversation',
    subject: '',
    body: `<p>How warm<br>is the lake?</p>`,
    author: { type: 'lead', id: 'l1', name: 'Noa' },
    attachments: [{ type: 'upload', name: 'pier.jpg', content_type: 'image/jpeg' }],
  },
  conversation_parts: { type: 'conversation_part.list', conversation_parts: parts, total_count: parts.length },
});

const ticket = (comments: unknown[], more: object = {}) => ({
  id: 35,
  subject: 'Lake',
  description: asked,
  requester_id: 7,
  assignee_id: 9,
  created_at: iso(0),
  comments,
  ...more,
});

const chatwoot = (type: number | string, content: string | null, more: object = {}) => ({
  id: 1,
  content,
  message_type: type,
  created_at: begin + 5,
  private: false,
  conversation_id: 12,
  ...more,
});

describe('an export of a support desk', () => {
  it('of Intercom is imported without its notes and events, and its HTML as text', async () => {
    const { report, conversations } = await importNew({
      type: 'conversation.list',
      conversations: [
        intercom('c1', [
          intercomPart({ type: 'bot', name: 'Fin' }, `<p>${answered}</p>`),
          intercomPart({ type: 'admin', name: 'Dana' }, '<p>He means the &quot;north&quot; lake</p>', {
            part_type: 'note',
          }),
          intercomPart({ type: 'admin', name: 'Dana' }, null, { part_type: 'close' }),
          intercomPart({ type: 'user', id: 'u1' }, '<ul><li>one</li><li>two &amp; three</li></ul>'),
        ]),
      ],
    });
    expect(conversations).toMatchObject([
      { sourceId: 'INTERCOM:c1', title: 'Lake', metadata: { importedFrom: 'INTERCOM' } },
    ]);
    expect(said(conversations[0])).toEqual([
      ['USER', 'How warm\nis the lake?'],
      ['ASSISTANT', answered],
      ['USER', '- one\n- two & three'],
    ]);
    expect(conversations[0].messages[1].sentAt).toBe(iso(60));
    expect(counted(report)).toEqual({ HIDDEN_MESSAGE: 2, IMAGE: 1 });
  });

  it.each<[string, unknown, object?]>([
    [
      'of Zendesk, a ticket a line',
      lines(
        ticket([
          { id: 1, author_id: 7, body: asked, html_body: `<p>${asked}</p>`, public: true, created_at: iso(0) },
          { id: 2, author_id: 9, body: 'Ask Ruth.', public: false, created_at: iso(30) },
          {
            id: 3,
            author_id: 9,
            html_body: `<div>${answered}</div>`,
            public: true,
            created_at: iso(60),
            attachments: [{ file_name: 'map.pdf', content_type: 'application/pdf' }],
          },
        ]),
      ),
      { HIDDEN_MESSAGE: 1, ATTACHMENT: 1 },
    ],
    [
      'of Zendesk, of which only the authors of comments are known',
      {
        tickets: [
          {
            id: 36,
            comments: [
              { author_id: 4, body: asked, created_at: iso(0) },
              { author_id: 5, body: answered, created_at: iso(9) },
            ],
          },
        ],
      },
    ],
    [
      'of Zendesk’s chats',
      {
        chats: [
          {
            type: 'chat',
            id: '2601.x',
            timestamp: iso(0),
            visitor: { name: 'Visitor 11' },
            history: [
              { type: 'chat.memberjoin', name: 'Visitor 11', timestamp: iso(0) },
              { type: 'chat.msg', name: 'Visitor 11', msg: asked, sender_type: 'Visitor', timestamp: iso(1) },
              { type: 'chat.msg', name: 'Dana', msg: answered, sender_type: 'Agent', timestamp: iso(2) },
              { type: 'chat.rating', name: 'Visitor 11', new_rating: 'good', timestamp: iso(3) },
            ],
          },
        ],
        count: 1,
      },
      { HIDDEN_MESSAGE: 2 },
    ],
    [
      'of Chatwoot',
      {
        meta: { contact: { name: 'Noa' } },
        payload: [
          chatwoot(0, asked),
          chatwoot(2, 'Dana self-assigned this conversation', { created_at: begin + 6 }),
          chatwoot(1, 'Is this the north lake?', { private: true, created_at: begin + 7 }),
          chatwoot(1, answered, { created_at: begin + 8, attachments: [{ file_type: 'image', data_url: 'x/a.png' }] }),
        ],
      },
      { HIDDEN_MESSAGE: 2, IMAGE: 1 },
    ],
    [
      'of Chatwoot’s conversations, with the types of messages in words',
      { data: { payload: [{ id: 12, messages: [chatwoot('incoming', asked), chatwoot('outgoing', answered)] }] } },
    ],
  ])('%s is imported by who answers whom', async (_name, file, passedOver = {}) => {
    const { report, conversations } = await importNew(file);
    expect(report).toMatchObject({ found: 1, conversations: 1, notImported: 0 });
    expect(conversations.map(said)).toEqual([talk]);
    expect(counted(report)).toEqual(passedOver);
  });

  it('with the same ids as another desk’s is imported beside it', async () => {
    const desks = [
      ticket([{ author_id: 7, body: asked }], { id: 5 }),
      intercom('5', [intercomPart({ type: 'bot' }, 'Hi')]),
    ];
    const { conversations } = await importNew(desks);
    expect(conversations.map(({ sourceId }: any) => sourceId).sort()).toEqual(['INTERCOM:5', 'ZENDESK:5']);
  });

  it('costs only what is odd in it', async () => {
    const { report, conversations } = await importNew([
      'odd',
      intercom('c1', [
        { type: 'conversation_part', body: 7, author: null },
        intercomPart({ type: 'admin' }, `<p>${answered}`),
      ]),
      ticket([{ id: 1, author_id: { odd: true }, body: null }, 'odd', { author_id: 7, body: asked }]),
    ]);
    expect(report).toMatchObject({ found: 3, conversations: 2, notImported: 1, problems: [{ index: 0 }] });
    expect(conversations.map(({ messages }: any) => messages.length).sort()).toEqual([1, 2]);
    expect(counted(report)).toMatchObject({ UNREADABLE_MESSAGE: 1, UNKNOWN_CONTENT: 1, IMAGE: 1 });
  });
});

it.each<[string, unknown]>([
  ['GET /conversations/{id}', { conversations: [{ ...intercom('c1', []), conversation_parts: undefined }] }],
  ['tickets with their comments', { tickets: [{ ...ticket([]), comments: undefined }] }],
])('an export without its messages is refused with what to export instead: %s', async (advice, file) => {
  const { job } = await importNew(file);
  expect(job).toMatchObject({
    status: 'FAILED',
    error: { code: 'BAD_USER_INPUT', message: expect.stringContaining(advice) },
  });
});
