import { readFile } from 'node:fs/promises';

/** Where Linux lists the mounts of this process's container, one per line. */
const MOUNTS = '/proc/self/mountinfo';

/** Describes a directory whose disk is lost with the machine's container, as `on an emptyDir`; null for any other directory. */
export async function findPassingDisk(directory: string): Promise<string | null> {
  return describePassingDisk(directory, await readFile(MOUNTS, 'utf8').catch(() => ''));
}

/** The same for a given text of mountinfo (proc_pid_mountinfo(5)). */
export function describePassingDisk(directory: string, mountinfo: string): string | null {
  const mount = mountinfo
    .split('\n')
    .map(parseMount)
    .filter(({ point }) => directory === point || directory.startsWith(point === '/' ? point : `${point}/`))
    .reduce<Mount | null>(
      (nearest, each) => (each.point.length >= (nearest?.point.length ?? 0) ? each : nearest),
      null,
    );
  if (!mount) return null;
  if (mount.root.includes('kubernetes.io~empty-dir')) return 'on an emptyDir, which goes with its pod';
  if (mount.type === 'tmpfs' || mount.type === 'ramfs') return 'in memory';
  if (mount.type === 'overlay') return 'in the container, and goes with it';
  if (/\/volumes\/[\da-f]{64}\/_data$/.test(mount.root))
    return 'on a volume without a name, which goes with its container';
  return null;
}

/** `root` is the part of the file system that is mounted, `point` the mount point. */
type Mount = { root: string; point: string; type: string };

function parseMount(line: string): Mount {
  const [fields = '', source = ''] = line.split(' - ');
  const [, , , root = '', point = ''] = fields.split(' ');
  return { root, point, type: source.split(' ')[0] ?? '' };
}
