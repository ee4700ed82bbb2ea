import { connect } from 'node:net';

export type DockerProbe =
  | { readonly available: true; readonly description: string; readonly socketPath: string }
  | { readonly available: false; readonly reason: string };

/** Looks for a Docker daemon. */
export async function probeDocker(): Promise<DockerProbe> {
  const socketPath = '/var/run/docker.sock';
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve({ available: true, description: `Docker at ${socketPath}`, socketPath });
    });
    socket.once('error', (error) => {
      resolve({ available: false, reason: `No Docker daemon answers at ${socketPath} (${error.message})` });
    });
  });
}
