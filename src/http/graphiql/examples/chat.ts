import { example } from './example.ts';

export const chat = example(
  /* GraphQL */ `
# A conversation that answers and remembers: put the
# cursor in a step, press Ctrl-Enter, and copy the id
# from the answer into the variables below.
#
# 1. Says something. The reply is written beside.
mutation SendMessage($content: String!) {
  sendMessage(input: { content: $content }) {
    conversation {
      id
      title
    }
    reply {
      id
      status
    }
  }
}

# 2. Shows the reply growing as it is being written. A
#    program takes the text, which is what is new. After
#    a break it goes on with afterOffset: the end of its
#    last chunk, or the streamOffset of the message that
#    it loaded.
subscription WatchReply($messageId: ID!) {
  replyStream(messageId: $messageId) {
    offset
    text
    done
    message {
      content
    }
  }
}

# 3. What was learned from it. Then ask about it in
#    step 1.
query Remember($query: String!) {
  searchMemories(query: $query) {
    found
    matches {
      score
      snippet
      memory {
        kind
        content
        sourceMessage {
          content
        }
      }
    }
  }
}
`,
  {
    content: 'My dog is called Rex, and he hates thunder.',
    messageId: 'the id of the reply',
    query: 'What is my dog called?',
  },
);
