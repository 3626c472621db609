/** A backup cannot be restored. The message is a sentence for the operator. */
export class BackupBroken extends Error {
  override name = 'BackupBroken';
}
