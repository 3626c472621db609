import { execFile } from 'node:child_process';
import { cpSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { findTypeErrors, isOfKubernetes, type Manifest } from './kubernetes-types.ts';
import { manifestSchema } from './manifest-schemas.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const readManifests = (name: string): any[] =>
  parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => document.toJS());

const run = promisify(execFile);
const cleanup = useCleanup();
const manifests = files.flatMap(readManifests);
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const podSpecs = manifests.flatMap(({ kind, spec }) => (kind === 'Pod' ? spec : (spec?.template?.spec ?? [])));
const MI = 2 ** 20;

describe('the manifests', () => {
  it.each(files)('have the fields that Kubernetes knows, where it knows them: %s', (name) => {
    for (const manifest of readManifests(name)) {
      const { success, error } = manifestSchema.safeParse(manifest);
      expect(success, `${manifest.kind} ${manifest.metadata.name}: ${error?.message}`).toBe(true);
    }
  });

  it('refuse a field in the wrong place', () => {
    const [service] = ofKind('Service');
    expect(manifestSchema.safeParse({ ...service, ports: service.spec.ports }).success).toBe(false);
    expect(manifestSchema.safeParse({ ...service, apiVersion: 'v2' }).success).toBe(false);
  });

  it('are taken by the API of Kubernetes, by the types and checks that are made from its OpenAPI', async () => {
    expect(manifests.filter(isOfKubernetes).length).toBeGreaterThan(10);
    expect(findTypeErrors(manifests)).toEqual([]);
    for (const manifest of manifests.filter(isOfKubernetes)) {
      const { [manifest.kind]: Model } = await import(`kubernetes-models/${manifest.apiVersion}`);
      expect(() => new Model(manifest).validate(), `${manifest.kind} ${manifest.metadata.name}`).not.toThrow();
    }
  }, 180_000);

  it('would be refused by these with a field that is misspelt, missing, or of another type', () => {
    const change = (edit: (spec: any) => void): Manifest => {
      const deployment = structuredClone(ofKind('Deployment')[0]);
      edit(deployment.spec);
      return deployment;
    };
    const misspelt = change(({ template }) => Object.assign(template.spec.containers[0], { volumeMount: [] }));
    const missing = change((spec) => delete spec.selector);
    const ofAnotherType = change(({ strategy }) => Object.assign(strategy.rollingUpdate, { maxSurge: true }));
    expect(findTypeErrors([misspelt, missing, ofAnotherType])).toEqual([
      expect.stringContaining('volumeMount'),
      expect.stringContaining('selector'),
      expect.stringContaining('IIntOrString'),
    ]);
  }, 180_000);

  it('run one image, as one user, all of them', () => {
    expect(podSpecs.length).toBeGreaterThan(3);
    expect(new Set(podSpecs.map(({ containers }) => containers[0].image)).size).toBe(1);
    expect(new Set(podSpecs.map(({ securityContext }) => JSON.stringify(securityContext))).size).toBe(1);
  });

  it('name things that there are', () => {
    const [ingress] = ofKind('Ingress');
    const [service] = ofKind('Service');
    const { backend } = ingress.spec.rules[0].http.paths[0];
    expect([backend.service.name, backend.service.port.name]).toEqual([
      service.metadata.name,
      service.spec.ports[0].name,
    ]);
    const claims = ofKind('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    const claimed = podSpecs.flatMap(({ volumes }) =>
      volumes.flatMap((each: any) => each.persistentVolumeClaim?.claimName ?? []),
    );
    expect([...new Set(claimed)].sort()).toEqual(claims.sort());
  });

  it('let processes have the memory that all their parts may take at once', () => {
    const threads = globSync('src/domain/**/*.ts', { cwd: ROOT }).flatMap((file) =>
      [...read(file).matchAll(/ThreadFile<\w+> = \{[^}]*size: (\d+),\s+heapMb: (\d+)/g)].map(
        ([, size, heapMb]) => Number(size) * Number(heapMb),
      ),
    );
    expect(threads.length).toBeGreaterThan(5);
    const programs = ['src/domain/episodes/media/renders/render.ts', 'src/adapters/ffmpeg/ffmpeg.ts'].map((file) =>
      Number(/const MEMORY_BYTES = ([\d_]+);/.exec(read(file))?.[1]?.replaceAll('_', '')),
    );
    const sum = (all: number[]) => all.reduce((total, each) => total + each, 0);
    const own = 512;
    const limitOf = (role: string) => {
      const { spec } = manifests.find(({ metadata }) => metadata.name === `parley-${role}`);
      return parseInt(spec.template.spec.containers[0].resources.limits.memory, 10) * 1024;
    };
    expect(limitOf('worker')).toBeGreaterThan(own + sum(threads) + sum(programs) / MI);
    const imports = 2 * 1024;
    const [answers, sockets] = [320, 480];
    expect(limitOf('server')).toBeGreaterThan(own + sum(threads) - imports + answers + sockets);
  });
});

describe('the upgrade', () => {
  /** Runs it with a kubectl that writes down how it is called, and whose Job does as `state` says. */
  async function upgrade(state: 'complete' | 'failed' | 'neither', waitsFor = '') {
    const directory = createDirectory(cleanup);
    cpSync(join(FOLDER, 'upgrade'), join(directory, 'upgrade'));
    const kubectl = `#!/bin/sh
echo "$*" >> ${directory}/calls
case "$*" in
  create*) echo job.batch/parley-migrate-x ;;
  *condition=${state}*) [ "$(grep -c condition ${directory}/calls)" -gt 3 ] ;;
  *condition=*) exit 1 ;;
  get\\ pods*) echo "${waitsFor}" ;;
esac\n`;
    writeFileSync(join(directory, 'kubectl'), kubectl, { mode: 0o755 });
    writeFileSync(join(directory, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
    const env = { PATH: `${directory}:${process.env.PATH}` };
    const outcome = await run(join(directory, 'upgrade'), { env }).catch((error) => error);
    const calls = readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');
    return { outcome, calls: calls.filter((call) => !/^(wait|get) /.test(call)) };
  }

  it('starts new processes once the migrations are applied', async () => {
    const { calls } = await upgrade('complete');
    expect(calls).toEqual([
      'create -f migrate.yaml -o name',
      'apply -f parley.yaml',
      'rollout status deployment/parley-server --timeout=15m',
      'rollout status deployment/parley-worker --timeout=15m',
    ]);
  });

  it('changes nothing, and says why, where the migrations fail', async () => {
    const { outcome, calls } = await upgrade('failed');
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('The migrations failed') });
    expect(calls).toEqual(['create -f migrate.yaml -o name', 'logs job.batch/parley-migrate-x']);
  });

  it('ends where the Job cannot start, as for want of its image', async () => {
    const { outcome, calls } = await upgrade('neither', 'ImagePullBackOff');
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot start (ImagePullBackOff)') });
    expect(calls).toEqual(['create -f migrate.yaml -o name', 'logs job.batch/parley-migrate-x']);
  });
});
