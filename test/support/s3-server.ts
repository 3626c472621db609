import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { findSignatureFault, type Keys } from './aws-signature.ts';
import { freePort } from './free-port.ts';

/** One request, as it came: `operation` is the API's name for it, `key` is empty where it is about the bucket. */
export type S3Request = { operation: string; key: string; bytes: number; headers: IncomingMessage['headers'] };

/**
 * How a request is answered instead of well: with an error, with another text, late, by a connection that is cut before anything is done, or in the middle
 * of the request's body or of the answer, after so many bytes.
 */
export type S3Fault = { status: number; code?: string } | { xml: string } | { delayMs: number } | { cutAfter: number };

export type S3Server = {
  url: string;
  /** The settings of a process that has its files here. */
  env: Record<string, string>;
  requests: S3Request[];
  /** Objects by their keys, with what they hold. */
  objects: Map<string, Stored>;
  /** Uploads that are neither completed nor aborted. */
  uploads: Map<string, Upload>;
  /** What goes wrong from now on; null or undefined where nothing does. */
  fail(script: (request: Omit<S3Request, 'bytes'>) => S3Fault | null | undefined): void;
  /** Ends it with all its connections, and begins again at the same port. What it holds stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

type Stored = { bytes: Buffer; modifiedAt: Date; etag: string };
type Upload = { key: string; begunAt: Date; parts: Map<number, Stored> };

const BUCKET = 'recordings';
const KEYS: Keys = { accessKeyId: 'test-key-id', secretAccessKey: 'test-secret/with+signs' };
/** Bytes of a part but the last. */
const LEAST_PART = 5 * 2 ** 20;
/** Of a list, so that there are several pages. */
const PAGE = 100;

/** A store that speaks S3, as far as Parley does, and checks what it is sent as AWS would. Closed after the file's tests. */
export async function startS3(): Promise<S3Server> {
  const s3 = await openS3();
  afterAll(() => s3.stop());
  return s3;
}

/** The same, which whoever opens it stops. */
export async function openS3(): Promise<S3Server> {
  const state = { objects: new Map<string, Stored>(), uploads: new Map<string, Upload>() };
  const requests: S3Request[] = [];
  let script: Parameters<S3Server['fail']>[0] = () => null;
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const { socket } = request;
    const target = readTarget(request);
    const asked = { operation: target.operation, key: target.key, headers: request.headers };
    const fault = script(asked);
    const body = await readBody(request, fault && 'cutAfter' in fault ? fault.cutAfter : Number.POSITIVE_INFINITY);
    if (!body) return void socket.destroy();
    requests.push({ ...asked, bytes: body.length });
    if (fault && 'delayMs' in fault) await pause(fault.delayMs, null, { ref: false });
    if (fault && 'status' in fault) return sendError(response, fault.status, fault.code ?? 'InternalError');
    if (fault && 'xml' in fault) return send(request, response, xml('ListResult', fault.xml), null);
    const signature = findSignatureFault(request, body, KEYS, new Date());
    if (signature) return sendError(response, 403, signature);
    if (target.bucket !== BUCKET) return sendError(response, 404, 'NoSuchBucket');
    const answer = HANDLERS[target.operation]?.(state, target, body, request) ?? refuse(501, 'NotImplemented');
    const cutAfter = fault && 'cutAfter' in fault && request.method === 'GET' ? fault.cutAfter : null;
    send(request, response, answer, cutAfter);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await freePort();
  const start = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    ...state,
    url,
    env: {
      S3_ENDPOINT: url,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    },
    requests,
    fail(next) {
      script = next;
    },
    stop,
    start,
  };
}

type State = Pick<S3Server, 'objects' | 'uploads'>;
type Target = { operation: string; bucket: string; key: string; query: URLSearchParams };
type Answer = { status: number; body?: string | Buffer; headers?: Record<string, string> };

function readTarget({ url = '', method = '' }: IncomingMessage): Target {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/');
  const key = rest.join('/');
  return { operation: nameOperation(method, key, query), bucket, key, query };
}

function nameOperation(method: string, key: string, query: URLSearchParams): string {
  if (key === '')
    return query.has('uploads') ? 'ListMultipartUploads' : method === 'HEAD' ? 'HeadBucket' : 'ListObjectsV2';
  if (query.has('uploads')) return 'CreateMultipartUpload';
  const ofUpload = {
    PUT: 'UploadPart',
    GET: 'ListParts',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
  };
  const ofObject = { PUT: 'PutObject', GET: 'GetObject', DELETE: 'DeleteObject' };
  return (query.has('uploadId') ? ofUpload : ofObject)[method as 'GET'] ?? method;
}

