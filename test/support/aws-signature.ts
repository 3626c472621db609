import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A pair of keys, as the settings have it. */
export type Keys = { accessKeyId: string; secretAccessKey: string };

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, data: string) => createHmac('sha256', key).update(data).digest();

/** Says why a request is not signed well (AWS Signature Version 4, in headers or in the query), null where it is. */
export function findSignatureFault(request: IncomingMessage, body: Uint8Array, keys: Keys, now: Date): string | null {
  const url = new URL(request.url ?? '', 'http://localhost');
  const presigned = url.searchParams.get('X-Amz-Signature');
  const given = presigned ? readQuery(url.searchParams) : readHeader(request.headers.authorization ?? '');
  if (!given) return 'AccessDenied';
  const [accessKeyId, day = '', region = '', service = ''] = given.credential.split('/');
  if (accessKeyId !== keys.accessKeyId) return 'InvalidAccessKeyId';
  const time = presigned ? (url.searchParams.get('X-Amz-Date') ?? '') : String(request.headers['x-amz-date']);
  if (presigned && now.getTime() > parseTime(time) + 1_000 * Number(url.searchParams.get('X-Amz-Expires')))
    return 'AccessDenied';
  const payload = presigned ? 'UNSIGNED-PAYLOAD' : String(request.headers['x-amz-content-sha256']);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map((pair) => pair.map(encode).join('='))
      .sort()
      .join('&'),
    ...given.headers.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    given.headers.join(';'),
    payload,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  return hmac(key, text).toString('hex') === given.signature ? null : 'SignatureDoesNotMatch';
}

type Given = { credential: string; headers: string[]; signature: string };

function readQuery(query: URLSearchParams): Given {
  const read = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  return {
    credential: read('Credential'),
    headers: read('SignedHeaders').split(';'),
    signature: read('Signature'),
  };
}

function readHeader(header: string): Given | null {
  const [, credential, headers, signature] =
    /^AWS4-HMAC-SHA256 Credential=(.+?), ?SignedHeaders=(.+?), ?Signature=([0-9a-f]{64})$/.exec(header) ?? [];
  return credential && headers && signature ? { credential, headers: headers.split(';'), signature } : null;
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Reads a time as 20260101T120000Z. */
const parseTime = (text: string) =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
