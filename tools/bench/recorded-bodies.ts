import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { callsOn } from './ecs-workload.ts';

/**
 * Makes each of the measured calls once, and takes down the body of its answer as it came.
 *
 * @param client is destroyed
 * @returns the bodies by X-Amz-Target
 */
export async function recordBodies(client: ECSClient, taskArn: string, name: string): Promise<Record<string, string>> {
  const bodies: Record<string, string> = {};
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = args.request as { headers: Record<string, string> };
      const response = result.response as { body: Readable };
      const body = await buffer(response.body);
      response.body = Readable.from([body]);
      bodies[headers['x-amz-target'] ?? ''] = body.toString();
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  for (const call of Object.values(callsOn(client, name, taskArn))) await call();
  client.destroy();
  return bodies;
}
