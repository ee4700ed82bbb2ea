import type { EcsState, ServiceRecord } from '../state.ts';
import { addEvent } from './events.ts';

/** "duplicate event messages are omitted until either the cause is resolved or six hours passes" (developer guide, "Service event messages"). */
const REPEATED_AFTER = 6 * 3_600_000;

/** What a service may be in want of; the cause of a message that is not repeated. */
export type Cause = 'placement' | 'launch' | 'throttle' | 'protection' | 'configuration';

/** Adds an event to a service. */
export function tell(state: EcsState, { service }: ServiceRecord, message: string): void {
  addEvent(service, new Date(state.dependencies.clock.now()), message);
}

/** Adds an event, unless the same has been told already and its cause is still there. */
export function tellOnce(state: EcsState, record: ServiceRecord, cause: Cause, message: string): void {
  const { told } = record.rollout;
  const now = state.dependencies.clock.now();
  const key = `${cause} ${message}`;
  if (now - (told.get(key) ?? -Infinity) < REPEATED_AFTER) return;
  told.set(key, now);
  tell(state, record, message);
}

/** The cause is gone: what is told of it next is told again. */
export function clearTold({ rollout: { told } }: ServiceRecord, cause: Cause): void {
  for (const key of told.keys()) if (key.startsWith(`${cause} `)) told.delete(key);
}
