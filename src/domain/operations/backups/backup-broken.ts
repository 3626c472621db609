/** A backup cannot be restored. The message is a sentence for the operator. */
export class BackupBroken extends Error {
  override name = 'BackupBroken';
}

/** A backup is of a version of Parley with other tables than this one's, which says nothing against it. The message is a sentence. */
export class BackupOfOtherVersion extends Error {
  override name = 'BackupOfOtherVersion';
}
