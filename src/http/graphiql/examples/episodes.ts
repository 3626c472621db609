import { example } from './example.ts';

export const findClips = example(
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
);

export const askEpisode = example(
  /* GraphQL */ `
# Talks with an episode: its transcript answers. Put
# the id of one with a transcript into the variables;
# the tab before this one makes one.
#
# 1. Asks. Whatever else you ask about the episode
#    joins the same conversation.
mutation AskEpisode($episodeId: ID!, $question: String!) {
  askEpisode(
    input: { episodeId: $episodeId, question: $question }
  ) {
    reply {
      id
    }
  }
}

# 2. The answer, with the passages it rests on.
subscription WatchAnswer($messageId: ID!) {
  replyStream(messageId: $messageId) {
    text
    done
    message {
      content
      citations {
        quote
        startSeconds
        segment {
          speaker
        }
      }
    }
  }
}

# 3. All that was asked about it before.
query AskedBefore($episodeId: ID!) {
  episode(id: $episodeId) {
    title
    conversations(first: 3) {
      edges {
        node {
          messages(last: 4) {
            edges {
              node {
                role
                content
              }
            }
          }
        }
      }
    }
  }
}
`,
  {
    episodeId: 'the id of an episode',
    question: 'What do beginners get wrong?',
    messageId: 'the id of the reply',
  },
);

/** Short, but with whole sentences, and long enough for a clip (at least 12 s). */
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
