import { JobKind } from '#generated/prisma/enums.ts';
import type { JobKindDefinition } from './job-kind.ts';

/** Every kind of the enum JobKind, from the file of src/worker/kinds that is named after it: RENDER_CLIP is in render-clip.ts. */
export const JOB_KINDS = Object.fromEntries(
  await Promise.all(Object.values(JobKind).map(async (kind) => [kind, await definitionOf(kind)] as const)),
) as Record<JobKind, JobKindDefinition>;

async function definitionOf(kind: JobKind): Promise<JobKindDefinition> {
  const file = kind.toLowerCase().replaceAll('_', '-');
  const { default: definition } = (await import(`./kinds/${file}.ts`)) as { default: JobKindDefinition };
  if (definition.kind !== kind) throw new Error(`src/worker/kinds/${file}.ts defines ${definition.kind}, not ${kind}.`);
  return definition;
}
