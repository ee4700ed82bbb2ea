import type { Settings } from '../settings.ts';
import { type ControlPlane, controlPlanes, type Preset } from './presets/preset.ts';

/**
 * Who answers for ECS and Batch: what `LOCALSTACK_ECS` and `LOCALSTACK_BATCH` say; else the server where it has
 * them, or where it is not ours to add to.
 *
 * @param preset undefined for a server that somebody else started
 * @returns the control planes that are ours
 */
export function ownControlPlanes(
  { localstackControlPlanes }: Pick<Settings, 'localstackControlPlanes'>,
  preset: Pick<Preset, 'native'> | undefined,
): readonly ControlPlane[] {
  return controlPlanes.filter((name) => {
    const chosen = localstackControlPlanes[name];
    return chosen ? chosen === 'testbed' : preset !== undefined && !preset.native.includes(name);
  });
}

/** The services that the gateway in front keeps to itself: with the containers come their logs, with ECS its Cloud Map. */
export function standInServices(own: readonly ControlPlane[]): readonly string[] {
  return own.length === 0 ? [] : [...own, 'logs', ...(own.includes('ecs') ? ['servicediscovery'] : [])];
}
