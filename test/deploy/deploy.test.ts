import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY, fetchStatus } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { useParley } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readYaml = (file: string): any[] =>
  parseAllDocuments(read(file), { merge: true }).map((document) => document.toJS());

/** How long a process may take to stop: seconds (src/main.ts). */
const SHUTDOWN_SECONDS = 29;

const app = useParley();

describe('the files of deploy/', () => {
  const manifests = readYaml('deploy/kubernetes/parley.yaml');
  const containers = manifests.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
  const [compose] = readYaml('compose.yaml');

  it('name only settings that there are', () => {
    const configMap = manifests.find(({ kind }) => kind === 'ConfigMap').data;
    const units = ['server', 'worker'].map((role) => read(`deploy/systemd/parley-${role}@.service`)).join('\n');
    const names = [
      ...Object.keys(compose.services.server.environment),
      ...Object.keys(configMap),
      ...[...units.matchAll(/^Environment=(.+)$/gm)].flatMap(([, all = '']) =>
        all.split(' ').map((each) => each.split('=')[0]),
      ),
      ...[...read('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, all = '']) =>
        all.split(' ').map((each) => each.split('=')[0]),
      ),
    ];
    expect(names.length).toBeGreaterThan(12);
    const settings = new Set([...read('.env.example').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    expect(names.filter((name) => !settings.has(name as string))).toEqual([]);
  });

  it('give processes the time that they take to stop', () => {
    const pods = manifests.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec);
    for (const { terminationGracePeriodSeconds } of pods)
      expect(terminationGracePeriodSeconds).toBeGreaterThan(SHUTDOWN_SECONDS);
    for (const role of ['server', 'worker']) {
      expect(parseInt(compose.services[role].stop_grace_period, 10)).toBeGreaterThan(SHUTDOWN_SECONDS);
      const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(read(`deploy/systemd/parley-${role}@.service`)) ?? [];
      expect(Number(seconds)).toBeGreaterThan(SHUTDOWN_SECONDS);
    }
  });

  it('keep backups, and who was erased, on a volume that outlives each process and that all share', () => {
    const { BACKUP_DIR } = manifests.find(({ kind }) => kind === 'ConfigMap').data;
    const claims = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim');
    for (const { spec } of manifests.filter(({ kind }) => kind === 'Deployment')) {
      const { containers, volumes } = spec.template.spec;
      const { name } = containers[0].volumeMounts.find(({ mountPath }: any) => mountPath === BACKUP_DIR);
      const { persistentVolumeClaim } = volumes.find((volume: any) => volume.name === name);
      const claim = claims.find(({ metadata }) => metadata.name === persistentVolumeClaim.claimName);
      expect(claim.spec.accessModes).toEqual(['ReadWriteMany']);
    }
    for (const role of ['server', 'worker']) expect(compose.services[role].volumes).toContain('media:/data');
  });

  it('probe paths that answer', async () => {
    const probes = containers.flatMap(({ startupProbe, livenessProbe, readinessProbe }) =>
      [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => probe?.httpGet.path ?? []),
    );
    expect(new Set(probes)).toEqual(new Set(['/health/live', '/health/ready']));
    for (const path of probes) expect(await fetchStatus(app.parley, path)).toBe(200);
  });

  it('ask for metrics that there are', async () => {
    const { text } = await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
    const asked = `${read('deploy/prometheus/alerts.yaml')}${read('deploy/grafana/parley.json')}`;
    const names = [...asked.matchAll(/\b(?:parley|nodejs|process)_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_(?:bucket|count)$/, ''),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  });

  describeWith('promtool', 'for Prometheus', () => {
    it('hold rules that it can read', async () => {
      const { stdout } = await promisify(execFile)('promtool', [
        'check',
        'rules',
        join(ROOT, 'deploy/prometheus/alerts.yaml'),
      ]);
      expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
    });
  });
});
