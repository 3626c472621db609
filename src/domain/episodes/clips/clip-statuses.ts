import type { Clip } from '#generated/prisma/client.ts';
import type { ClipStatus } from '#generated/prisma/enums.ts';

/** What a user can decide about a clip; the other statuses are for whoever renders it. */
export const DECISIONS = ['SUGGESTED', 'APPROVED', 'REJECTED', 'PUBLISHED'] as const satisfies ClipStatus[];

/** Statuses in which the edges of a clip may still be moved: it is not decided against, not out, and has no file. */
export const TRIMMABLE = ['SUGGESTED', 'APPROVED'] as const satisfies ClipStatus[];

/** Decisions that stay when the clip is rendered: nobody has said anything else. */
export const KEPT_DECISIONS = ['APPROVED', 'PUBLISHED'] as const satisfies ClipStatus[];

/** What a user can make of a clip in each status. One that is published goes back by being taken down first. */
export const NEXT_DECISIONS: Record<ClipStatus, readonly ClipStatus[]> = {
  SUGGESTED: ['APPROVED', 'REJECTED', 'PUBLISHED'],
  APPROVED: ['SUGGESTED', 'REJECTED', 'PUBLISHED'],
  REJECTED: ['SUGGESTED', 'APPROVED'],
  PUBLISHED: ['APPROVED'],
  RENDERING: [],
  READY: ['APPROVED', 'REJECTED', 'PUBLISHED'],
  FAILED: ['SUGGESTED', 'APPROVED', 'REJECTED'],
};

/** Whether its owner has made, changed or decided about a clip, so that no other suggestion replaces it. */
export const isEdited = ({ status, trimmedAt, titleEditedAt, createdByUser }: Edits) =>
  status !== 'SUGGESTED' || trimmedAt !== null || titleEditedAt !== null || createdByUser;

type Edits = Pick<Clip, 'status' | 'trimmedAt' | 'titleEditedAt' | 'createdByUser'>;
