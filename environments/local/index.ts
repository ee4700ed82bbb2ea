import type { Emulator } from '../../emulator/index.ts';
import { probeDocker } from '../../emulator/runtimes/index.ts';
import { type Capability, capabilities } from '../capabilities.ts';
import type { Environment, EnvironmentDefinition, FaultInjector, OutsideHost } from '../environment.ts';
import type { Settings } from '../settings.ts';
import { placeholderPlacement } from '../task-placement.ts';

/** The credentials that the embedded AWS knows. They open nothing but the emulator of this worker. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The embedded AWS, inside the worker process. Every worker has its own, so tests of two never meet. */
export const local: EnvironmentDefinition = {
  name: 'local',

  async probe({ localRuntime }) {
    if (localRuntime === 'process') return { available: true, description: describe('process') };
    const docker = await probeDocker();
    if (docker.available) return { available: true, description: describe('docker') };
    if (localRuntime === 'auto') return { available: true, description: describe('process') };
    return {
      available: false,
      reason: `${docker.reason}; start Docker, or set LOCAL_RUNTIME=process or auto`,
    };
  },

  async start({ settings, runId }) {
    // Only a worker that runs `local` pays for loading the emulator.
    const { startEmulator } = await import('../../emulator/index.ts');
    const emulator = await startEmulator({
      account: settings.account,
      region: settings.region,
      credentials,
      verifySignatures: true,
      runtime: settings.localRuntime,
      runId,
      containerInstances: settings.containerInstances,
    });
    return toEnvironment(emulator, settings);
  },
};

function toEnvironment(emulator: Emulator, settings: Settings): Environment {
  const { endpoint, account, region, runtime } = emulator;
  return {
    name: 'local',
    description: describe(runtime),
    endpoint,
    region,
    account,
    credentials,
    capabilities: capabilitiesOf(runtime, settings),
    ...placeholderPlacement({ account, region }),
    outside: outsideOf(emulator),
    addContainerInstances: (cluster, count) => addContainerInstances(emulator, cluster, count),
    faults: injectorOf(emulator),
    collectTrace: async (testId) => emulator.trace.calls({ testId }),
    resources: async () => emulator.resources(),
    stop: () => emulator.stop(),
  };
}

function injectorOf({ faults }: Emulator): FaultInjector {
  return {
    inject: async (rule) => faults.inject(rule).id,
    countInjected: async (id) => faults.list().find((fault) => fault.id === id)?.injected ?? 0,
    remove: async (id) => void faults.remove(id),
  };
}

function describe(runtime: Emulator['runtime']): string {
  return `embedded, ${runtime} runtime`;
}

function capabilitiesOf(runtime: Emulator['runtime'], settings: Settings): ReadonlySet<Capability> {
  const otherRuntime: Record<Emulator['runtime'], Capability> = {
    docker: 'runtime:process',
    process: 'runtime:docker',
  };
  const lacking = new Set<Capability>([otherRuntime[runtime]]);
  if (settings.containerInstances > 0) lacking.add('ecs:clusters-start-empty');
  return new Set(capabilities.filter((capability) => !lacking.has(capability)));
}

/** On Docker Desktop, containers reach this machine's loopback interface under the same name. */
function outsideOf({ runtime, gatewayHost = '127.0.0.1' }: Emulator): OutsideHost {
  return runtime === 'process'
    ? { bindAddress: '127.0.0.1', hostname: 'localhost' }
    : { bindAddress: gatewayHost, hostname: 'host.docker.internal' };
}

/** @throws Error with the emulator's words when it refuses */
async function addContainerInstances(
  { endpoint, region }: Emulator,
  cluster: string,
  count: number,
): Promise<readonly string[]> {
  const response = await fetch(`${endpoint}/_testbed/ecs/container-instances`, {
    method: 'POST',
    body: JSON.stringify({ region, cluster, count }),
  });
  const answer = (await response.json()) as { containerInstanceArns?: string[]; message?: string };
  if (!answer.containerInstanceArns) throw new Error(`No container instances for ${cluster}: ${answer.message}`);
  return answer.containerInstanceArns;
}
