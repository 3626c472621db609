import { expect, it } from 'vitest';
import { describePassingDisk } from '#cli/doctor/mounts.ts';

const POD = '/var/lib/kubelet/pods/1b2c/volumes';
const MOUNTINFO = `
1 0 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
2 1 0:60 / /dev/shm rw - tmpfs shm rw,size=65536k
3 1 8:1 ${POD}/kubernetes.io~empty-dir/media /data rw,relatime - ext4 /dev/sda1 rw
4 1 0:70 /exports/backups /data/backups rw,relatime - nfs4 nas:/exports rw
5 1 8:1 /var/lib/docker/volumes/${'0a'.repeat(32)}/_data /anonymous rw,relatime - ext4 /dev/sda1 rw
6 1 8:1 /var/lib/docker/volumes/parley_media/_data /named rw,relatime - ext4 /dev/sda1 rw
`;

it.each([
  ['/backups', 'in the container'],
  ['/dev/shm/backups', 'in memory'],
  ['/data', 'emptyDir'],
  ['/data/files', 'emptyDir'],
  ['/anonymous/backups', 'without a name'],
])('%s is on a disk that goes: %s', (directory, words) => {
  expect(describePassingDisk(directory, MOUNTINFO)).toContain(words);
});

it.each([['/data/backups'], ['/data/backups/deep'], ['/named/backups']])('%s is on one that lasts', (directory) => {
  expect(describePassingDisk(directory, MOUNTINFO)).toBeNull();
});

it('nothing is said where there is no such list', () => {
  expect(describePassingDisk('/data', '')).toBeNull();
});
