import { z } from 'zod';
import { probeDocker } from '../../emulator/runtimes/index.ts';
import type { LongLivedEnvironment } from '../broker/broker.ts';
import { leaseEnvironment, leaseTimeout } from '../broker/lease.ts';
import { type Capability, capabilities } from '../capabilities.ts';
import type { EnvironmentDefinition } from '../environment.ts';
import type { Settings } from '../settings.ts';
import { placeholderPlacement } from '../task-placement.ts';

/** What LocalStack-compatible servers take from anyone. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

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
    const { endpoint, account } = connection.parse(leased);
    return {
      name: 'localstack',
      description: `attached to ${endpoint}`,
      endpoint,
      region: settings.region,
      account,
      credentials,
      capabilities: assumedCapabilities,
      ...placeholderPlacement({ account, region: settings.region }),
      // What is leased belongs to the main process.
      stop: () => Promise.resolve(),
    };
  },
};

/** A server that we did not start is taken at its word, but for what its containers can reach and where they run. */
const notAssumed: readonly Capability[] = [
  'ecs:container-instances',
  'images:workloads',
  'network:external',
  'runtime:docker',
  'runtime:process',
];
const assumedCapabilities: ReadonlySet<Capability> = new Set(
  capabilities.filter((capability) => !notAssumed.includes(capability)),
);

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

const connection = z.object({ endpoint: z.string(), account: z.string() });

/** The server belongs to whoever started it: nothing is started, and nothing stopped. */
async function attach({ localstackEndpoint: endpoint, region }: Settings): Promise<LongLivedEnvironment> {
  if (!endpoint) throw new Error('LOCALSTACK_ENDPOINT is not set.');
  return { connection: { endpoint, account: await accountOf(endpoint, region) }, stop: () => Promise.resolve() };
}

/** Compatible servers differ in the account that they play. */
async function accountOf(endpoint: string, region: string): Promise<string> {
  // Only a run that selects `localstack` pays for loading the client.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ endpoint, region, credentials });
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account) throw new Error(`${endpoint} answered GetCallerIdentity without an account.`);
    return Account;
  } finally {
    client.destroy();
  }
}
