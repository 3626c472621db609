import type { Client } from './client.ts';
import { until } from './until.ts';

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

const JOB_NOW = `query ($id: ID!) { job(id: $id) { status progress stage message attempt result error { code message } } }`;
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/** The same by asking again and again: without Redis, a subscription sees what another process does within five seconds only. */
export async function pollToEnd(client: Client, id: string): Promise<any> {
  const { job } = await until(
    () => client.ask<any>(JOB_NOW, { id }),
    ({ job }) => ENDED.includes(job.status),
  );
  return job;
}
