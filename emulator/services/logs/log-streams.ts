import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { createEventStore } from './event-store.ts';
import { byAscii, invalidNextToken, pageOf } from './pagination.ts';
import {
  type Checked,
  expireEvents,
  findGroup,
  findGroupOf,
  findStream,
  type LogGroupRecord,
  type LogsState,
  type LogStreamRecord,
} from './state.ts';

export const logStreamOperations = {
  CreateLogStream: createLogStream,
  DeleteLogStream: deleteLogStream,
  DescribeLogStreams: describeLogStreams,
};

function createLogStream(state: LogsState, input: Checked<CreateLogStreamRequest, 'logGroupName' | 'logStreamName'>) {
  const group = findGroup(state, input.logGroupName);
  if (group.streams.has(input.logStreamName)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
  }
  addStream(state, group, input.logStreamName);
  return {};
}

/** Adds an empty stream; the caller has made sure that there is none of that name. */
export function addStream(state: LogsState, group: LogGroupRecord, name: string): LogStreamRecord {
  const stream: LogStreamRecord = {
    name,
    arn: `${group.arn}:log-stream:${name}`,
    creationTime: state.clock.now(),
    store: createEventStore(),
  };
  group.streams.set(name, stream);
  return stream;
}

function deleteLogStream(state: LogsState, input: Checked<DeleteLogStreamRequest, 'logGroupName' | 'logStreamName'>) {
  const group = findGroup(state, input.logGroupName);
  group.streams.delete(findStream(group, input.logStreamName).name);
  return {};
}

function describeLogStreams(state: LogsState, input: DescribeLogStreamsRequest) {
  const group = findGroupOf(state, input);
  const { logStreamNamePrefix: prefix, descending = false } = input;
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && prefix !== undefined) {
    throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const compare = (left: Position, right: Position) =>
    (descending ? -1 : 1) * ((byTime ? left.time - right.time : 0) || byAscii(left.name, right.name));
  const streams = [...group.streams.values()].filter(
    (stream) => prefix === undefined || stream.name.startsWith(prefix),
  );
  for (const stream of streams) expireEvents(state, group, stream);
  const sorted = streams
    .map((stream) => ({ stream, name: stream.name, time: stream.store.events.at(-1)?.timestamp ?? 0 }))
    .sort(compare);

  const after = input.nextToken === undefined ? undefined : parseToken(group, input.nextToken, byTime);
  const start = after === undefined ? 0 : sorted.findIndex((candidate) => compare(candidate, after) > 0);
  const { page, ...next } = pageOf(sorted, start === -1 ? sorted.length : start, input.limit ?? 50, (last) =>
    byTime ? `${group.name}@${last.time}@${last.name}` : `${group.name}@${last.name}`,
  );
  return { logStreams: page.map(({ stream }) => describeStream(stream)), ...next };
}

/** Where a stream stands in a listing: its name, and its last event's time when that is the order. */
interface Position {
  readonly name: string;
  readonly time: number;
}

/** Reads a token back; a group's name holds no `@`, a stream's may. */
function parseToken(group: LogGroupRecord, token: string, byTime: boolean): Position {
  const match = byTime ? /^([^@]*)@(\d+)@(.+)$/s.exec(token) : /^([^@]*)@()(.+)$/s.exec(token);
  const [, groupName, time, name] = match ?? [];
  if (groupName !== group.name || name === undefined) throw invalidNextToken();
  return { name, time: Number(time) };
}

function describeStream(stream: LogStreamRecord) {
  const { events, lastIngestionTime, arrived } = stream.store;
  return {
    arn: stream.arn,
    creationTime: stream.creationTime,
    logStreamName: stream.name,
    // Always zero for streams since June 2019 (API reference, LogStream).
    storedBytes: 0,
    ...(arrived > 0 && {
      ...(events.length > 0 && {
        firstEventTimestamp: events[0]?.timestamp,
        lastEventTimestamp: events.at(-1)?.timestamp,
      }),
      lastIngestionTime,
      uploadSequenceToken: sequenceTokenOf(stream),
    }),
  };
}

/** Sequence tokens are ignored since January 2023, yet still given out. */
export function sequenceTokenOf(stream: LogStreamRecord): string {
  return String(stream.store.arrived).padStart(56, '0');
}
