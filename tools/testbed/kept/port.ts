import { createServer } from 'node:net';

/** Where LocalStack listens, and whoever is like it. */
export const usualPort = 4566;

/**
 * The port for a kept environment.
 *
 * @param wanted undefined for the usual one, or a free one (0) when that is taken
 * @throws Error when the one that was asked for is taken
 */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted === 0) return 0;
  if (await isFree(wanted ?? usualPort)) return wanted ?? usualPort;
  if (wanted === undefined) return 0;
  throw new Error(`port ${wanted} on 127.0.0.1 is taken by another process: stop it, or take --port 0, a free one`);
}

/** Whether somebody could listen there now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
