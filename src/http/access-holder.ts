/** A connection that was opened with a key, or by a signed address of a user's. */
export type AccessHolder = {
  /** The key is revoked, expired or deleted, or the user suspended or erased: ends the connection. */
  onAccessEnded(): void;
};
