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

# 2. Shows the reply as it is being written, or all of
#    it when it is done. After a break, go on from
#    where you were with afterOffset.
subscription WatchReply($messageId: ID!) {
  replyStream(messageId: $messageId) {
    offset
    text
    done
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
