import type { Tasks } from '#adapters/threads/serve-tasks.ts';
import { ThreadLost } from '#adapters/threads/task-thread.ts';
import type { TaskOptions, ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from './deps.ts';
import { DomainError, Unavailable } from './errors.ts';

/**
 * Runs a task in a worker thread on behalf of the actor; users take turns. Throws DomainError (LIMIT_EXCEEDED) if it needs more memory
 * than a thread has, Unavailable if the process stops, the signal's reason, and what the task throws.
 */
export async function runInThread<Served extends Tasks, Name extends keyof Served & string>(
  { threads, actor }: Pick<Deps, 'threads' | 'actor'>,
  file: ThreadFile<Served>,
  name: Name,
  input: Parameters<Served[Name]>[0],
  options: Omit<TaskOptions, 'owner'> = {},
): Promise<Awaited<ReturnType<Served[Name]>>> {
  try {
    return await threads.run(file, name, input, { ...options, owner: actor.userId });
  } catch (error) {
    if (!(error instanceof ThreadLost)) throw error;
    if (!error.outOfMemory) throw new Unavailable();
    throw new DomainError(
      'LIMIT_EXCEEDED',
      'This takes more memory than is allowed; split the file and send its parts.',
    );
  }
}
