import type Docker from 'dockerode';
import { probeDocker } from '../../../emulator/runtimes/index.ts';
import { stateLabel } from '../kept/localstack.ts';
import type { Leftover, Leftovers } from './leftover.ts';

const environmentLabel = 'cloud-testbed.environment';
const ownerLabel = 'cloud-testbed.owner';

/**
 * Looks for containers, networks and volumes of processes that are gone, and for a container that was kept up for
 * this state folder and of which nothing is written down any more. Without a Docker daemon there are none.
 */
export async function findDockerLeftovers(folder: string): Promise<Leftovers> {
  const docker = await probeDocker();
  if (!docker.available) return { found: [], leftAlone: [] };
  // Loaded only now: a machine without Docker has no use for its client.
  const [{ openEngine }, { findOrphans }] = await Promise.all([
    import('../../../emulator/runtimes/docker/engine.ts'),
    import('../../../emulator/runtimes/docker/leftovers.ts'),
  ]);
  const engine = openEngine(docker.address);
  const [orphans, servers] = await Promise.all([
    findOrphans(engine),
    engine.listContainers({ all: true, filters: { label: [environmentLabel] } }),
  ]);
  const ours = servers.filter(({ Labels: labels }) => labels[stateLabel] === folder);
  const others = servers.filter(
    ({ Labels: labels }) => labels[stateLabel] !== folder && labels[ownerLabel] === undefined,
  );
  return {
    found: [...orphans, ...ours.map((container) => leftoverOf(engine, container))],
    leftAlone: others.map(({ Id, Names: [name = Id], Labels: labels }) => ({
      kind: 'container' as const,
      name: name.replace(/^\//, ''),
      reason:
        labels[stateLabel] === undefined
          ? 'a run that goes on may use it, which ends it itself; if none does, remove it with `docker rm --force --volumes`'
          : `it is kept up for the state folder ${labels[stateLabel]}`,
    })),
  };
}

function leftoverOf(engine: Docker, { Id, Names: [name = Id] }: Docker.ContainerInfo): Leftover {
  return {
    kind: 'container',
    name: name.replace(/^\//, ''),
    remove: async () => {
      await engine
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch((error: { readonly statusCode?: number }) => {
          if (error.statusCode !== 404) throw error;
        });
    },
  };
}
