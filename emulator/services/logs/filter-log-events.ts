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
 * ingestion. A next token is given only when another match follows.
 */
export function filterLogEvents(state: LogsState, input: FilterLogEventsRequest) {
  const group = findGroupOf(state, input);
  const matches = compileFilterPattern(input.filterPattern ?? '');
  const after = input.nextToken === undefined ? undefined : parseToken(group, input.nextToken);
  const runs = streamsOf(group, input).map((stream) => {
    expireEvents(state, group, stream);
    const { store } = stream;
    const from = input.startTime === undefined ? 0 : firstIndexFrom(store, input.startTime);
    return {
      label: stream.name,
      events: store.events,
      start: after === undefined ? from : Math.max(from, firstIndexPast(store, after.timestamp, after.id)),
      end: input.endTime === undefined ? store.events.length : firstIndexAfter(store, input.endTime),
    };
  });

  const limit = input.limit ?? MAXIMUM_EVENTS;
  const events: FilteredEvent[] = [];
  let bytes = 0;
  let isMore = false;
  for (const { label, event } of mergeEvents(runs)) {
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
    ...(isMore && last && { nextToken: `${group.name}@${last.logStreamName}@${last.eventId}` }),
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

function parseToken(group: LogGroupRecord, token: string): { timestamp: number; id: number } {
  const match = /^([^@]+)@.+@(\d{28})(\d{28})$/s.exec(token);
  if (!match || match[1] !== group.name) throw invalidNextToken();
  return { timestamp: Number(match[2]), id: Number(match[3]) };
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
