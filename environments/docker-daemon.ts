/** Whether a Docker daemon answers, and the address that was asked. */
export interface DockerDaemon {
  readonly answers: boolean;
  /** As a message names it: `/var/run/docker.sock` or `tcp://host:2375`. */
  readonly address: string;
}

/** Milliseconds that a daemon gets to answer a ping; a local one takes about ten. */
const pingTimeout = 2_000;

/** Asks the Docker daemon that `DOCKER_HOST` names, or the usual socket, for a sign of life. Never rejects. */
export async function findDockerDaemon(): Promise<DockerDaemon> {
  const { default: Docker } = await import('dockerode');
  const docker = new Docker({ timeout: pingTimeout });
  const { socketPath, host, port } = docker.modem as { socketPath?: string; host?: string; port?: number | string };
  const address = socketPath ?? `tcp://${host}:${port}`;
  const answers = await docker.ping().then(
    () => true,
    () => false,
  );
  return { answers, address };
}
