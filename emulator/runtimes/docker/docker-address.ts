import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where a Docker daemon may listen: a socket, or a host and port. */
export interface DockerAddress {
  /** As `DOCKER_HOST` would have it, for messages. */
  readonly url: string;
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  /** The folder of the client's certificates, when the daemon asks for TLS. */
  readonly tlsFolder?: string;
  /** What named this address, for messages; none for the usual places. */
  readonly source?: string;
}

/**
 * The addresses to try, in order. One that somebody set is the only one: to fall back silently to another
 * daemon would run containers where nobody looks for them.
 *
 * @param environment `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, `DOCKER_CONTEXT`, `DOCKER_CONFIG`
 *   mean what they mean to Docker's own command line
 * @throws Error when what is set is no address that can be used
 */
export function dockerAddresses(environment: NodeJS.ProcessEnv = process.env): DockerAddress[] {
  const configFolder = environment['DOCKER_CONFIG'] ?? path.join(homedir(), '.docker');
  const host = environment['DOCKER_HOST'];
  if (host) {
    const tls = environment['DOCKER_TLS_VERIFY'] ? { tlsFolder: environment['DOCKER_CERT_PATH'] ?? configFolder } : {};
    return [{ ...parseAddress(host), ...tls, source: 'DOCKER_HOST' }];
  }
  const context = environment['DOCKER_CONTEXT'] ?? currentContext(configFolder);
  if (context !== undefined && context !== '' && context !== 'default') return [contextAddress(configFolder, context)];
  if (process.platform === 'win32') return [parseAddress('npipe:////./pipe/docker_engine')];
  return usualSockets(environment).map((socket) => parseAddress(`unix://${socket}`));
}

function usualSockets(environment: NodeJS.ProcessEnv): string[] {
  const runtimeFolder = environment['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtimeFolder === undefined ? [] : [path.join(runtimeFolder, 'docker.sock')]),
    path.join(homedir(), '.docker/run/docker.sock'),
    path.join(homedir(), '.docker/desktop/docker.sock'),
  ];
}

function parseAddress(text: string): DockerAddress {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.*)$/.exec(text) ?? [];
  if (scheme === 'unix') return { url: text, socketPath: rest };
  if (scheme === 'npipe') return { url: text, socketPath: rest.replaceAll('/', '\\') };
  if (scheme === 'tcp' || scheme === 'http' || scheme === 'https') {
    const url = new URL(`http://${rest}`);
    return { url: text, host: url.hostname, port: Number(url.port || 2375) };
  }
  throw new Error(`the address ${text} is none that can be used; accepted are unix://, npipe:// and tcp://`);
}

function currentContext(configFolder: string): string | undefined {
  const config = readJson(path.join(configFolder, 'config.json'));
  return typeof config?.['currentContext'] === 'string' ? config['currentContext'] : undefined;
}

/** Docker keeps a context's metadata in a folder named by the digest of the context's name. */
function contextAddress(configFolder: string, context: string): DockerAddress {
  const digest = createHash('sha256').update(context).digest('hex');
  const file = path.join(configFolder, 'contexts', 'meta', digest, 'meta.json');
  const endpoints = readJson(file)?.['Endpoints'];
  const docker = isRecord(endpoints) && isRecord(endpoints['docker']) ? endpoints['docker'] : {};
  const host = docker['Host'];
  if (typeof host !== 'string') {
    throw new Error(
      `the Docker context ${context} names no daemon in ${file}; choose another with \`docker context use\``,
    );
  }
  return { ...parseAddress(host), source: `the Docker context ${context}` };
}

function readJson(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const parsed: unknown = JSON.parse(text);
  return isRecord(parsed) ? parsed : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