/** Returns null where no more than so many bytes are to be read. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request) {
      pieces.push(piece);
      size += piece.length;
      if (size > maxBytes) return null;
    }
  } catch {
    return null;
  }
  return Buffer.concat(pieces);
}

const refuse = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

function sendError(response: ServerResponse, status: number, code: string): void {
  const { body, headers } = refuse(status, code);
  response.writeHead(status, headers).end(body);
}

function send({ method }: IncomingMessage, response: ServerResponse, answer: Answer, cutAfter: number | null): void {
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  if (cutAfter !== null && cutAfter < body.length)
    response.write(body.subarray(0, cutAfter), () => response.socket?.destroy());
  else response.end(method === 'HEAD' ? '' : body);
}

const store = (bytes: Buffer): Stored => ({
  bytes,
  modifiedAt: new Date(),
  etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
});

const xml = (root: string, inner: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`,
});

type Handler = (state: State, target: Target, body: Buffer, request: IncomingMessage) => Answer;

const HANDLERS: Record<string, Handler> = {
  HeadBucket: () => ({ status: 200 }),
  PutObject({ objects }, { key }, body) {
    const object = store(body);
    objects.set(key, object);
    return { status: 200, headers: { etag: object.etag } };
  },
  GetObject({ objects }, { key, query }, _body, { headers }) {
    const object = objects.get(key);
    return object ? describeObject(object, query, headers.range) : refuse(404, 'NoSuchKey');
  },
  DeleteObject({ objects }, { key }) {
    objects.delete(key);
    return { status: 204 };
  },
  ListObjectsV2({ objects }, { query }) {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const page = names.slice(0, PAGE);
    const contents = page.map((name) => {
      const { bytes, modifiedAt, etag } = objects.get(name) as Stored;
      return `<Contents><Key>${name}</Key><Size>${bytes.length}</Size><ETag>${etag}</ETag><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`;
    });
    const next = names.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return xml('ListBucketResult', `<IsTruncated>${next !== ''}</IsTruncated>${next}${contents.join('')}`);
  },
  CreateMultipartUpload({ uploads }, { key }) {
    const id = randomUUID();
    uploads.set(id, { key, begunAt: new Date(), parts: new Map() });
    return xml(
      'InitiateMultipartUploadResult',
      `<Bucket>${BUCKET}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId>`,
    );
  },
  UploadPart(state, target, body) {
    const upload = findUpload(state, target);
    if (!upload) return refuse(404, 'NoSuchUpload');
    const part = store(body);
    upload.parts.set(Number(target.query.get('partNumber')), part);
    return { status: 200, headers: { etag: part.etag } };
  },
  ListParts(state, target) {
    const upload = findUpload(state, target);
    if (!upload) return refuse(404, 'NoSuchUpload');
    const after = Number(target.query.get('part-number-marker') ?? 0);
    const all = [...upload.parts].sort(([a], [b]) => a - b).filter(([number]) => number > after);
    const page = all.slice(0, PAGE);
    const parts = page.map(
      ([number, { bytes, etag, modifiedAt }]) =>
        `<Part><PartNumber>${number}</PartNumber><Size>${bytes.length}</Size><ETag>${etag}</ETag><LastModified>${modifiedAt.toISOString()}</LastModified></Part>`,
    );
    // As stores do, with the last page too: of none it is 0.
    const next = `<NextPartNumberMarker>${page.at(-1)?.[0] ?? 0}</NextPartNumberMarker>`;
    return xml('ListPartsResult', `<IsTruncated>${all.length > PAGE}</IsTruncated>${next}${parts.join('')}`);
  },
  ListMultipartUploads({ uploads }, { query }) {
    const prefix = query.get('prefix') ?? '';
    const listed = [...uploads]
      .filter(([, { key }]) => key.startsWith(prefix))
      .map(
        ([id, { key, begunAt }]) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated></Upload>`,
      );
    return xml('ListMultipartUploadsResult', `<IsTruncated>false</IsTruncated>${listed.join('')}`);
  },
  CompleteMultipartUpload(state, target, body) {
    const upload = findUpload(state, target);
    if (!upload) return refuse(404, 'NoSuchUpload');
    const named = [...String(body).matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)<\/ETag>/.exec(part)?.[1]?.replaceAll('&quot;', '"'),
    }));
    const parts = named.map(({ number }) => upload.parts.get(number));
    if (parts.some((part, index) => !part || part.etag !== named[index]?.etag)) return refuse(400, 'InvalidPart');
    const whole = parts as Stored[];
    if (whole.slice(0, -1).some(({ bytes }) => bytes.length < LEAST_PART)) return refuse(400, 'EntityTooSmall');
    state.objects.set(target.key, store(Buffer.concat(whole.map(({ bytes }) => bytes))));
    state.uploads.delete(target.query.get('uploadId') ?? '');
    return xml('CompleteMultipartUploadResult', `<Key>${target.key}</Key>`);
  },
  AbortMultipartUpload(state, target) {
    if (!findUpload(state, target)) return refuse(404, 'NoSuchUpload');
    state.uploads.delete(target.query.get('uploadId') ?? '');
    return { status: 204 };
  },
};

function findUpload({ uploads }: State, { key, query }: Target): Upload | null {
  const upload = uploads.get(query.get('uploadId') ?? '');
  return upload?.key === key ? upload : null;
}

function describeObject(
  { bytes, etag, modifiedAt }: Stored,
  query: URLSearchParams,
  range: string | undefined,
): Answer {
  const named = ['content-type', 'content-disposition', 'cache-control'].flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value ? [[name, value]] : [];
  });
  const headers = {
    etag,
    'last-modified': modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
    ...Object.fromEntries(named),
  };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === '' && to === '') return { status: 200, headers, body: bytes };
  const start = from === '' ? bytes.length - Number(to) : Number(from);
  const end = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  if (start > end) return refuse(416, 'InvalidRange');
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end}/${bytes.length}` },
    body: bytes.subarray(start, end + 1),
  };
}
