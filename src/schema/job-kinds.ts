import type { JobKind as Kind } from '#generated/prisma/enums.ts';
import { builder } from './builder.ts';

export const JobKind = builder.enumType('JobKind', {
  description: 'What a job does.',
  values: {
    PROCESS_EPISODE: {
      description:
        'Finds the chapters and the best clips in the transcript of an episode. Of a recording it first checks the file, draws the waveform and, where there is no transcript yet, transcribes what is said.',
    },
    GENERATE_REPLY: { description: 'Writes the reply to a message.' },
    EXTRACT_MEMORIES: {
      description:
        'Learns memories from what a user said, ends those that it takes back, and deletes those that it asks to forget.',
    },
    EMBED_MEMORIES: { description: 'Makes memories findable by their meaning.' },
    IMPORT_CONVERSATIONS: {
      description:
        'Imports the conversations of a file, sent to `POST /conversations`; those that are imported stay when the job is cancelled or fails, and `retryJob` goes on with the others.',
    },
    IMPORT_LEADS: {
      description:
        'Imports the leads of a file, sent to `POST /leads/imports`; those that are imported stay when the job is cancelled or fails, and `retryJob` goes on with the others.',
    },
    CALL_LEAD: {
      description:
        'Dials a call to a lead. It has succeeded once the provider was asked; how the call goes on is in the Call. It is not retried: `callLead` makes another call.',
    },
    CLEAN_UP_FILES: {
      description:
        'Removes files that have no more use: unfinished uploads of a day ago, the media of episodes that were archived long ago, and what processes that died have left.',
    },
    RENDER_CLIP: { description: 'Makes the file of a clip.' },
    TITLE_CONVERSATION: { description: 'Gives a conversation a title, by the model, after its first reply.' },
    CLEAN_UP_CONVERSATIONS: { description: 'Deletes the conversations of all users that are older than is kept.' },
    ERASE_USER: { description: 'Deletes a user with all that is theirs.' },
    SEND_ALERT: { description: 'Tells the receiver of alerts what is not well with the server, or well again.' },
    BACK_UP: { description: 'Takes a backup of the database, and proves that it restores.' },
    RUN_CAMPAIGN: {
      description:
        'Calls the leads of a campaign. It is RUNNING as long as the campaign is, or paused; cancelling it cancels the campaign.',
    },
  },
});

/** What `Job.result` has of a kind of job; kinds that have none are left out. */
const RESULTS: Partial<Record<Kind, string>> = {
  PROCESS_EPISODE:
    '`{ clips, transcription: { transcriber, caveat, pieces, failedPieces, removed } }`, `transcription` where it has transcribed',
  RENDER_CLIP: '`{ durationSeconds, width, height, loudnessLufs, truePeakDb, bytes, warnings }`',
  EXTRACT_MEMORIES: '`{ saved, merged, forgotten }`',
  EMBED_MEMORIES: '`{ embedded }`, where it was about all memories',
  IMPORT_CONVERSATIONS:
    '`{ found, conversations, messages, alreadyThere, notImported, problems: [{ index, title, reason }], passedOver: [{ what, count, names }] }`',
  IMPORT_LEADS:
    '`{ rows, created, updated, errorCount, errors: [{ row, field, message }], ignoredColumns }`, of `errors` the first thousand',
  RUN_CAMPAIGN: '`{ reached, notReached, blocked, meetingsBooked }`',
  ERASE_USER: '`{ erased: { …rows by table } }`',
  CLEAN_UP_CONVERSATIONS: '`{ deleted }`',
  BACK_UP: '`{ name, sizeBytes, verified }`',
  CLEAN_UP_FILES: '`{ uploads, archived, removed, orphans }`',
  SEND_ALERT: '`{ sent }`, false where no receiver is set any more',
};

/** The description of `Job.result`: a line of Markdown for each kind. */
export const RESULTS_BY_KIND = [
  'What the job made, in numbers, by its kind; null for kinds that are not listed, and until the job has SUCCEEDED.',
  ...Object.entries(RESULTS).map(([kind, result]) => `- ${kind}: ${result}.`),
].join('\n');
