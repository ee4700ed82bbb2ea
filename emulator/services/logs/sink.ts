import { appendEvent } from './event-store.ts';
import { addGroup } from './log-groups.ts';
import type { LogSink } from './log-sink.ts';
import { addStream } from './log-streams.ts';
import { findGroup, type LogsState } from './state.ts';

/**
 * The way in for the emulator's own log producers. A writer outlives its stream: what is written after
 * the stream or its group was deleted is lost, as it is for a driver on AWS.
 */
export function createSink(state: () => LogsState): LogSink {
  return {
    createGroup(group) {
      if (!state().groups.has(group)) addGroup(state(), group);
    },
    openStream(groupName, streamName) {
      const opened = state();
      const group = findGroup(opened, groupName);
      const { store } = group.streams.get(streamName) ?? addStream(opened, group, streamName);
      return {
        write(timestamp, message) {
          appendEvent(store, { timestamp, message, ingestionTime: opened.clock.now(), id: opened.nextEventId++ });
        },
      };
    },
  };
}
