import { z } from 'zod';
import { probeDocker } from '../../emulator/runtimes/index.ts';
import type { LongLivedEnvironment } from '../broker/broker.ts';
import { leaseEnvironment, leaseTimeout } from '../broker/lease.ts';
import type { Capability } from '../capabilities.ts';
import type { EnvironmentDefinition } from '../environment.ts';
import type { Settings } from '../settings.ts';
import { placeholderPlacement } from '../task-placement.ts';
import { attachedServers, identifyServer } from './attached-server.ts';
import { lookForServices, type OfferedService, offeredServices } from './offered-services.ts';

/** Milliseconds that a server gets to answer the probe. */
const probeTimeout = 3_000;

/** A LocalStack-compatible server that runs already, at `LOCALSTACK_ENDPOINT`. */
export const localstack: EnvironmentDefinition = {
  name: 'localstack',

  async probe({ localstackEndpoint }) {
    if (localstackEndpoint) return probeEndpoint(localstackEndpoint);
    const docker = await probeDocker();
    return {
      available: false,
      reason: docker.available
        ? 'starting a container is not part of this version; start one yourself and set LOCALSTACK_ENDPOINT to it'
        : `${docker.reason}; start Docker or set LOCALSTACK_ENDPOINT`,
    };
  },

  // A worker that follows a failed test gets what its predecessor had, and asks the server nothing again.
  lend: (settings) => () => attach(settings),

  async start({ settings, broker, parallelIndex }) {
    const leased = broker
      ? await leaseEnvironment(broker, 'localstack', parallelIndex, leaseTimeout)
      : (await attach(settings)).connection;
    const { endpoint, account, services, identity } = connection.parse(leased);
    return {
      name: 'localstack',
      description: `attached to ${identity?.title ?? 'a server'} at ${endpoint}`,
      ...(identity && { server: identity.server }),
      endpoint,
      region: settings.region,
      account,
      credentials: settings.localstackCredentials,
      capabilities: capabilitiesOf(new Set(services)),
      ...placeholderPlacement({ account, region: settings.region }),
      // What is leased belongs to the main process.
      stop: () => Promise.resolve(),
    };
  },
};

/**
 * What a server that we did not start is taken to have, by the service whose API it must answer for. What
 * its containers can reach, and where they run, nobody can tell from outside.
 */
const capabilitiesByService: Readonly<Record<OfferedService, readonly Capability[]>> = {
  ecs: ['ecs:tasks', 'ecs:services-api', 'ecs:clusters-start-empty', 'ecs:default-cluster', 'ecs:task-metadata'],
  logs: ['logs'],
  s3: ['s3'],
  dynamodb: ['dynamodb'],
  sts: [],
};

function capabilitiesOf(services: ReadonlySet<OfferedService>): ReadonlySet<Capability> {
  return new Set([...services].flatMap((service) => capabilitiesByService[service]));
}

/** Any HTTP answer will do: compatible servers differ in where they report their health, if they do at all. */
async function probeEndpoint(
  endpoint: string,
): Promise<{ available: true; description: string } | { available: false; reason: string }> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(probeTimeout) });
    await response.body?.cancel();
    return { available: true, description: `attached to ${endpoint}` };
  } catch (error) {
    return {
      available: false,
      reason: `LOCALSTACK_ENDPOINT=${endpoint} does not answer (${causeOf(error)}); start the server or correct the variable`,
    };
  }
}

/** `fetch` says only "fetch failed"; its cause knows why. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

const connection = z.object({
  endpoint: z.string(),
  account: z.string(),
  services: z.array(z.enum(offeredServices)),
  identity: z.object({ server: z.enum(attachedServers), title: z.string() }).optional(),
});

/** The server belongs to whoever started it: nothing is started, and nothing stopped. */
async function attach({
  localstackEndpoint: endpoint,
  localstackCredentials,
  region,
  account: assumedAccount,
}: Settings): Promise<LongLivedEnvironment> {
  if (!endpoint) throw new Error('LOCALSTACK_ENDPOINT is not set.');
  const [{ services, account = assumedAccount }, identity] = await Promise.all([
    lookForServices(endpoint, region, localstackCredentials),
    identifyServer(endpoint),
  ]);
  if (services.size === 0) {
    throw new Error(
      `${endpoint} answers, but no call of ${offeredServices.join(', ')}; ` +
        'is LOCALSTACK_ENDPOINT an AWS endpoint, and does it take LOCALSTACK_ACCESS_KEY_ID and LOCALSTACK_SECRET_ACCESS_KEY?',
    );
  }
  return { connection: { endpoint, account, services: [...services], identity }, stop: () => Promise.resolve() };
}
