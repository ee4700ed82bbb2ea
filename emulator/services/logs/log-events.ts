import type { GetLogEventsRequest, InputLogEvent, PutLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { appendEvent, EVENT_OVERHEAD_BYTES, firstIndexFrom, indexOfSequence, type StoredEvent } from './event-store.ts';
import { sequenceTokenOf } from './log-streams.ts';
import { invalidNextToken } from './pagination.ts';
import {
  type Checked,
  expireEvents,
  findGroup,
  findGroupOf,
  findStream,
  type LogGroupRecord,
  type LogsState,
  MILLISECONDS_PER_DAY,
} from './state.ts';

export const logEventOperations = {
  PutLogEvents: putLogEvents,
  GetLogEvents: getLogEvents,
};

/** No more than this is in one PutLogEvents batch, one event or one page of results, overhead included. */
export const MAXIMUM_BYTES = 1_048_576;
/** No more events than this are in one page. */
export const MAXIMUM_EVENTS = 10_000;

type CheckedEvent = Checked<InputLogEvent, 'timestamp' | 'message'>;

/**
 * The sequence token of the request is ignored, as on AWS since January 2023. Its entity is for telemetry
 * that CloudWatch relates to the logs; no operation of CloudWatch Logs tells it again.
 */
function putLogEvents(
  state: LogsState,
  input: Checked<PutLogEventsRequest, 'logGroupName' | 'logStreamName'> & { logEvents: CheckedEvent[] },
) {
  const group = findGroup(state, input.logGroupName);
  const stream = findStream(group, input.logStreamName);
  const sizes = checkBatch(input.logEvents);
  const { first, end, rejectedLogEventsInfo } = acceptableRange(state, group, input.logEvents);
  const oldest = input.logEvents[first];
  const newest = input.logEvents[end - 1];
  if (first < end && oldest && newest && newest.timestamp - oldest.timestamp > MILLISECONDS_PER_DAY) {
    throw new AwsError(
      'InvalidParameterException',
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
  const ingestionTime = state.clock.now();
  for (let index = first; index < end; index += 1) {
    const event = input.logEvents[index];
    if (!event) continue;
    const { timestamp, message } = event;
    appendEvent(stream.store, { timestamp, message, ingestionTime, id: state.nextEventId++ }, sizes[index]);
  }
  return { nextSequenceToken: sequenceTokenOf(stream), ...(rejectedLogEventsInfo && { rejectedLogEventsInfo }) };
}

/** Refuses a batch that breaks the limits on its own; returns the size of each event. */
function checkBatch(events: readonly CheckedEvent[]): number[] {
  let total = 0;
  let previous = 0;
  const sizes: number[] = [];
  for (const { timestamp, message } of events) {
    if (timestamp < previous) {
      throw new AwsError(
        'InvalidParameterException',
        'Log events in a single PutLogEvents request must be in chronological order.',
      );
    }
    previous = timestamp;
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    if (size > MAXIMUM_BYTES) {
      throw new AwsError(
        'InvalidParameterException',
        `Log event too large: ${size} bytes exceeds limit of ${MAXIMUM_BYTES}`,
      );
    }
    sizes.push(size);
    total += size;
  }
  if (total > MAXIMUM_BYTES) {
    throw new AwsError(
      'InvalidParameterException',
      `Upload too large: ${total} bytes exceeds limit of ${MAXIMUM_BYTES}`,
    );
  }
  return sizes;
}

/** Events from `first` to before `end` are young and old enough; why the others are not is told as AWS tells it. */
function acceptableRange(state: LogsState, group: LogGroupRecord, events: readonly CheckedEvent[]) {
  const now = state.clock.now();
  const countBefore = (time: number) => {
    const found = events.findIndex((event) => event.timestamp >= time);
    return found === -1 ? events.length : found;
  };
  const tooOld = countBefore(now - 14 * MILLISECONDS_PER_DAY);
  const expired =
    group.retentionInDays === undefined ? 0 : countBefore(now - group.retentionInDays * MILLISECONDS_PER_DAY);
  const tooNew = countBefore(now + 2 * 3_600_000 + 1);
  const rejected = {
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
  return {
    first: Math.max(tooOld, expired),
    end: tooNew,
    rejectedLogEventsInfo: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}

/**
 * A page of one stream, always in ascending order. Its tokens name the page's last and first event, and
 * come back unchanged when there is nothing more in their direction. `unmask` changes nothing, since no data
 * protection policy masks anything here.
 */
function getLogEvents(state: LogsState, input: Checked<GetLogEventsRequest, 'logStreamName'>) {
  const group = findGroupOf(state, input);
  const stream = findStream(group, input.logStreamName);
  expireEvents(state, group, stream);
  const { store } = stream;
  const cursor = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const limit = input.limit ?? MAXIMUM_EVENTS;
  let start = input.startTime === undefined ? 0 : firstIndexFrom(store, input.startTime);
  let end = input.endTime === undefined ? store.events.length : firstIndexFrom(store, input.endTime);
  const forward = cursor ? cursor.forward : input.startFromHead === true;
  if (cursor) {
    const index = cursor.sequence === undefined ? -1 : indexOfSequence(store, cursor.sequence);
    if (forward) start = Math.max(start, index + 1);
    else end = Math.min(end, Math.max(index, 0));
  }

  const page = forward ? pageForward(store.events, start, end, limit) : pageBackward(store.events, start, end, limit);
  // An empty page without a token stands where its range starts, so that a reader may wait there for more.
  const before = store.events[Math.min(start, store.events.length) - 1]?.sequence;
  const idle = cursor ? cursor.sequence : before;
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${formatToken(page.at(-1)?.sequence ?? idle)}`,
    nextBackwardToken: `b/${formatToken(page[0]?.sequence ?? idle)}`,
  };
}

function pageForward(events: readonly StoredEvent[], start: number, end: number, limit: number): StoredEvent[] {
  let bytes = 0;
  let index = start;
  for (; index < Math.min(end, start + limit); index += 1) {
    bytes += events[index]?.size ?? 0;
    if (bytes > MAXIMUM_BYTES) break;
  }
  return events.slice(start, index);
}

function pageBackward(events: readonly StoredEvent[], start: number, end: number, limit: number): StoredEvent[] {
  let bytes = 0;
  let index = end;
  for (; index > Math.max(start, end - limit); index -= 1) {
    bytes += events[index - 1]?.size ?? 0;
    if (bytes > MAXIMUM_BYTES) break;
  }
  return events.slice(index, Math.max(index, end));
}

/** The start of a stream, before its first event, is told from the event 0 by a suffix. */
function formatToken(sequence: number | undefined): string {
  return sequence === undefined ? `${'0'.repeat(56)}/s` : String(sequence).padStart(56, '0');
}

function parseToken(token: string): { forward: boolean; sequence: number | undefined } {
  const match = /^([fb])\/(\d{56})(\/s)?$/.exec(token);
  if (!match) throw invalidNextToken();
  return { forward: match[1] === 'f', sequence: match[3] === undefined ? Number(match[2]) : undefined };
}
