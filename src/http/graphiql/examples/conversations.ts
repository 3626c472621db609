import { example } from './example.ts';

const CONVERSATION_ID = 'the id of a conversation';

export const readConversations = example(
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
);

export const addMessages = example(
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
);

export const followMessages = example(
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
);
