import type { JobKind as Kind } from '#generated/prisma/enums.ts';
import { builder } from './builder.ts';

export const JobKind = builder.enumType('JobKind', {
  description: 'The kind of a job.',
  values: {
    PROCESS_EPISODE: {
      description:
        'Finds the chapters and the best clips in the transcript of an episode. For a recording, it first checks the file, renders the waveform and, if there is no transcript yet, transcribes the speech.',
    },
    GENERATE_REPLY: { description: 'Writes the reply to a message.' },
    EXTRACT_MEMORIES: {
      description:
        "Extracts memories from a user's message, ends those that it revokes, and deletes those that it asks to forget.",
    },
    EMBED_MEMORIES: { description: 'Computes embeddings of memories for semantic search.' },
    IMPORT_CONVERSATIONS: {
      description:
        'Imports conversations from a file uploaded to `POST /conversations`. If the job is cancelled or fails, those already imported remain, and `retryJob` continues with the others.',
    },
    IMPORT_LEADS: {
      description:
        'Imports leads from a file uploaded to `POST /leads/imports`. If the job is cancelled or fails, those already imported remain, and `retryJob` continues with the others.',
    },
    CALL_LEAD: {
      description:
        'Dials a call to a lead. It succeeds once the provider has been instructed to call; the Call has the further course. It is not retried: use `callLead` for another call.',
    },
    CLEAN_UP_FILES: {
      description:
        'Deletes unused files: uploads not continued for a day, media of episodes archived long ago, and leftovers of crashed processes.',
    },
    RENDER_CLIP: { description: 'Renders the media file of a clip.' },
    TITLE_CONVERSATION: { description: 'Generates the title of a conversation with the model, after its first reply.' },
    CLEAN_UP_CONVERSATIONS: { description: 'Deletes old conversations of all users; see `cleanUpConversations`.' },
    ERASE_USER: { description: 'Deletes a user with all of their data.' },
    EXPORT_USER_DATA: {
      description: 'Writes everything that is stored about a user into a file; see `exportUserData`.',
    },
    SEND_ALERT: { description: 'Notifies the alert receiver of a problem of the server, or of its resolution.' },
    BACK_UP: { description: 'Creates a backup of the database, and verifies that it can be restored.' },
    RUN_CAMPAIGN: {
      description:
        'Calls the leads of a campaign. It is RUNNING while the campaign is running or paused; cancelling it cancels the campaign.',
    },
  },
});

/** What `Job.result` has of a kind of job; kinds that have none are left out. */
const RESULTS: Partial<Record<Kind, string>> = {
  PROCESS_EPISODE:
    '`{ clips, transcription: { transcriber, caveat, pieces, failedPieces, removed } }`, `transcription` only if the recording was transcribed',
  RENDER_CLIP: '`{ durationSeconds, width, height, loudnessLufs, truePeakDb, bytes, warnings }`',
  EXTRACT_MEMORIES: '`{ saved, merged, forgotten }`',
  EMBED_MEMORIES: '`{ embedded }`, if the job covered all memories',
  IMPORT_CONVERSATIONS:
    '`{ found, conversations, messages, alreadyThere, notImported, problems: [{ index, title, reason }], passedOver: [{ what, count, names }] }`',
  IMPORT_LEADS:
    '`{ rows, created, updated, merged, unchanged, refused, errorCount, errors: [{ row, field, message }], ignoredColumns }`, with the first 1,000 `errors`',
  RUN_CAMPAIGN: '`{ reached, notReached, blocked, meetingsBooked }`',
  ERASE_USER: '`{ erased: { …rows by table } }`',
  EXPORT_USER_DATA:
    '`{ url, sizeBytes, expiresAt, rows: { …rows by table } }`; the file is at `url` until `expiresAt`, for the API keys of whoever requested it',
  CLEAN_UP_CONVERSATIONS: '`{ deleted }`',
  BACK_UP: '`{ name, sizeBytes, verified }`',
  CLEAN_UP_FILES: '`{ uploads, archived, removed, orphans }`',
  SEND_ALERT: '`{ sent }`, false if no alert receiver is configured any more',
};

/** The description of `Job.result`: a line of Markdown for each kind. */
export const RESULTS_BY_KIND = [
  'The result of the job, an object whose fields depend on `kind`. Null for kinds that are not listed, and until the job has SUCCEEDED.',
  ...Object.entries(RESULTS).map(([kind, result]) => `- ${kind}: ${result}.`),
].join('\n');
