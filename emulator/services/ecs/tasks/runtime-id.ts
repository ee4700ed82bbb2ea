import { nameOf } from '../arns.ts';
import type { TaskRecord } from '../state.ts';

/**
 * The `runtimeId` of a container, which is also its `DockerId` at the metadata endpoint: on Fargate the task's
 * id and a number of ten digits (developer guide, "Amazon ECS task metadata v4 JSON response for tasks on
 * Fargate"), elsewhere the id that the runtime gave it. The number is the 32-bit FNV-1a hash of the container's
 * name, as in the guide's examples: `cd189a933e5849daa93386466019ab50-2495160603` is a container `curl`.
 *
 * @param given the runtime's own id
 */
export function runtimeIdOf({ task }: TaskRecord, containerName: string, given: string): string {
  if (task.launchType !== 'FARGATE') return given;
  return `${nameOf(task.taskArn)}-${String(fnv1a(containerName)).padStart(10, '0')}`;
}

function fnv1a(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  return hash;
}
