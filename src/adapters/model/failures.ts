/** What goes wrong with an endpoint and may go right the next time, */
const PASSING = [
  'unreachable',
  'silent',
  'endless',
  'busy',
  'failing',
  'unreadable',
  'wordless',
  'broken off',
  'resting',
] as const;
/** and what will not, before somebody changes something. */
type Lasting = 'forbidden' | 'unknown' | 'refused' | 'spent' | 'filtered' | 'too short';

export type EndpointFailure = (typeof PASSING)[number] | Lasting;

/** A model's endpoint did not do what it was asked for. The message is for the log, and tells no secret. */
export class EndpointFailed extends Error {
  override name = 'EndpointFailed';
  readonly failure: EndpointFailure;
  /** How long the endpoint asks to be left alone. */
  readonly retryAfterMs: number | null;
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

  get passing(): boolean {
    return (PASSING as readonly string[]).includes(this.failure);
  }
}
