import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { freePort } from '../support/free-port.ts';
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

/** The Node that npm has brought with the release that units run. */
const UNIT_NODE = '/opt/parley/current/node_modules/.bin/node';
const settingOf = (unit: string, name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(unit)?.[1];

const run = promisify(execFile);
const app = useParley();
const cleanup = useCleanup();

describe('the files of deploy/', () => {
  const manifests = readYaml('deploy/kubernetes/parley.yaml');
  const [migration] = readYaml('deploy/kubernetes/migrate.yaml');
  const containers = manifests.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
  const [compose] = readYaml('compose.yaml');

  it('name only settings that there are', () => {
    const configMap = manifests.find(({ kind }) => kind === 'ConfigMap').data;
    const units = ['server', 'worker'].map((role) => read(`deploy/systemd/parley-${role}@.service`)).join('\n');
    const names = [
      ...Object.keys(compose.services.server.environment),
      ...Object.keys(configMap),
      ...[
        ...units.matchAll(/^Environment=(.+)$/gm),
        ...units.matchAll(/^ExecStart=\/usr\/bin\/env (.+) \/opt/gm),
      ].flatMap(([, all = '']) => all.split(' ').map((each) => each.split('=')[0])),
      ...[...read('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, all = '']) =>
        all.split(' ').map((each) => each.split('=')[0]),
      ),
    ];
    expect(names.length).toBeGreaterThan(12);
    const settings = new Set([...read('.env.example').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    expect(names.filter((name) => !settings.has(name as string))).toEqual([]);
  });

  it('hand every setting of .env to the processes of compose, but for what compose decides', () => {
    const decided = ['NODE_ENV', 'HOST', 'PORT', 'METRICS_PORT', 'DATA_DIR', 'BACKUP_DIR', 'DATABASE_URL'];
    const settings = [...read('.env.example').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
    for (const role of ['server', 'worker']) {
      const { env_file, environment } = compose.services[role];
      expect(env_file).toEqual([{ path: '.env', required: false }]);
      const overridden = settings.filter(
        (name) => name in environment && !new RegExp(`\\$\\{${name}:?[-?]`).test(environment[name].toString()),
      );
      expect(overridden.sort()).toEqual([...decided].sort());
    }
  });

  it('collect metrics where processes are', () => {
    const [{ scrape_configs: byName, alerting }] = readYaml('deploy/prometheus/prometheus.yaml');
    const { names, port } = byName[0].dns_sd_configs[0];
    expect(names.filter((name: string) => compose.services[name].environment.METRICS_PORT === port)).toEqual([
      ...['server', 'worker'],
    ]);
    expect(alerting.alertmanagers).toHaveLength(1);
    const [{ scrape_configs: byPort }] = readYaml('deploy/prometheus/prometheus.systemd.yaml');
    const ports = [...read('docs/operations.md').matchAll(/parley-(server|worker)@(\d+) /g)].map(
      ([, role, instance]) => (role === 'server' ? `127.0.0.1:${instance}` : `127.0.0.1:946${instance}`),
    );
    expect(byPort[0].static_configs[0].targets).toEqual([...new Set(ports)]);
    const [monitor] = readYaml('deploy/kubernetes/monitor.yaml');
    expect(monitor.spec.selector.matchExpressions[0].values).toEqual(
      manifests.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.metadata.labels.app),
    );
    const jobs = [
      byName[0].job_name,
      byPort[0].job_name,
      monitor.spec.podMetricsEndpoints[0].relabelings[0].replacement,
    ];
    expect(new Set(jobs)).toEqual(new Set([/up\{job="(\w+)"\}/.exec(read('deploy/prometheus/alerts.yaml'))?.[1]]));
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

  it('keep idle connections for longer than the proxy in front', async () => {
    const [, proxySeconds] = /keepalive (\d+)s/.exec(read('deploy/caddy/Caddyfile')) ?? [];
    const manifested = [
      manifests.find(({ kind }) => kind === 'ConfigMap').data.HTTP_KEEP_ALIVE_SECONDS,
      /:-(\d+)\}/.exec(compose.services.server.environment.HTTP_KEEP_ALIVE_SECONDS)?.[1],
      /HTTP_KEEP_ALIVE_SECONDS=(\d+)/.exec(read('deploy/systemd/parley-server@.service'))?.[1],
    ];
    for (const seconds of manifested) expect(Number(seconds)).toBeGreaterThan(Number(proxySeconds));
  });

  it('run units that write only where they may, and are started however often the database is away', () => {
    for (const role of ['server', 'worker']) {
      const unit = read(`deploy/systemd/parley-${role}@.service`);
      expect(settingOf(unit, 'ExecStart')).toMatch(
        new RegExp(` DATA_DIR=/var/lib/${settingOf(unit, 'StateDirectory')} `),
      );
      expect(unit.slice(0, unit.indexOf('[Service]'))).toMatch(/^StartLimitIntervalSec=0$/m);
    }
  });

  it('let the settings that units share change nothing that a unit decides', () => {
    const decided = { server: 'PORT=%i', worker: 'METRICS_PORT=946%i' };
    for (const [role, port] of Object.entries(decided)) {
      const unit = read(`deploy/systemd/parley-${role}@.service`);
      expect(settingOf(unit, 'ExecStart')).toBe(
        `/usr/bin/env NODE_ENV=production DATA_DIR=/var/lib/parley ${port} ${UNIT_NODE} bin/parley.js ${role}`,
      );
    }
  });

  it('stop a process before the programs that it runs', () => {
    for (const role of ['server', 'worker'])
      expect(read(`deploy/systemd/parley-${role}@.service`)).toMatch(/^KillMode=mixed$/m);
  });

  it('run commands with what the units have', async () => {
    const directory = createDirectory(cleanup);
    writeFileSync(join(directory, 'systemd-run'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const { stdout } = await run(join(ROOT, 'deploy/systemd/parley'), ['backup', 'verify', 'a b'], {
      env: { PATH: `${directory}:${process.env.PATH}` },
    });
    const args = stdout.trim().split('\n');
    const unit = read('deploy/systemd/parley-worker@.service');
    const own = ['User', 'WorkingDirectory', 'ExecStart', 'Restart', 'RestartSec', 'TimeoutStopSec'];
    const service = unit.slice(unit.indexOf('[Service]'), unit.indexOf('[Install]'));
    const shared = [...service.matchAll(/^(\w+)=(.*)$/gm)].filter(([, name = '']) => !own.includes(name));
    expect(shared.length).toBeGreaterThan(20);
    expect(args.filter((arg) => arg.startsWith('--property=')).sort()).toEqual(
      shared.map(([line]) => `--property=${line}`).sort(),
    );
    expect(args).toContain(`--working-directory=${settingOf(unit, 'WorkingDirectory')}`);
    expect(args).toContain(`--uid=${settingOf(unit, 'User')}`);
    expect(args.slice(args.indexOf('--') + 1)).toEqual([
      ...['/usr/bin/env', 'NODE_ENV=production', 'DATA_DIR=/var/lib/parley'],
      ...[UNIT_NODE, 'bin/parley.js', 'backup', 'verify', 'a b'],
    ]);
  });

  describeWith('systemd-analyze', 'for systemd', () => {
    it.each(['server', 'worker'])('are units that it takes: %s', async (role) => {
      const file = join(createDirectory(cleanup), `parley-${role}@.service`);
      writeFileSync(
        file,
        read(`deploy/systemd/parley-${role}@.service`)
          .replace(UNIT_NODE, process.execPath)
          .replace('/opt/parley/current', ROOT),
      );
      const { stderr } = await run('systemd-analyze', ['verify', file]);
      expect(stderr).not.toContain(`parley-${role}@`);
    });
  });

  it('can be applied again for an upgrade: no number of servers against the autoscaler, no Job that is there already', () => {
    const scaled = manifests
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ spec }) => spec.scaleTargetRef.name);
    for (const { metadata, spec } of manifests.filter(({ kind }) => kind === 'Deployment'))
      expect('replicas' in spec).toBe(!scaled.includes(metadata.name));
    expect(manifests.some(({ kind }) => kind === 'Job')).toBe(false);
    expect(migration.metadata).toEqual({ generateName: expect.any(String) });
    const image = migration.spec.template.spec.containers[0].image;
    expect(new Set(containers.map((container: any) => container.image))).toEqual(new Set([image]));
    expect(migration.spec.template.spec.securityContext).toEqual(
      manifests.find(({ kind }) => kind === 'Deployment').spec.template.spec.securityContext,
    );
  });

  it('say how many connections their processes take at most', () => {
    const [, told] = /allow (\d+)\n# connections/.exec(read('deploy/kubernetes/parley.yaml')) ?? [];
    const { maxReplicas } = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler').spec;
    const workers = manifests.find(({ metadata }) => metadata.name === 'parley-worker').spec.replicas;
    const [servers, surging] = [maxReplicas + 1, workers + 1];
    expect(Number(told)).toBeGreaterThanOrEqual(servers * 13 + surging * 15 + 10);
  });

  it('probe paths that answer', async () => {
    const probes = containers.flatMap(({ startupProbe, livenessProbe, readinessProbe }) =>
      [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => probe?.httpGet.path ?? []),
    );
    expect(new Set(probes)).toEqual(new Set(['/health/live', '/health/ready']));
    expect(containers.every(({ livenessProbe }) => livenessProbe)).toBe(true);
    const METRICS_PORT = String(await freePort());
    const worker = { url: `http://127.0.0.1:${METRICS_PORT}` };
    await app.start('worker', { METRICS_PORT, METRICS_TOKEN: 'a token of the collector' });
    for (const path of probes)
      for (const parley of [app.parley, worker]) expect(await fetchStatus(parley, path)).toBe(200);
    const get = (path: string, key: string) => httpRequest(`${worker.url}${path}`, { headers: bearer(key) });
    expect((await get('/metrics', 'a token of the collector')).text).toMatch(/^parley_sql_connections_max \d+$/m);
    expect((await get('/metrics', ADMIN_KEY)).status).toBe(401);
    expect((await get('/graphql', ADMIN_KEY)).status).toBe(404);
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
      const { stdout } = await run('promtool', ['check', 'rules', join(ROOT, 'deploy/prometheus/alerts.yaml')]);
      expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
    });

    it.each(['prometheus.yaml', 'prometheus.systemd.yaml'])(
      'are a configuration that it can read: %s',
      async (name) => {
        const file = join(ROOT, 'deploy/prometheus', name);
        const { stdout } = await run('promtool', ['check', 'config', '--syntax-only', file]);
        expect(stdout).toContain('is valid prometheus config file syntax');
      },
    );

    it('hold rules that fire when they should, and not before', async () => {
      const tests = 'test/deploy/alerts.test.yaml';
      const { stdout } = await run('promtool', ['test', 'rules', join(ROOT, tests)]);
      expect(stdout).toContain('SUCCESS');
      const fired = new Set([...read(tests).matchAll(/alertname: (\w+)/g)].map(([, name]) => name));
      const rules = [...read('deploy/prometheus/alerts.yaml').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
      expect([...fired].sort()).toEqual(rules.sort());
    });
  });
});
