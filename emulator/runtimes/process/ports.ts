import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { NetworkBinding, PortMapping } from '../runtime.ts';

/** A port of this machine that is a container's until it is released. */
export interface ReservedPort extends NetworkBinding {
  release(): void;
}

/** Below the range from which kernels take ports for outgoing connections (32768 on Linux, 49152 elsewhere). */
const FIRST = 20_000;
const LAST = 31_999;
const ATTEMPTS = 200;

/** Ports that containers of this process have; a container binds its port later, so asking the kernel is not enough. */
const taken = new Set<string>();

/**
 * Reserves a host port for a container port.
 *
 * Containers bind their port themselves and some time later; until then, other tasks must not get it.
 * Within this process a registry sees to that; against other test workers, a socket of the other protocol
 * (UDP for a TCP port and the other way round) is bound to the same number and held, which the kernel
 * frees however we end.
 *
 * @param mapping a `hostPort` other than 0 must be had exactly
 * @throws Error in Docker's words when that port is taken
 */
export async function reservePort(mapping: PortMapping): Promise<ReservedPort> {
  if (mapping.hostPort) {
    const reserved = await tryReserve(mapping, mapping.hostPort, false);
    if (!reserved) throw new Error(`Bind for 127.0.0.1:${mapping.hostPort} failed: port is already allocated`);
    return reserved;
  }
  let port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const reserved = await tryReserve(mapping, port, true);
    if (reserved) return reserved;
    port = port === LAST ? FIRST : port + 1;
  }
  throw new Error(
    `no free port for container port ${mapping.containerPort}: ${ATTEMPTS} tried from ${FIRST} to ${LAST}`,
  );
}

async function tryReserve(
  { containerPort, protocol }: PortMapping,
  hostPort: number,
  guard: boolean,
): Promise<ReservedPort | undefined> {
  const key = `${protocol}:${hostPort}`;
  if (taken.has(key)) return undefined;
  taken.add(key);
  const guardSocket = guard ? await bindGuard(protocol, hostPort) : undefined;
  if ((guard && !guardSocket) || !(await isFree(protocol, hostPort))) {
    guardSocket?.close();
    taken.delete(key);
    return undefined;
  }
  return {
    bindIP: '127.0.0.1',
    containerPort,
    hostPort,
    protocol,
    release: () => {
      guardSocket?.close();
      taken.delete(key);
    },
  };
}

interface Closable {
  close(): unknown;
}

async function bindGuard(protocol: 'tcp' | 'udp', port: number): Promise<Closable | undefined> {
  const guard = protocol === 'tcp' ? await bindUdp(port) : await bindTcp(port, '127.0.0.1');
  guard?.unref();
  return guard;
}

/** Whether a container could bind the port on every address, as most servers do. */
async function isFree(protocol: 'tcp' | 'udp', port: number): Promise<boolean> {
  for (const address of ['0.0.0.0', '127.0.0.1']) {
    const probe = protocol === 'tcp' ? await bindTcp(port, address) : await bindUdp(port, address);
    if (!probe) return false;
    await new Promise<void>((resolve) => void probe.close(() => resolve()));
  }
  return true;
}

async function bindTcp(port: number, host: string): Promise<ReturnType<typeof createServer> | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

async function bindUdp(port: number, address = '127.0.0.1'): Promise<UdpSocket | undefined> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address, exclusive: true }, () => resolve(socket));
  });
}
