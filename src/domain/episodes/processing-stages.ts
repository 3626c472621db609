import type { RunningJob } from '#domain/jobs/running-job.ts';

/**
 * Seconds that each stage takes for an hour of speech, as `node bench/long-recording.ts` measures them on a busy core: the sixth part of
 * six hours. Transcribing has ten of its own, and what a transcriber takes that hears twenty times as fast as people speak.
 */
const SHARES = {
  checking: 20,
  listening: 0.7,
  waveform: 0.2,
  transcribing: 190,
  reading: 0.1,
  scoring: 1.2,
  saving: 0.4,
};

/** A stage of the processing of an episode. */
export type Stage = keyof typeof SHARES;

/**
 * Returns the share of a stage among those of a job; where its recording was checked by an earlier one, it is decoded again to be listened
 * to.
 */
const shareOf = (stage: Stage, planned: readonly Stage[]): number =>
  stage === 'listening' && !planned.includes('checking') ? SHARES.checking + SHARES.listening : SHARES[stage];

/** Reports the progress of a job. */
export type Stages = {
  /** Begins the next stage. */
  begin(stage: Stage, message: string): void;
  /** Reports how much of the stage is done, 0 to 1, with another message if one is given. */
  progress(fraction: number, message?: string): void;
};

/** Creates the progress report of a job with the stages that it will have. */
export function createStages(job: RunningJob, planned: readonly Stage[]): Stages {
  const whole = planned.reduce((sum, stage) => sum + shareOf(stage, planned), 0);
  let current: { stage: Stage; message: string } = { stage: planned[0] ?? 'saving', message: '' };
  const startOf = (stage: Stage) =>
    planned.slice(0, planned.indexOf(stage)).reduce((sum, before) => sum + shareOf(before, planned), 0);
  const report = (fraction: number) => {
    const { stage, message } = current;
    job.reportProgress({ fraction: (startOf(stage) + shareOf(stage, planned) * fraction) / whole, stage, message });
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
