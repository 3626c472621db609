/** What may go right the next time. */
const RETRYABLE = [
  'unreachable',
  'idle timeout',
  'deadline exceeded',
  'rate limited',
  'server error',
  'malformed response',
  'empty response',
  'incomplete response',
  'circuit open',
] as const;

/** What goes wrong again until somebody changes the request, the configuration or the account. */
type PermanentFailure =
  | 'unauthorized'
  | 'model not found'
  | 'bad request'
  | 'quota exhausted'
  | 'content filtered'
  | 'output limit reached';

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
    return (RETRYABLE as readonly string[]).includes(this.failure);
  }
}
