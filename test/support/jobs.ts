import type { Client } from './client.ts';

const JOB = `subscription ($id: ID!) { jobProgress(jobId: $id) { status stage message attempt result error { code message } } }`;

/** Follows a job until it has ended, and returns it as it is then. */
export async function followToEnd(client: Client, id: string): Promise<Record<string, unknown>> {
  let latest: Record<string, unknown> = {};
  for await (const { data, errors } of client.follow(JOB, { id })) {
    if (errors) throw new Error(JSON.stringify(errors));
    latest = data.jobProgress;
  }
  return latest;
}
