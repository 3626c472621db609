/** Failures of the endpoint itself, which affect every request, and may be over at the next one. */
const OUTAGES = ['unreachable', 'idle timeout', 'rate limited', 'server error', 'incomplete response'] as const;

/** Failures that may be due to one request, but may not recur when it is retried. */
const RETRYABLE = [
  ...OUTAGES,
  'deadline exceeded',
  'unexplained error',
  'malformed response',
  'empty response',
  'unopened thought',
  'circuit open',
] as const;

/** Failures that recur until somebody changes the request, the configuration or the account. */
type PermanentFailure =
  | 'unauthorized'
  | 'model not found'
  | 'bad request'
  | 'context too long'
  | 'quota exhausted'
  | 'content filtered'
  | 'output limit reached'
  | 'endless response';

/** The ways in which an endpoint can fail. */
export type EndpointFailure = (typeof RETRYABLE)[number] | PermanentFailure;

/** A model's endpoint failed. The message is for the log, and contains no secrets. */
export class EndpointFailed extends Error {
  override name = 'EndpointFailed';
  readonly failure: EndpointFailure;
  /** The pause that the endpoint asks for. */
  readonly retryAfterMs: number | null;
  /** For the log. */
  readonly details: Record<string, unknown>;

  constructor(
    failure: EndpointFailure,
    { retryAfterMs = null, ...details }: { retryAfterMs?: number | null; [detail: string]: unknown } = {},
  ) {
    super(`The endpoint failed: ${failure}.`);
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
    this.details = details;
  }

  /** Whether the same request may succeed when it is retried. */
  get retryable(): boolean {
    return isOneOf(RETRYABLE, this.failure);
  }

  /** Whether any other request would have failed, too. */
  get isOutage(): boolean {
    return isOneOf(OUTAGES, this.failure);
  }

  /** Whether it may nevertheless be due to the request: an error inside the server, such as a template that breaks. */
  get mayBeDueToRequest(): boolean {
    return this.failure === 'server error' && !GATEWAY_STATUSES.includes(Number(this.details.status));
  }
}

/** Statuses of proxies and overloaded servers, which do not depend on the request. */
const GATEWAY_STATUSES = [502, 503, 504, 529];

const isOneOf = (failures: readonly EndpointFailure[], failure: EndpointFailure) => failures.includes(failure);
