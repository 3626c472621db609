import type { Services } from '#domain/core/deps.ts';
import { describeChange, WELL } from './alert.ts';
import type { Finding } from './damper.ts';
import { sendUntilTaken } from './send-until-taken.ts';

/** Lets one process tell, of those that can agree without the database: resolves to false where another does. */
export type ClaimOutage = () => Promise<boolean>;

/** Tells past the database that it is away, which no job can. */
export type OutageAlert = {
  /** Begins to tell, once, until it is told or over. */
  begin(finding: Finding): void;
  /** Returns what it has begun to tell, and not ended. */
  told(): Finding | null;
  /** Stops telling it. */
  end(): void;
};

/** Within this time, processes that cannot agree send under one id. */
const SAME_ID_MS = 300_000;

/** Creates what tells of outages of the database. */
export function createOutageAlert(services: Services, claim: ClaimOutage): OutageAlert {
  let outage: { finding: Finding; over: AbortController } | null = null;
  return {
    begin(finding) {
      if (outage) return;
      const over = new AbortController();
      outage = { finding, over };
      void tell(services, finding, claim, over.signal);
    },
    told: () => outage?.finding ?? null,
    end() {
      outage?.over.abort();
      outage = null;
    },
  };
}

async function tell(services: Services, finding: Finding, claim: ClaimOutage, signal: AbortSignal): Promise<void> {
  if (!(await claim())) return;
  const id = `${finding.component}-${Math.round(finding.since.getTime() / SAME_ID_MS)}`;
  await sendUntilTaken(
    services,
    { id, alert: describeChange(finding.component, WELL, finding, services.now()) },
    signal,
  );
}
