/** What a process depends on, as its health names it. */
export const COMPONENTS = [
  'database',
  'replica',
  'cache',
  'pubsub',
  'queue',
  'model',
  'telephony',
  'storage',
  'backups',
  'clean-up',
  'media',
  'system',
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** In bytes; of a disk that cannot be read it is not known. */
export type DiskSpace = { freeBytes?: number | undefined; totalBytes?: number | undefined };

/** Of what is measured, that which is more than shown. Times are ISO 8601. */
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

/** Returns what was measured of a component; nothing where it did not answer. */
export function detailsOf<Name extends keyof ReadDetails>(
  components: readonly { name: ComponentName; details: object }[],
  component: Name,
): Partial<ReadDetails[Name]> {
  return (components.find(({ name }) => name === component)?.details ?? {}) as Partial<ReadDetails[Name]>;
}
