import type { Readable } from 'node:stream';

/** A file in a store: its name there, and when it was last written. */
export type StoredFile = { key: string; sizeBytes: number; modifiedAt: Date };

/** Bytes of a file, from the first to the last, both of which it includes. */
export type ByteRange = { start: number; end: number };

/** A directory on the local disk for what one attempt at a job makes. */
export type Scratch = {
  /** Returns the path of a file in it. */
  path(name: string): string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
};

/**
 * Where media files are: the disk of this machine, or one that several mount. Keys are names of ours, `ab/0197…ab`. A file that is
 * whole is never changed. Throws FileMissing for one that is not there, StoreFull where there is no room; what else fails is thrown
 * as it comes.
 */
export type FileStore = {
  /**
   * Writes the bytes of a body at an offset of a file that is arriving, as they come, and tells the offset behind those that are
   * written; returns the last one. The same bytes may be written twice. Throws what the body throws; what came before it stays.
   */
  write(
    key: string,
    offset: number,
    body: AsyncIterable<Uint8Array>,
    onWritten: (offset: number) => void,
  ): Promise<number>;
  /** Makes sure that what was written survives a power failure. */
  sync(key: string): Promise<void>;
  /** Moves a finished local file into the store under a key that nothing has yet; it is there whole, or not at all. */
  put(localPath: string, key: string): Promise<StoredFile>;
  /** Opens a file, or a part of it; destroy the stream to free it. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Returns a path by which programs can read a whole file: in the store, or in `scratch` where it has to be fetched. */
  localPath(key: string, scratch: Scratch): Promise<string>;
  /** Returns what there is of a file; null where there is nothing. */
  find(key: string): Promise<StoredFile | null>;
  /** Removes a file; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Yields all files. Throws where it cannot see them all. */
  list(): AsyncIterable<StoredFile>;
  /** Makes an empty directory for an attempt, whose name no other has. */
  openScratch(attempt: string): Promise<Scratch>;
  /** Yields the directories that attempts have left, by their names. */
  listScratch(): AsyncIterable<{ attempt: string; modifiedAt: Date }>;
  removeScratch(attempt: string): Promise<void>;
  /** Returns how many bytes there is room for, in scratch directories too. */
  freeBytes(): Promise<number>;
};

/** There is no such file in the store. */
export class FileMissing extends Error {
  override name = 'FileMissing';

  constructor(key: string) {
    super(`There is no file ${key} in the store.`);
  }
}

/** The store has no room for more. */
export class StoreFull extends Error {
  override name = 'StoreFull';

  constructor(cause: unknown) {
    super('There is no room left in the store.', { cause });
  }
}
