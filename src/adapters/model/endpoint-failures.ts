/** What is wrong with the endpoint itself, whoever asks it, and may be right the next time. */
const OUTAGES = ['unreachable', 'idle timeout', 'rate limited', 'server error', 'incomplete response'] as const;

/** What may be due to one request, and go right the next time all the same. */
const RETRYABLE = [
  ...OUTAGES,
  'deadline exceeded',
  'unexplained error',
  'malformed response',
  'empty response',
  'unopened thought',
  'circuit open',
] as const;

/** What goes wrong again until somebody changes the request, the configuration or the account. */
type PermanentFailure =
  | 'unauthorized'
  | 'model not found'
  | 'bad request'
  | 'context too long'
  | 'quota exhausted'
  | 'content filtered'
  | 'output limit reached'
  | 'endless response';

/** How an endpoint can fail. */
export type EndpointFailure = (typeof RETRYABLE)[number] | PermanentFailure;

/** A model's endpoint did not do what it was asked for. The message is for the log, and holds no secret. */
export class EndpointFailed extends Error {
  override name = 'EndpointFailed';
  readonly failure: EndpointFailure;
  /** How long the endpoint asks to be left alone. */
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

  /** Whether the same request may succeed the next time. */
  get retryable(): boolean {
    return isOneOf(RETRYABLE, this.failure);
  }

  /** Whether any other request would have failed, too. */
  get isOutage(): boolean {
    return isOneOf(OUTAGES, this.failure);
  }

  /** Whether the request may have been the reason all the same: an error inside the server, as a template that breaks. */
  get mayBeDueToRequest(): boolean {
    return this.failure === 'server error' && !GATEWAY_STATUSES.includes(Number(this.details.status));
  }
}

/** What a proxy, or a server that is overloaded, answers to whatever request. */
const GATEWAY_STATUSES = [502, 503, 504, 529];

const isOneOf = (failures: readonly EndpointFailure[], failure: EndpointFailure) => failures.includes(failure);
