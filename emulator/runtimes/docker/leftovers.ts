import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import type Docker from 'dockerode';
import type { DockerAddress } from './docker-address.ts';

export const RUN_LABEL = 'cloud-testbed.run-id';
export const RUNTIME_LABEL = 'cloud-testbed.runtime-id';
const OWNER_LABEL = 'cloud-testbed.owner';

/** What every container, network and volume of a runtime carries. */
export function ownerLabels(runId: string, runtimeId: string): Record<string, string> {
  return { [RUN_LABEL]: runId, [RUNTIME_LABEL]: runtimeId, [OWNER_LABEL]: `${hostname()}/${process.pid}` };
}

/** Removes all containers, then networks and volumes with a label. Never rejects. */
export async function removeLabelled(engine: Docker, label: string, value: string): Promise<void> {
  const filters = { label: [`${label}=${value}`] };
  await ignoringErrors(async () => {
    const containers = await engine.listContainers({ all: true, filters });
    await all(containers, async ({ Id }) => engine.getContainer(Id).remove({ force: true, v: true }));
  });
  await ignoringErrors(async () => {
    const networks = await engine.listNetworks({ filters });
    await all(networks, async ({ Id }) => engine.getNetwork(Id).remove());
  });
  await ignoringErrors(async () => {
    const { Volumes } = await engine.listVolumes({ filters: JSON.stringify(filters) });
    await all(Volumes ?? [], async ({ Name }) => engine.getVolume(Name).remove());
  });
}

/** Removes what runtimes of this machine left whose process is gone. Never rejects. */
export async function sweepOrphans(engine: Docker): Promise<void> {
  await ignoringErrors(async () => {
    const filters = { label: [RUNTIME_LABEL] };
    const [containers, networks] = await Promise.all([
      engine.listContainers({ all: true, filters }),
      engine.listNetworks({ filters }),
    ]);
    const orphaned = [...containers, ...networks].flatMap(({ Labels: labels }) => {
      const runtimeId = labels?.[RUNTIME_LABEL];
      return runtimeId !== undefined && isGone(labels?.[OWNER_LABEL]) ? [runtimeId] : [];
    });
    await all([...new Set(orphaned)], async (runtimeId) => removeLabelled(engine, RUNTIME_LABEL, runtimeId));
  });
}

function isGone(owner: string | undefined): boolean {
  const [machine, processId] = owner?.split('/') ?? [];
  if (machine !== hostname() || !processId) return false;
  try {
    process.kill(Number(processId), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

async function all<Item>(items: readonly Item[], remove: (item: Item) => Promise<unknown>): Promise<void> {
  await Promise.all(items.map(async (item) => ignoringErrors(async () => remove(item))));
}

async function ignoringErrors(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch {
    // Gone already, or in use: removal is tried again at the next occasion.
  }
}

/** Removes what a runtime made when its process was killed. */
export interface Reaper {
  /** Ends it without removing anything; resolves when its process is gone. */
  close(): Promise<void>;
}

/**
 * Starts the reaper: a process in a session of its own that reads a pipe from us. The kernel closes the
 * pipe however we end; unless we said goodbye before, it then removes all that carries the runtime's label.
 * With a daemon behind TLS there is none, and the next runtime's sweep does the work.
 */
export function startReaper(address: DockerAddress, runtimeId: string): Reaper | undefined {
  if (address.tlsFolder !== undefined) return undefined;
  const where =
    address.socketPath === undefined ? { host: address.host, port: address.port } : { socketPath: address.socketPath };
  const filters = JSON.stringify({ label: [`${RUNTIME_LABEL}=${runtimeId}`] });
  const child = spawn(process.execPath, ['-e', REAPER, JSON.stringify(where), filters], {
    detached: true,
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    close: async () => {
      child.ref();
      child.stdin.end('goodbye');
      await ended;
    },
  };
}

/** Plain JavaScript with nothing but Node: it must run when all else is gone. */
const REAPER = `
const http = require('node:http');
const [where, filters] = [JSON.parse(process.argv[1]), process.argv[2]];
const query = 'filters=' + encodeURIComponent(filters);
const call = (method, path) => new Promise((resolve) => {
  const request = http.request({ ...where, method, path, agent: false, timeout: 30000 }, (response) => {
    let body = '';
    response.on('data', (chunk) => (body += chunk));
    response.on('end', () => { try { resolve(JSON.parse(body)); } catch { resolve(undefined); } });
    response.on('error', () => resolve(undefined));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(undefined));
  request.end();
});
const list = async (path) => { const found = await call('GET', path); return Array.isArray(found) ? found : []; };
let said = '';
process.stdin.on('data', (chunk) => (said += chunk));
process.stdin.on('error', () => {});
process.stdin.on('close', async () => {
  if (said === 'goodbye') return;
  // Twice: a request that was on its way may still make a container after the first look.
  for (const wait of [0, 2000]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const containers = await list('/containers/json?all=1&' + query);
    await Promise.all(containers.map(({ Id }) => call('DELETE', '/containers/' + Id + '?force=1&v=1')));
    const networks = await list('/networks?' + query);
    await Promise.all(networks.map(({ Id }) => call('DELETE', '/networks/' + Id)));
    const volumes = (await call('GET', '/volumes?' + query))?.Volumes ?? [];
    await Promise.all(volumes.map(({ Name }) => call('DELETE', '/volumes/' + encodeURIComponent(Name))));
  }
});
`;
