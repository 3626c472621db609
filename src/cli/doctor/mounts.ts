import { readFile } from 'node:fs/promises';

/** Where Linux says what is mounted in this process's container, one line a mount. */
const MOUNTS = '/proc/self/mountinfo';

/** Returns what is said of a directory whose disk does not outlive the machine's container, as `on an emptyDir`; null for others. */
export async function findPassingDisk(directory: string): Promise<string | null> {
  return describePassingDisk(directory, await readFile(MOUNTS, 'utf8').catch(() => ''));
}

/** The same by the text of mountinfo (proc_pid_mountinfo(5)). */
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

/** `root` is what of its file system is mounted, `point` where. */
type Mount = { root: string; point: string; type: string };

function parseMount(line: string): Mount {
  const [fields = '', source = ''] = line.split(' - ');
  const [, , , root = '', point = ''] = fields.split(' ');
  return { root, point, type: source.split(' ')[0] ?? '' };
}
