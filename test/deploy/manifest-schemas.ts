import { z } from 'zod';

// What of Kubernetes' API the manifests use, closed: a field that is misspelt, or stands elsewhere, is refused, as the API server refuses it
// (https://kubernetes.io/docs/reference/kubernetes-api/).

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
const quantity = z.string().regex(/^\d+(m|[KMGT]i)?$/);
const resourceList = z.strictObject({ cpu: quantity.optional(), memory: quantity.optional() });
const labels = z.record(z.string(), z.string());
const metadata = z
  .strictObject({
    name: name.optional(),
    generateName: z.string().endsWith('-').optional(),
    labels: labels.optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  })
  .refine((given) => given.name || given.generateName);
const selector = z.strictObject({ matchLabels: labels });
const percentOrCount = z.union([z.int().min(0), z.string().endsWith('%')]);

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/'), port: z.union([z.int(), name]) }),
  periodSeconds: z.int().min(1),
  timeoutSeconds: z.int().min(1),
  failureThreshold: z.int().min(1),
});

const container = z.strictObject({
  name,
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.array(z.strictObject({ name, containerPort: z.int() })).optional(),
  envFrom: z.array(
    z.union([
      z.strictObject({ configMapRef: z.strictObject({ name }) }),
      z.strictObject({ secretRef: z.strictObject({ name }) }),
    ]),
  ),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.strictObject({ requests: resourceList, limits: resourceList }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name, mountPath: z.string().startsWith('/') })),
});

const volume = z.union([
  z.strictObject({ name, emptyDir: z.strictObject({}) }),
  z.strictObject({ name, persistentVolumeClaim: z.strictObject({ claimName: name }) }),
]);

/** Every pod meets the profile "restricted", and mounts what it has. */
const podSpec = z
  .strictObject({
    restartPolicy: z.enum(['Never', 'OnFailure']).optional(),
    activeDeadlineSeconds: z.int().optional(),
    terminationGracePeriodSeconds: z.int().optional(),
    automountServiceAccountToken: z.literal(false),
    securityContext: z.strictObject({
      runAsNonRoot: z.literal(true),
      runAsUser: z.int().min(1),
      fsGroup: z.int(),
      fsGroupChangePolicy: z.literal('OnRootMismatch'),
      seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
    }),
    containers: z.array(container).length(1),
    volumes: z.array(volume),
  })
  .refine(
    ({ containers, volumes }) => {
      const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map((mount) => mount.name));
      return (
        mounted.sort().join() ===
        volumes
          .map((each) => each.name)
          .sort()
          .join()
      );
    },
    { error: 'mounts other volumes than it has' },
  )
  .refine(({ containers }) => containers[0]?.volumeMounts.some(({ mountPath }) => mountPath === '/tmp'), {
    error: 'has no /tmp to write to',
  });
const template = z.strictObject({ metadata: z.strictObject({ labels }).optional(), spec: podSpec });

const ofKind = <Rest extends z.ZodRawShape>(apiVersion: string, kind: string, rest: Rest) =>
  z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, ...rest });

const deployment = z
  .strictObject({
    replicas: z.int().min(1).optional(),
    selector,
    strategy: z
      .strictObject({ rollingUpdate: z.strictObject({ maxUnavailable: percentOrCount, maxSurge: percentOrCount }) })
      .optional(),
    template,
  })
  .refine((spec) => spec.template.metadata?.labels.app === spec.selector.matchLabels.app, {
    error: 'selects other pods',
  });

const rule = z.strictObject({
  host: z.string(),
  http: z.strictObject({
    paths: z.array(
      z.strictObject({
        path: z.string(),
        pathType: z.enum(['Prefix', 'Exact']),
        backend: z.strictObject({ service: z.strictObject({ name, port: z.strictObject({ name }) }) }),
      }),
    ),
  }),
});

const relabeling = z.strictObject({ targetLabel: z.string(), replacement: z.string() });

export const manifestSchema = z.discriminatedUnion('kind', [
  ofKind('v1', 'ConfigMap', { data: z.record(z.string().regex(/^[A-Z0-9_]+$/), z.string()) }),
  ofKind('v1', 'PersistentVolumeClaim', {
    spec: z.strictObject({
      accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteMany'])),
      storageClassName: name,
      resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
    }),
  }),
  ofKind('v1', 'Pod', { spec: podSpec }),
  ofKind('v1', 'Service', {
    spec: z.strictObject({
      selector: labels,
      ports: z.array(z.strictObject({ name, port: z.int(), targetPort: z.union([z.int(), name]) })),
    }),
  }),
  ofKind('apps/v1', 'Deployment', { spec: deployment }),
  ofKind('batch/v1', 'Job', {
    spec: z.strictObject({ backoffLimit: z.int(), ttlSecondsAfterFinished: z.int(), template }),
  }),
  ofKind('policy/v1', 'PodDisruptionBudget', { spec: z.strictObject({ minAvailable: percentOrCount, selector }) }),
  ofKind('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: z.strictObject({
      scaleTargetRef: z.strictObject({ apiVersion: z.literal('apps/v1'), kind: z.literal('Deployment'), name }),
      minReplicas: z.int().min(1),
      maxReplicas: z.int().min(1),
      metrics: z.array(
        z.strictObject({
          type: z.literal('Resource'),
          resource: z.strictObject({
            name: z.enum(['cpu', 'memory']),
            target: z.strictObject({ type: z.literal('Utilization'), averageUtilization: z.int() }),
          }),
        }),
      ),
    }),
  }),
  ofKind('networking.k8s.io/v1', 'Ingress', {
    spec: z.strictObject({
      ingressClassName: name,
      tls: z.array(z.strictObject({ hosts: z.array(z.string()), secretName: name })),
      rules: z.array(rule),
    }),
  }),
  ofKind('monitoring.coreos.com/v1', 'PodMonitor', {
    spec: z.strictObject({
      selector: z.strictObject({
        matchExpressions: z.array(
          z.strictObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }),
        ),
      }),
      podMetricsEndpoints: z.array(
        z.strictObject({
          port: name,
          interval: z.string(),
          authorization: z.strictObject({ credentials: z.strictObject({ name, key: z.string() }) }),
          relabelings: z.array(relabeling),
        }),
      ),
    }),
  }),
]);
