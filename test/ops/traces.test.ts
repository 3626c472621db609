import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { bearer, postGraphql } from '../support/http.ts';
import { readReply } from '../support/replies.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
  service: string;
};

/** An OpenTelemetry collector, as far as OTLP over HTTP goes. */
const spans: Span[] = [];
const collector = createServer(async (request, response) => {
  const body = (await json(request)) as any;
  for (const { resource, scopeSpans } of body.resourceSpans) {
    const service = resource.attributes.find(({ key }: any) => key === 'service.name').value.stringValue;
    for (const scope of scopeSpans) spans.push(...scope.spans.map((span: Span) => ({ ...span, service })));
  }
  response.setHeader('content-type', 'application/json').end('{}');
}).listen(0, '127.0.0.1');
await once(collector, 'listening');
afterAll(() => collector.close());

const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const { start } = useProcesses({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '100' } });

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = `00-${TRACE}-b7ad6b7169203331-01`;

/** The names from a span up to what the client named. */
function pathTo(span: Span | undefined): string[] {
  const above = spans.find(({ spanId, traceId }) => spanId === span?.parentSpanId && traceId === span?.traceId);
  return span ? [...pathTo(above), span.name] : [];
}

it('a trace goes from the client over the operation, its field and its statements, to the job in another process', async () => {
  const [server] = [await start('server'), await start('worker')];
  const ann = await server.user();
  const input = { content: 'My secret garden' };
  const query = 'mutation Say($input: SendMessageInput!) { sendMessage(input: $input) { reply { id } } }';
  const { json: answer } = await postGraphql(
    server.url,
    { query, variables: { input } },
    { ...bearer(ann.key), traceparent: CLIENT },
  );
  await readReply(ann, answer.data.sendMessage.reply.id);
  const ofTrace = () => spans.filter(({ traceId }) => traceId === TRACE);
  const named = (name: string) => ofTrace().find((span) => span.name === name);
  const field = 'mutation Say > Mutation.sendMessage';
  // Each process sends what it has when it comes to it: a span may come before the one that it is part of.
  await until(
    async () => ofTrace().map((span) => pathTo(span).join(' > ')),
    (paths) => [`${field} > sql`, `${field} > job GENERATE_REPLY > sql`].every((path) => paths.includes(path)),
  );
  expect(pathTo(named('job GENERATE_REPLY'))).toEqual(['mutation Say', 'Mutation.sendMessage', 'job GENERATE_REPLY']);
  expect(named('mutation Say')).toMatchObject({ parentSpanId: 'b7ad6b7169203331', service: 'parley' });
  const refused = await postGraphql(
    server.url,
    {
      query:
        'mutation Refused { saveMemory(input: { content: "My secret garden", conversationId: "secret garden" }) { memory { id } } }',
    },
    { ...bearer(ann.key), traceparent: CLIENT },
  );
  expect(refused.json.errors).toHaveLength(1);
  const failed = await until(
    async () => named('Mutation.saveMemory'),
    (span) => span !== undefined,
  );
  expect(failed?.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'BAD_USER_INPUT' } });
  expect(JSON.stringify(spans)).not.toContain('secret garden');
  expect(JSON.stringify(spans)).not.toContain(ann.key);
});

it('one that its client does not keep is not sent', async () => {
  const server = await start('server');
  const ann = await server.user();
  const trace = 'f'.repeat(32);
  const headers = { ...bearer(ann.key), traceparent: `00-${trace}-b7ad6b7169203331-00` };
  await postGraphql(server.url, { query: 'query Dropped { viewer { username } }' }, headers);
  await postGraphql(server.url, { query: 'query Kept { viewer { username } }' }, bearer(ann.key));
  await until(
    async () => spans.map(({ name }) => name),
    (names) => names.includes('query Kept'),
  );
  expect(spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
});
