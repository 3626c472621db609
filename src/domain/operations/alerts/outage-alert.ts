import type { Services } from '#domain/core/deps.ts';
import { describeChange, WELL } from './alert.ts';
import type { Finding } from './damper.ts';
import { sendUntilTaken } from './send-until-taken.ts';

/** Elects one of the processes to report an outage, without the database; resolves to false if another one does. */
export type ClaimOutage = () => Promise<boolean>;

/** Reports an outage of the database from this process, because no job can. */
export type OutageAlert = {
  /** Starts reporting, once, until the alert is delivered or the outage is over. */
  begin(finding: Finding): void;
  /** Returns the outage that is being or was reported, until `end`. */
  told(): Finding | null;
  /** Stops reporting it. */
  end(): void;
};

/** Processes that cannot coordinate use the same id for an outage within this time. */
const SAME_ID_MS = 300_000;

/** Creates the reporter of database outages. */
export function createOutageAlert(services: Services, claim: ClaimOutage): OutageAlert {
  let outage: { finding: Finding; over: AbortController } | null = null;
  return {
    begin(finding) {
      if (outage) return;
      const over = new AbortController();
      outage = { finding, over };
      void report(services, finding, claim, over.signal);
    },
    told: () => outage?.finding ?? null,
    end() {
      outage?.over.abort();
      outage = null;
    },
  };
}

async function report(services: Services, finding: Finding, claim: ClaimOutage, signal: AbortSignal): Promise<void> {
  if (!(await claim())) return;
  const id = `${finding.component}-${Math.round(finding.since.getTime() / SAME_ID_MS)}`;
  await sendUntilTaken(
    services,
    { id, alert: describeChange(finding.component, WELL, finding, services.now()) },
    signal,
  );
}
