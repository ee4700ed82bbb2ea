type Cleanup = () => void | Promise<void>;

const cleanups = new Set<Cleanup>();

/**
 * Remembers what must be undone even when the benchmark is interrupted.
 *
 * @returns a function that undoes it now; the second call does nothing
 */
export function mustUndo(cleanup: Cleanup): () => Promise<void> {
  cleanups.add(cleanup);
  return async () => {
    if (cleanups.delete(cleanup)) await cleanup();
  };
}

/** Undoes everything that is left, all at once; reports what fails, and never rejects. */
export async function undoAll(): Promise<void> {
  const results = await Promise.allSettled(Array.from(cleanups, async (cleanup) => cleanup()));
  cleanups.clear();
  for (const result of results) {
    if (result.status === 'rejected') console.error(`bench: could not clean up: ${String(result.reason)}`);
  }
}
