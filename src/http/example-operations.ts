/** A tab of GraphiQL as a newcomer finds it: operations with a comment on top, and their variables as JSON. */
export type ExampleTab = { query: string; variables: string };

const example = (query: string, variables: Record<string, unknown>): ExampleTab => ({
  query: query.trimStart(),
  variables: JSON.stringify(variables, null, 2),
});

const CONVERSATION_ID = 'the id of a conversation';

/** In the order of the tabs: from reading to writing, to following live, to a job. */
export const EXAMPLE_TABS: readonly ExampleTab[] = [
  example(
    /* GraphQL */ `
# Who you are, and your newest conversations, each
# with its last messages.
#
# Run it with the button on the right or Ctrl-Enter.
# Ctrl-Space shows what else you can ask for; the
# book on the left explains all of it.
query MyConversations($first: Int) {
  viewer {
    username
    role
  }
  conversations(first: $first) {
    totalCount
    edges {
      node {
        id
        title
        messageCount
        messages(last: 3) {
          edges {
            node {
              sequence
              role
              content
            }
          }
        }
      }
    }
  }
}
`,
    { first: 10 },
  ),
  example(
    /* GraphQL */ `
# Makes a conversation, then adds messages to it.
#
# 1. With the cursor in here, press Ctrl-Enter. Copy
#    the id from the answer into the variables below.
mutation CreateConversation($title: String) {
  createConversation(input: { title: $title }) {
    conversation {
      id
      title
    }
  }
}

# 2. With the cursor in here, press Ctrl-Enter, as
#    often as you like.
mutation AddMessages(
  $conversationId: ID!
  $messages: [NewMessage!]!
) {
  addMessages(
    input: {
      conversationId: $conversationId
      messages: $messages
    }
  ) {
    messages {
      sequence
      role
      content
    }
  }
}
`,
    {
      title: 'Planning the summer party',
      conversationId: CONVERSATION_ID,
      messages: [
        { role: 'USER', content: 'How many people can we invite?' },
        { role: 'ASSISTANT', content: 'The garden has room for forty, the terrace for ten more.' },
      ],
    },
  ),
  example(
    /* GraphQL */ `
# Follows a conversation: first the messages after
# number afterSequence that are stored already, then
# each new one as it arrives; the newest is shown.
# After a break, ask with the last number you have
# seen: none is lost, none comes twice.
#
# Put the id of a conversation into the variables and
# press Ctrl-Enter. Then add messages in another tab
# of your browser: the link at the top right opens
# one that has your key, too.
subscription WatchMessages(
  $conversationId: ID!
  $afterSequence: Int
) {
  messageAdded(
    conversationId: $conversationId
    afterSequence: $afterSequence
  ) {
    sequence
    role
    content
    createdAt
  }
}
`,
    { conversationId: CONVERSATION_ID, afterSequence: 0 },
  ),
  example(
    /* GraphQL */ `
# From the transcript of a podcast to clips worth
# sharing, in four steps: put the cursor in a step,
# press Ctrl-Enter, and copy the id from the answer
# into the variables below.
#
# 1. Stores a transcript, which makes an episode.
mutation ImportTranscript(
  $title: String
  $transcript: String!
) {
  importTranscript(
    input: {
      title: $title
      format: VTT
      content: $transcript
    }
  ) {
    segments
    episode {
      id
      durationSeconds
    }
  }
}

# 2. Starts the job that looks for clips in it.
mutation ProcessEpisode($episodeId: ID!) {
  processEpisode(
    input: { episodeId: $episodeId, genre: EDUCATION }
  ) {
    job {
      id
      status
    }
  }
}

# 3. Shows the job live, until it has ended.
subscription WatchJob($jobId: ID!) {
  jobProgress(jobId: $jobId) {
    status
    stage
    progress
    message
  }
}

# 4. What was found, the best first.
query Clips($episodeId: ID!) {
  episode(id: $episodeId) {
    status
    clips(first: 3) {
      edges {
        node {
          title
          platform
          score
          startSeconds
          endSeconds
          captions(format: TEXT)
        }
      }
    }
  }
}
`,
    {
      title: 'Why bread rises',
      transcript: transcript(),
      episodeId: 'the id of the episode',
      jobId: 'the id of the job',
    },
  ),
];

/** Short, but of whole sentences and long enough (12 s is the least) for a clip. */
function transcript(): string {
  const cues = [
    ['00:00.000 --> 00:04.200', 'Host', 'Why does bread rise at all, when all we mix is flour, water and salt?'],
    [
      '00:04.500 --> 00:09.300',
      'Baker',
      'Because it is alive! A single spoon of sourdough holds fifty million yeast cells.',
    ],
    [
      '00:09.500 --> 00:14.600',
      'Baker',
      'They eat the sugar in the flour and breathe out gas, and the dough catches every bubble.',
    ],
    ['00:15.000 --> 00:17.800', 'Host', 'So what do most beginners get wrong?'],
    [
      '00:18.000 --> 00:23.400',
      'Baker',
      'They never wait. A cold night in the fridge does more for the taste than any secret recipe.',
    ],
    [
      '00:23.600 --> 00:28.500',
      'Baker',
      'Time is the one ingredient that costs nothing, and it is the one that everybody leaves out.',
    ],
  ];
  return ['WEBVTT', ...cues.map(([times, speaker, words]) => `${times}\n<v ${speaker}>${words}`)].join('\n\n');
}
