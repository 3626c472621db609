import type { JobKind, JobPriority } from '#generated/prisma/enums.ts';
import type { Json, Subject } from './transaction.ts';

/** A job to be added to the queue. */
export type NewJob = {
  kind: JobKind;
  /** What it is about. */
  subject?: Subject;
  payload: Json;
  priority?: JobPriority | null | undefined;
};
