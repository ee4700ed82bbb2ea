import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { LongLivedEnvironment } from '../broker/broker.ts';
import type { Settings } from '../settings.ts';
import { placeholderPlacement } from '../task-placement.ts';
import { attachedServers, identifyServer, type ServerIdentity } from './attached-server.ts';
import { imageOf, startContainer } from './container.ts';
import { ownControlPlanes } from './control-planes.ts';
import type { GeneratedFiles } from './generated-files.ts';
import { lookForServices, type OfferedService, offeredServices } from './offered-services.ts';
import { makePlacement } from './placement.ts';

/** What a worker is told of the server that it leases. */
export type ServerConnection = z.infer<typeof serverConnection>;

export const serverConnection = z.object({
  endpoint: z.string(),
  account: z.string(),
  /** What it answers for. */
  services: z.array(z.enum(offeredServices)),
  /** The key pair that it takes, where it made that for itself, and the certificate that it is trusted by. */
  generated: z
    .object({ ca: z.string(), credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }) })
    .optional(),
  /** Who it is, where that is known. */
  identity: z.object({ server: z.enum(attachedServers), title: z.string() }).optional(),
  partition: z.string(),
  network: z.object({ subnets: z.array(z.string()), securityGroups: z.array(z.string()) }),
  roles: z.object({ executionRoleArn: z.string(), taskRoleArn: z.string() }),
});

/** A server that is there for one worker slot, and what becomes of it at the end. */
export interface LentServer extends LongLivedEnvironment {
  readonly connection: ServerConnection;
}

/**
 * The server at `LOCALSTACK_ENDPOINT`. It belongs to whoever started it: nothing is started, and nothing stopped.
 *
 * @throws Error when it has none of the services that scenarios use
 */
export async function attachToServer(settings: Settings, endpoint: string): Promise<LentServer> {
  const [offered, identity] = await Promise.all([look(settings, endpoint), identifyServer(endpoint)]);
  if (offered.services.length === 0) {
    throw new Error(
      `${endpoint} answers, but no call of ${offeredServices.join(', ')}; ` +
        'is LOCALSTACK_ENDPOINT an AWS endpoint, and does it take LOCALSTACK_ACCESS_KEY_ID and LOCALSTACK_SECRET_ACCESS_KEY?',
    );
  }
  const placement = placeholderPlacement({ account: offered.account, region: settings.region });
  return {
    connection: mutable({ endpoint, ...offered, ...(identity && { identity }), ...placement }),
    stop: () => Promise.resolve(),
  };
}

/**
 * A server in a container of our own, with what it wants to be there before the first scenario.
 *
 * @throws Error that says what did not happen; nothing is left behind
 */
export async function startServer(
  settings: Settings,
  run: { readonly runId: string; readonly slot: number; readonly signal: AbortSignal },
): Promise<LentServer> {
  const { preset, image } = imageOf(settings);
  const container = await startContainer(settings, run);
  const { endpoint, generated } = container;
  try {
    const offered = await lookUntilComplete(settings, endpoint, preset.services ?? [], generated);
    if (offered.services.length === 0) {
      throw new Error(`${image} started, and answers no call of ${offeredServices.join(', ')}.`);
    }
    const missing = (preset.services ?? []).filter((service) => !offered.services.includes(service));
    if (missing.length > 0) {
      throw new Error(
        `${image} started, and answers no call of ${missing.join(', ')}, which ${preset.title} has; is this machine too busy?`,
      );
    }
    const identity: ServerIdentity = { server: preset.name, title: `${preset.title} (${image})` };
    const isNative = !ownControlPlanes(settings, preset).includes('ecs');
    const { region, localstackCredentials: credentials } = settings;
    const placement =
      preset.checksPlacement && isNative
        ? await makePlacement({ endpoint, region, account: offered.account, credentials })
        : placeholderPlacement({ account: offered.account, region });
    return {
      connection: mutable({ endpoint, ...offered, identity, ...(generated && { generated }), ...placement }),
      stop: () => container.stop(),
    };
  } catch (error) {
    await container.stop();
    throw error;
  }
}

/** Milliseconds in which a server of our own is asked again for what it should have, and did not answer for. */
const completionTimeout = 60_000;

/** LocalStack loads a service when it is first asked, and DynamoDB may take several looks on a busy machine. */
async function lookUntilComplete(
  settings: Settings,
  endpoint: string,
  expected: readonly OfferedService[],
  generated: GeneratedFiles | undefined,
): Promise<Pick<ServerConnection, 'services' | 'account'>> {
  const start = performance.now();
  for (;;) {
    const offered = await look(settings, endpoint, generated);
    const isComplete = expected.every((service) => offered.services.includes(service));
    if (isComplete || performance.now() - start >= completionTimeout) return offered;
    await pause(500);
  }
}

async function look(
  { region, localstackCredentials, account: assumedAccount }: Settings,
  endpoint: string,
  generated?: GeneratedFiles,
): Promise<Pick<ServerConnection, 'services' | 'account'>> {
  const credentials = generated?.credentials ?? localstackCredentials;
  const { services, account = assumedAccount } = await lookForServices(endpoint, region, credentials, generated?.ca);
  return { services: [...services], account };
}

/** What is sent as JSON is nobody's to share. */
function mutable(
  connection: Omit<ServerConnection, 'network'> & {
    readonly network: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
  },
): ServerConnection {
  const { subnets, securityGroups } = connection.network;
  return { ...connection, network: { subnets: [...subnets], securityGroups: [...securityGroups] } };
}
