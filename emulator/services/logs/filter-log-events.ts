import type { FilterLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { firstIndexAfter, firstIndexFrom, firstIndexPast, type StoredEvent } from './event-store.ts';
import { compileFilterPattern } from './filter-pattern/filter-pattern.ts';
import { MAXIMUM_BYTES, MAXIMUM_EVENTS } from './log-events.ts';
import { mergeEvents } from './merge-events.ts';
import { invalidNextToken } from './pagination.ts';
import { expireEvents, findGroupOf, findStream, type LogGroupRecord, type LogsState } from './state.ts';

/**
 * The events of a group's streams that match, interleaved in the order of their time, then of their
 * ingestion, or with `startFromHead: false` in the reverse of it. A next token is given only when another
 * match follows, and goes on in its own direction whatever else the request says. `unmask` changes
 * nothing, since no data protection policy masks anything here; `interleaved` is ignored, as on AWS.
 *
 * Source: API reference, FilterLogEvents.
 */
export function filterLogEvents(state: LogsState, input: FilterLogEventsRequest) {
  const group = findGroupOf(state, input);
  const matches = compileFilterPattern(input.filterPattern ?? '');
  const cursor = input.nextToken === undefined ? undefined : parseToken(group, input.nextToken);
  const newestFirst = cursor ? cursor.newestFirst : input.startFromHead === false;
  if (newestFirst) checkStartTime(input.startTime);
  const runs = streamsOf(group, input).map((stream) => {
    expireEvents(state, group, stream);
    const { store } = stream;
    let start = input.startTime === undefined ? 0 : firstIndexFrom(store, input.startTime);
    let end = input.endTime === undefined ? store.events.length : firstIndexAfter(store, input.endTime);
    if (cursor?.newestFirst) end = Math.min(end, firstIndexPast(store, cursor.timestamp, cursor.id - 1));
    else if (cursor) start = Math.max(start, firstIndexPast(store, cursor.timestamp, cursor.id));
    return { label: stream.name, events: store.events, start, end };
  });

  const limit = input.limit ?? MAXIMUM_EVENTS;
  const events: FilteredEvent[] = [];
  let bytes = 0;
  let isMore = false;
  for (const { label, event } of mergeEvents(runs, newestFirst)) {
    if (!matches(event.message)) continue;
    bytes += event.size;
    if (events.length === limit || (events.length > 0 && bytes > MAXIMUM_BYTES)) {
      isMore = true;
      break;
    }
    events.push(describeEvent(label, event));
  }
  const last = events.at(-1);
  return {
    events,
    // Empty since May 2020 (API reference, FilterLogEvents).
    searchedLogStreams: [],
    ...(isMore && last && { nextToken: formatToken(group, last, newestFirst) }),
  };
}

type FilteredEvent = ReturnType<typeof describeEvent>;

function describeEvent(logStreamName: string, event: StoredEvent) {
  const { timestamp, message, ingestionTime } = event;
  return { logStreamName, timestamp, message, ingestionTime, eventId: eventIdOf(event) };
}

/** 56 digits, as on AWS: sorted as text, ids stand in the order of their events. */
function eventIdOf({ timestamp, id }: StoredEvent): string {
  return String(timestamp).padStart(28, '0') + String(id).padStart(28, '0');
}

/** The last event of a page, behind which the next one starts, and which way the pages go. */
interface Cursor {
  readonly timestamp: number;
  readonly id: number;
  readonly newestFirst: boolean;
}

function formatToken(group: LogGroupRecord, last: FilteredEvent, newestFirst: boolean): string {
  return `${group.name}@${last.logStreamName}@${last.eventId}${newestFirst ? '@newest-first' : ''}`;
}

function parseToken(group: LogGroupRecord, token: string): Cursor {
  const match = /^([^@]+)@.+@(\d{28})(\d{28})(@newest-first)?$/s.exec(token);
  if (!match || match[1] !== group.name) throw invalidNextToken();
  return { timestamp: Number(match[2]), id: Number(match[3]), newestFirst: match[4] !== undefined };
}

const earliestNewestFirst = Date.UTC(2024, 0, 1);

/** The reference refuses a `startTime` that is too early, and says nothing of none: that is taken. */
function checkStartTime(startTime: number | undefined): void {
  if (startTime !== undefined && startTime < earliestNewestFirst) {
    throw new AwsError(
      'InvalidParameterException',
      'startFromHead can be false only when startTime is on or after Jan 1, 2024 00:00:00 UTC.',
    );
  }
}

function streamsOf(group: LogGroupRecord, input: FilterLogEventsRequest) {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'LogStream names and LogStream name prefix are mutually exclusive parameters.',
    );
  }
  if (names !== undefined) return [...new Set(names)].map((name) => findStream(group, name));
  return [...group.streams.values()].filter((stream) => prefix === undefined || stream.name.startsWith(prefix));
}
