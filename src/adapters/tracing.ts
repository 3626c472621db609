import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** Where spans are sent, and of how many traces: a share from 0 to 1 of those that no caller has decided about. */
export type TracingConfig = { endpoint: string; share: number };

/** Until `startTracing` nothing here costs anything. */
let isOn = false;

/**
 * Sends what this process does to an OpenTelemetry collector, as spans by OTLP over HTTP, in batches; what cannot be sent is
 * dropped. Returns how to stop, which sends what is left.
 */
export async function startTracing({ endpoint, share }: TracingConfig, version: string): Promise<() => Promise<void>> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }, core] =
    await Promise.all([
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
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  isOn = true;
  return async () => {
    isOn = false;
    await provider.shutdown().catch(() => {});
  };
}

/** Whether spans are sent. */
export const isTracing = (): boolean => isOn;

/** Runs `work` in a span: below `parent`, a `traceparent` header of whoever asked for it, or below the span under way. */
export function inSpan<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
  parent?: string | null,
): Promise<Result> {
  if (!isOn) return work();
  const above = parent ? propagation.extract(ROOT_CONTEXT, { traceparent: parent }) : context.active();
  return tracer().startActiveSpan(name, { attributes }, above, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The place under way, to record at its end what began there. */
export const placeOfSpan = (): Context | null => (isOn ? context.active() : null);

/** Records what began at `place` and took until now. Nothing where it began before tracing did. */
export function recordSpan(
  name: string,
  attributes: Attributes,
  { place, durationMs, error }: { place: Context | null; durationMs: number; error: unknown },
): void {
  if (!place || !trace.getSpan(place)) return;
  const span = tracer().startSpan(name, { attributes, startTime: Date.now() - durationMs }, place);
  if (error) fail(span, error);
  span.end();
}

/** The span under way as a `traceparent` header names it, for what goes on elsewhere. */
export function currentTraceParent(): string | undefined {
  if (!isOn) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

const tracer = () => trace.getTracer('parley');

/** By its kind only: messages and stacks may have in them what users sent. */
function fail(span: Span, error: unknown): void {
  const { code, name } = error as { code?: unknown; name?: unknown };
  span.setAttribute('error.type', String(code ?? name ?? 'error'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
