import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';

/**
 * What tests have opened and must close. Everything is closed in the reverse order of opening, whatever failed before or fails in
 * closing.
 */
export class Cleanup {
  readonly suite = new AsyncDisposableStack();
  /** The stack of the test that runs; outside of tests that of the suite. */
  current = this.suite;

  /** Closes something after the test, or after the suite where it was opened before its tests. */
  defer(close: () => unknown): void {
    this.current.defer(async () => void (await close()));
  }
}

/** For a test file or a describe block whose tests run one after the other. */
export function useCleanup(): Cleanup {
  const cleanup = new Cleanup();
  beforeEach(() => {
    cleanup.current = new AsyncDisposableStack();
  });
  afterEach(async () => {
    const { current } = cleanup;
    cleanup.current = cleanup.suite;
    await current.disposeAsync();
  });
  afterAll(() => cleanup.suite.disposeAsync());
  return cleanup;
}

/** An empty directory, removed with all that is in it. */
export function createDirectory(cleanup: Cleanup): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  cleanup.defer(() => rmSync(directory, { recursive: true }));
  return directory;
}
