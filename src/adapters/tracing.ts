import type { Attributes, Context, Span } from '@opentelemetry/api';

/** Where spans are sent, and for which share of traces, from 0 to 1, if no caller has decided that. */
export type TracingConfig = { endpoint: string; share: number };

type Api = typeof import('@opentelemetry/api');

/** Null until `startTracing` is called, and until then nothing here costs anything: not even the loading of the library. */
let api: Api | null = null;

/**
 * Sends this process's spans to an OpenTelemetry collector, by OTLP over HTTP, in batches; spans that cannot be sent are dropped. Returns
 * a function that stops it, after sending what is left.
 */
export async function startTracing({ endpoint, share }: TracingConfig, version: string): Promise<() => Promise<void>> {
  const [loaded, sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }, core] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new sdk.TracerProvider({
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    resource: resourceFromAttributes({ 'service.name': 'parley', 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  loaded.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  loaded.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  loaded.trace.setGlobalTracerProvider(provider);
  api = loaded;
  return async () => {
    api = null;
    await provider.shutdown().catch(() => {});
  };
}

/** Whether spans are sent. */
export const isTracing = (): boolean => api !== null;

/** Runs `work` in a span: as a child of `parent`, the `traceparent` header of the caller, or of the current span. */
export function inSpan<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
  parent?: string | null,
): Promise<Result> {
  if (!api) return work();
  const { context, propagation, ROOT_CONTEXT, SpanStatusCode } = api;
  const above = parent ? propagation.extract(ROOT_CONTEXT, { traceparent: parent }) : context.active();
  return tracerOf(api).startActiveSpan(name, { attributes }, above, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error, SpanStatusCode);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The current context, to record at its end what began there. */
export const placeOfSpan = (): Context | null => api?.context.active() ?? null;

/** Records a span that began at `place` and ends now. Does nothing if it began before tracing did. */
export function recordSpan(
  name: string,
  attributes: Attributes,
  { place, durationMs, error }: { place: Context | null; durationMs: number; error: unknown },
): void {
  if (!api || !place || !api.trace.getSpan(place)) return;
  const span = tracerOf(api).startSpan(name, { attributes, startTime: Date.now() - durationMs }, place);
  if (error) fail(span, error, api.SpanStatusCode);
  span.end();
}

/** The current span as a `traceparent` header, for work that continues elsewhere. */
export function currentTraceParent(): string | undefined {
  if (!api) return undefined;
  const carrier: { traceparent?: string } = {};
  api.propagation.inject(api.context.active(), carrier);
  return carrier.traceparent;
}

const tracerOf = ({ trace }: Api) => trace.getTracer('parley');

/** Only by its kind: messages and stacks may contain user data. */
function fail(span: Span, error: unknown, { ERROR }: Api['SpanStatusCode']): void {
  const { code, name } = error as { code?: unknown; name?: unknown };
  span.setAttribute('error.type', String(code ?? name ?? 'error'));
  span.setStatus({ code: ERROR });
}
