import type { StoredEvent } from './event-store.ts';

/** A sorted run of events: those of `events` from `start` to before `end`. */
export interface EventRun {
  /** Says whose events they are. */
  readonly label: string;
  readonly events: readonly StoredEvent[];
  start: number;
  end: number;
}

/**
 * Yields the events of all runs in the order of their time, then of their ids; lazily, without copying a run.
 *
 * @param newestFirst true for the reverse of that order
 */
export function* mergeEvents(
  runs: readonly EventRun[],
  newestFirst = false,
): Generator<{ label: string; event: StoredEvent }> {
  const nextOf = (run: EventRun) => run.events[newestFirst ? run.end - 1 : run.start];
  const precedes = (left: EventRun | undefined, right: EventRun | undefined): boolean => {
    const [one, other] = [left && nextOf(left), right && nextOf(right)];
    if (!one || !other) return one !== undefined;
    return newestFirst ? isBefore(other, one) : isBefore(one, other);
  };
  // A binary heap of runs by their next event.
  const heap = runs.filter((run) => run.start < run.end);
  for (let index = (heap.length >>> 1) - 1; index >= 0; index -= 1) siftDown(heap, index, precedes);
  for (;;) {
    const run = heap[0];
    const event = run && nextOf(run);
    if (!run || !event) return;
    yield { label: run.label, event };
    if (newestFirst) run.end -= 1;
    else run.start += 1;
    if (run.start === run.end) {
      const last = heap.pop();
      if (last && last !== run) heap[0] = last;
    }
    siftDown(heap, 0, precedes);
  }
}

type Precedes = (left: EventRun | undefined, right: EventRun | undefined) => boolean;

function siftDown(heap: EventRun[], start: number, precedes: Precedes): void {
  let index = start;
  for (;;) {
    let least = index;
    for (const child of [2 * index + 1, 2 * index + 2]) {
      if (child < heap.length && precedes(heap[child], heap[least])) least = child;
    }
    const [top, lower] = [heap[index], heap[least]];
    if (least === index || !top || !lower) return;
    heap[index] = lower;
    heap[least] = top;
    index = least;
  }
}

function isBefore(one: StoredEvent, other: StoredEvent): boolean {
  return one.timestamp === other.timestamp ? one.id < other.id : one.timestamp < other.timestamp;
}
