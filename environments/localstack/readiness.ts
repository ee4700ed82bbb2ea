import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { WaitStrategy } from 'testcontainers';
import { redact } from './redact-token.ts';
import type { Preset } from './presets/preset.ts';

/** What is asked of a container while it is waited for: dockerode's, or a test's. */
export interface WatchedContainer {
  inspect(): Promise<{
    readonly State: {
      readonly Running: boolean;
      readonly Status?: string;
      readonly ExitCode: number;
      readonly OOMKilled?: boolean;
    };
  }>;
  logs(options: { stdout: true; stderr: true; tail: number; follow?: false }): Promise<Buffer>;
}

export interface ReadinessOptions {
  /** As messages call it, e.g. `localstack/localstack:4.14.0`. */
  readonly image: string;
  readonly preset: Pick<Preset, 'health' | 'protocol' | 'title'>;
  /** `http://127.0.0.1:<port>`, or https */
  readonly endpoint: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Is taken out of everything that is told. */
  readonly secret: string | undefined;
}

/** Milliseconds: between two looks, and for the answer to one. */
const interval = 150;
const answerTimeout = 5_000;
/** How much of a container's log a failure tells. */
const toldLines = 20;
/** LocalStack's exit code when it does not accept the token, or misses one. */
const licenceExitCode = 55;

/**
 * Waits until a server in a container is ready, by its health body. A container that has ended is noticed
 * at once, whatever it was waited for.
 *
 * @throws Error that says what was waited for, the last state and the last lines of the container's log
 */
export async function waitForServer(container: WatchedContainer, options: ReadinessOptions): Promise<void> {
  const { endpoint, preset, signal, timeout, image } = options;
  const url = new URL(preset.health.path, endpoint).href;
  const start = performance.now();
  let last = 'no answer yet';
  for (;;) {
    if (signal.aborted) throw new Error(`The run ended while ${image} was starting.`);
    const answer = await ask(url, preset.health);
    if (answer === 'ready') return;
    last = answer;
    const { State } = await container.inspect();
    if (!State.Running) throw await endedError(container, State, options);
    if (performance.now() - start >= timeout) {
      const waited = `${image} was not ready after ${timeout / 1_000} s: waited for ${url}, last state: ${last}.`;
      throw new Error(`${waited}${await lastLines(container, options.secret)}`);
    }
    await pause(interval);
  }
}

/**
 * Watches a container from its creation until `isDone`, so that one which ends before it has even bound its port
 * is noticed, too.
 *
 * @throws Error as `waitForServer` does when it has ended
 */
export async function watchForEnd(
  container: WatchedContainer,
  options: Pick<ReadinessOptions, 'image' | 'preset' | 'secret'>,
  isDone: () => boolean,
): Promise<void> {
  while (!isDone()) {
    const state = await container.inspect().then(
      ({ State }) => State,
      () => undefined,
    );
    // Whoever has removed it says why.
    if (!state) return;
    if (state.Status === 'exited' || state.Status === 'dead') throw await endedError(container, state, options);
    await pause(interval);
  }
}

/** The same as `waitForServer`, as testcontainers takes it. */
export function readinessStrategy(
  options: Omit<ReadinessOptions, 'endpoint'> & {
    readonly endpointOf: (hostPort: number) => string;
    readonly port: number;
  },
): WaitStrategy {
  const strategy: WaitStrategy = {
    waitUntilReady: (container, boundPorts) =>
      waitForServer(container, { ...options, endpoint: options.endpointOf(boundPorts.getBinding(options.port)) }),
    // The deadline is ours: nothing in testcontainers is to change it.
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => options.timeout,
  };
  return strategy;
}

/** @returns `ready`, or what the server said instead */
async function ask(url: string, { isReady, anyStatus }: Preset['health']): Promise<string> {
  try {
    const { status, body } = await get(url);
    if (!anyStatus && status !== 200) return `status ${status}`;
    return isReady(body) ? 'ready' : `status ${status} with the body ${JSON.stringify(body.slice(0, 200))}`;
  } catch (error) {
    return `no answer (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** A certificate that the server has just made for itself tells nothing: it is the container that we know. */
function get(url: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const options = { signal: AbortSignal.timeout(answerTimeout), agent: false as const };
    const request = url.startsWith('https:')
      ? httpsRequest(url, { ...options, rejectUnauthorized: false })
      : httpRequest(url, options);
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.end();
  });
}

async function endedError(
  container: WatchedContainer,
  state: { readonly ExitCode: number; readonly OOMKilled?: boolean },
  { image, preset, secret }: Pick<ReadinessOptions, 'image' | 'preset' | 'secret'>,
): Promise<Error> {
  if (state.ExitCode === licenceExitCode) {
    return new Error(
      `${image} ended with exit code ${licenceExitCode}: it wants a licence and got ${secret ? 'a token that it does not accept' : 'no token'}; ` +
        'set LOCALSTACK_AUTH_TOKEN to a valid token, or LOCALSTACK_IMAGE=localstack/localstack:4.14.0, the last image that ' +
        'needs none (without a token that is the default), or LOCALSTACK_IMAGE to another preset, such as ministack.',
    );
  }
  const killed = state.OOMKilled ? ', killed because it used up its memory' : '';
  return new Error(
    `${image} (${preset.title}) ended with exit code ${state.ExitCode}${killed}, before it was ready.${await lastLines(container, secret)}`,
  );
}

async function lastLines(container: WatchedContainer, secret: string | undefined): Promise<string> {
  try {
    const log = plainText(await container.logs({ stdout: true, stderr: true, tail: toldLines }));
    const lines = log
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-toldLines);
    if (lines.length === 0) return ' Its log is empty.';
    return ` The last lines of its log:\n${lines.map((line) => `  ${redact(line, secret)}`).join('\n')}`;
  } catch (error) {
    return ` Its log could not be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Docker frames each piece of a log with 8 bytes: the stream, three zeros and the length. */
function plainText(log: Buffer): string {
  const pieces: string[] = [];
  let offset = 0;
  while (offset + 8 <= log.length && (log[offset] ?? 3) <= 2 && log.readUIntBE(offset + 1, 3) === 0) {
    const length = log.readUInt32BE(offset + 4);
    pieces.push(log.toString('utf8', offset + 8, offset + 8 + length));
    offset += 8 + length;
  }
  return offset === 0 ? log.toString() : pieces.join('');
}
