import Docker from 'dockerode';
import type { DockerAddress } from './docker-address.ts';
import { tlsFiles } from './probe.ts';

/** A client of the daemon at an address that answered. Nothing is sent before it is used. */
export function openEngine(address: DockerAddress): Docker {
  if (address.socketPath !== undefined) return new Docker({ socketPath: address.socketPath });
  const { host = '127.0.0.1', port = 2375, tlsFolder } = address;
  if (tlsFolder === undefined) return new Docker({ host, port, protocol: 'http' });
  return new Docker({ host, port, protocol: 'https', ...tlsFiles(tlsFolder) });
}
