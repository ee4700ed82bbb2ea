import { startDetachedProcess } from '../detached-process.ts';
import type { DockerAddress } from './docker-address.ts';
import { RUNTIME_LABEL } from './leftovers.ts';

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
  const reaper = startDetachedProcess(process.execPath, ['-e', REAPER, JSON.stringify(where), filters], {});
  return { close: async () => reaper.close('goodbye') };
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
