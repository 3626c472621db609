/** The names of a process's dependencies in its health. */
export const COMPONENTS = [
  'database',
  'replica',
  'cache',
  'pubsub',
  'queue',
  'webhooks',
  'model',
  'telephony',
  'storage',
  'backups',
  'clean-up',
  'media',
  'system',
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** In bytes; unknown for a disk that cannot be read. */
export type DiskSpace = { freeBytes?: number | undefined; totalBytes?: number | undefined };

/** Measurements that programs rely on, beyond showing them. Times are ISO 8601. */
type ReadDetails = {
  queue: { longestWaitSeconds: Record<string, number> };
  /** The disk of DATA_DIR, and that of BACKUP_DIR where it is there. */
  storage: DiskSpace & { backups?: DiskSpace | undefined };
  backups: { lastProvenAt: string | null };
  'clean-up': { lastSucceededAt: string | null };
};

type Details<Name extends ComponentName> = Name extends keyof ReadDetails ? ReadDetails[Name] : unknown;

/** What a check has measured of a component. */
export type Measured<Name extends ComponentName> = Details<Name> & Record<string, unknown>;

/** Returns the measurements of a component; nothing if it did not answer. */
export function detailsOf<Name extends keyof ReadDetails>(
  components: readonly { name: ComponentName; details: object }[],
  component: Name,
): Partial<ReadDetails[Name]> {
  return (components.find(({ name }) => name === component)?.details ?? {}) as Partial<ReadDetails[Name]>;
}
