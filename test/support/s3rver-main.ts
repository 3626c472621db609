import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';

// Runs s3rver with a bucket in a directory, at a port. It lacks three operations on multipart uploads; they are answered here, from
// the files that it makes. It signs buckets and long queries otherwise than AWS does, so signatures are not compared:
// test/support/s3-server.ts does that.

const [directory = '', bucket = '', port = '0'] = process.argv.slice(2);
const uploads = join(directory, bucket, '._S3rver_uploads');

const xml = (root: string, items: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><${root}><IsTruncated>false</IsTruncated>${items.join('')}</${root}>`;

const dateOf = (path: string) => statSync(path).mtime.toISOString();

/** Those that were begun: a part that comes late for an aborted one makes its directory again. */
function listUploads(prefix: string): string {
  const ids = existsSync(uploads) ? readdirSync(uploads).filter((id) => existsSync(join(uploads, id, 'key'))) : [];
  const items = ids.map((id) => {
    const path = join(uploads, id, 'key');
    return { key: readFileSync(path, 'utf8'), id, begunAt: dateOf(path) };
  });
  return xml(
    'ListMultipartUploadsResult',
    items
      .filter(({ key }) => key.startsWith(prefix))
      .map(
        ({ key, id, begunAt }) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begunAt}</Initiated></Upload>`,
      ),
  );
}

/** Those that are whole: a part gets its MD5 when all of it is there. */
function listParts(id: string): string {
  const numbers = readdirSync(join(uploads, id)).flatMap((name) => /^(\d+)\.md5$/.exec(name)?.slice(1) ?? []);
  const parts = numbers
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => {
      const path = join(uploads, id, number);
      const etag = readFileSync(`${path}.md5`, 'utf8');
      return `<Part><PartNumber>${number}</PartNumber><Size>${statSync(path).size}</Size><ETag>"${etag}"</ETag><LastModified>${dateOf(path)}</LastModified></Part>`;
    });
  return xml('ListPartsResult', parts);
}

const server = new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  directory,
  silent: true,
  allowMismatchedSignatures: true,
  configureBuckets: [{ name: bucket }],
});

server.middleware.unshift(async (context, next) => {
  const { method, query } = context;
  const { uploads: all, uploadId, prefix = '' } = query;
  if (method === 'GET' && all !== undefined) Object.assign(context, { type: 'xml', body: listUploads(prefix) });
  else if (uploadId === undefined || !['GET', 'DELETE', 'POST'].includes(method)) await next();
  else if (!existsSync(join(uploads, uploadId)))
    Object.assign(context, { status: 404, type: 'xml', body: '<Error><Code>NoSuchUpload</Code></Error>' });
  else if (method === 'POST') await next();
  else if (method === 'GET') Object.assign(context, { type: 'xml', body: listParts(uploadId) });
  else {
    rmSync(join(uploads, uploadId), { recursive: true });
    context.status = 204;
  }
});

await server.run();
process.stdout.write('listens\n');
