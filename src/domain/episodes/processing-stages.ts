import type { RunningJob } from '#domain/jobs/running-job.ts';

/**
 * How long each stage takes against the others, by estimate: an hour of conversation, and a transcriber that hears twenty times as
 * fast as people speak.
 */
const SHARES = { checking: 14, listening: 12, transcribing: 76, waveform: 2, reading: 1, scoring: 6, saving: 1 };

/** A stage of the processing of an episode. */
export type Stage = keyof typeof SHARES;

/** Shows people how far a job is. */
export type Stages = {
  /** Begins the next stage. */
  begin(stage: Stage, message: string): void;
  /** Tells how far it is, 0 to 1, in other words where they are given. */
  progress(fraction: number, message?: string): void;
};

/** Returns what reports the progress of a job through the stages that it will have. */
export function createStages(job: RunningJob, planned: readonly Stage[]): Stages {
  const whole = planned.reduce((sum, stage) => sum + SHARES[stage], 0);
  let current: { stage: Stage; message: string } = { stage: planned[0] ?? 'saving', message: '' };
  const startOf = (stage: Stage) =>
    planned.slice(0, planned.indexOf(stage)).reduce((sum, before) => sum + SHARES[before], 0);
  const report = (fraction: number) => {
    const { stage, message } = current;
    job.reportProgress({ fraction: (startOf(stage) + SHARES[stage] * fraction) / whole, stage, message });
  };
  return {
    begin(stage, message) {
      current = { stage, message };
      report(0);
    },
    progress(fraction, message = current.message) {
      current = { ...current, message };
      report(fraction);
    },
  };
}
