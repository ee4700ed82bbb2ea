/** One log event as it is kept. */
export interface StoredEvent {
  /** Milliseconds since the Unix epoch, as the producer gave it. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** Unique and rising within a region: breaks ties between events of one millisecond. */
  readonly id: number;
  /** The event's number within its stream, from 0, in order of arrival; what GetLogEvents' tokens name. */
  readonly sequence: number;
  /** Bytes as CloudWatch Logs counts them: the message in UTF-8 and 26 of overhead. */
  readonly size: number;
}

/** What every event costs besides its message (API reference, PutLogEvents). */
export const EVENT_OVERHEAD_BYTES = 26;

/** The events of one stream, always sorted by time, then by arrival. */
export interface EventStore {
  events: StoredEvent[];
  /** How many events ever arrived. */
  arrived: number;
  bytes: number;
  lastIngestionTime: number | undefined;
}

export function createEventStore(): EventStore {
  return { events: [], arrived: 0, bytes: 0, lastIngestionTime: undefined };
}

/** Adds an event; costs nothing but a push as long as events come in the order of their time. */
export function appendEvent(
  store: EventStore,
  event: Omit<StoredEvent, 'sequence' | 'size'>,
  size = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES,
): void {
  const stored: StoredEvent = { ...event, sequence: store.arrived, size };
  const last = store.events.at(-1);
  if (!last || last.timestamp <= stored.timestamp) store.events.push(stored);
  else store.events.splice(firstIndexAfter(store, stored.timestamp), 0, stored);
  store.arrived += 1;
  store.bytes += size;
  store.lastIngestionTime = event.ingestionTime;
}

/** The index of the first event at or after `time`; the number of events when there is none. */
export function firstIndexFrom(store: EventStore, time: number): number {
  return partition(store.events, (event) => event.timestamp < time);
}

/** The index of the first event after `time`; the number of events when there is none. */
export function firstIndexAfter(store: EventStore, time: number): number {
  return partition(store.events, (event) => event.timestamp <= time);
}

/** The index of the first event that comes after the given one in the order of a whole log group. */
export function firstIndexPast(store: EventStore, timestamp: number, id: number): number {
  return partition(
    store.events,
    (event) => event.timestamp < timestamp || (event.timestamp === timestamp && event.id <= id),
  );
}

/** Where the event with this sequence number stands; -1 when it has expired or never was. */
export function indexOfSequence(store: EventStore, sequence: number): number {
  // Unless events came out of order, their numbers run on without a gap.
  const guess = sequence - (store.events[0]?.sequence ?? 0);
  if (store.events[guess]?.sequence === sequence) return guess;
  return store.events.findIndex((event) => event.sequence === sequence);
}

/** Forgets the events before `time`. */
export function expireEventsBefore(store: EventStore, time: number): void {
  const first = store.events[0];
  if (!first || first.timestamp >= time) return;
  const expired = store.events.splice(0, firstIndexFrom(store, time));
  for (const event of expired) store.bytes -= event.size;
}

/** Binary search for the first event of which `isBefore` is false. */
function partition(events: readonly StoredEvent[], isBefore: (event: StoredEvent) => boolean): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && isBefore(event)) low = middle + 1;
    else high = middle;
  }
  return low;
}
