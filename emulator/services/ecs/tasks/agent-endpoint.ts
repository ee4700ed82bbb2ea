import type { ControlRoute } from '../../../control-route.ts';
import type { EcsState } from '../state.ts';
import { credentialsRoute } from './credentials-endpoint.ts';
import { metadataRoutes } from './metadata-endpoint.ts';
import { protectionRoutes } from './protection-endpoint.ts';
import { statsRoute } from './stats-endpoint.ts';

/**
 * What the container agent serves to a task's containers: the metadata endpoint (versions 3 and 4), the
 * credentials endpoint and the task scale-in protection endpoint.
 *
 * @param states the state of every region in use
 */
export function agentRoutes(states: () => Iterable<EcsState>): ControlRoute[] {
  return [...metadataRoutes(states), statsRoute(states), credentialsRoute(states), ...protectionRoutes(states)];
}
