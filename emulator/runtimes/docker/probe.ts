import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dockerAddresses, type DockerAddress } from './docker-address.ts';

export type DockerProbe =
  | { readonly available: true; readonly description: string; readonly address: DockerAddress }
  | { readonly available: false; readonly reason: string };

/** How long a daemon may take to say who it is, in milliseconds; a socket that is not there costs nothing. */
const ANSWER_BOUND = 3000;

/**
 * Looks for a Docker daemon at the addresses where Docker's own tools would: the one that is set
 * (`DOCKER_HOST`, the current context), or else the usual sockets. The first that answers wins.
 *
 * @returns what answers, or why none does: the addresses tried and each one's problem. Never rejects.
 */
export async function probeDocker(): Promise<DockerProbe> {
  const problems: string[] = [];
  let addresses: readonly DockerAddress[];
  try {
    addresses = dockerAddresses();
  } catch (error) {
    return { available: false, reason: `no Docker daemon: ${textOf(error)}` };
  }
  for (const address of addresses) {
    try {
      const version = await askVersion(address);
      return { available: true, description: `Docker ${version} at ${address.url}`, address };
    } catch (error) {
      // Of the usual places that are not there, the first says enough.
      if (problems.length > 0 && address.source === undefined && isMissing(error)) continue;
      problems.push(
        `${address.url}${address.source === undefined ? '' : ` (from ${address.source})`}: ${textOf(error)}`,
      );
    }
  }
  return { available: false, reason: `no Docker daemon at ${problems.join('; ')}` };
}

async function askVersion(address: DockerAddress): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = address.tlsFolder === undefined ? request : secureRequest;
    const call = send(
      {
        ...(address.socketPath === undefined
          ? { host: address.host, port: address.port }
          : { socketPath: address.socketPath }),
        ...(address.tlsFolder !== undefined && tlsFiles(address.tlsFolder)),
        path: '/version',
        agent: false,
        signal: AbortSignal.timeout(ANSWER_BOUND),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const version = /"Version":\s*"(?<version>[^"]+)"/.exec(Buffer.concat(chunks).toString())?.groups?.[
            'version'
          ];
          if (response.statusCode === 200 && version !== undefined) resolve(version);
          else reject(new Error(`answers ${response.statusCode} to GET /version, not as a Docker daemon`));
        });
      },
    );
    call.on('error', (error) => {
      reject(error.name === 'AbortError' ? new Error(`no answer within ${ANSWER_BOUND} ms`) : error);
    });
    call.end();
  });
}

/** The client's certificates, named as Docker's own tools expect them. */
export function tlsFiles(folder: string): { ca: Buffer; cert: Buffer; key: Buffer } {
  const read = (name: string): Buffer => readFileSync(path.join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : undefined;
  if (isMissing(error)) return 'there is no such socket';
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'EACCES') return 'permission denied; add your user to the group that owns it';
  return error.message;
}
