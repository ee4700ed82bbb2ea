import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECSClient, ECSServiceException, ListClustersCommand } from '@aws-sdk/client-ecs';
import { startProgram } from './children.ts';
import { mustUndo } from './cleanup.ts';
import { callsOn, createWorkload, type OperationName, OPERATIONS, type Workload } from './ecs-workload.ts';
import { cpuTime, peakMemory } from './process-usage.ts';
import { recordBodies } from './recorded-bodies.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

const CONCURRENCIES = [1, 32];
const NAME = 'bench';

export interface ApiOptions {
  readonly rounds: number;
  /** How long each measurement calls, in milliseconds. */
  readonly window: number;
  /** Other endpoints to measure beside the emulator. */
  readonly peers: readonly { readonly name: string; readonly url: string }[];
  readonly progress: (line: string) => void;
}

/**
 * Calls per second through the SDK, against the emulator in a process of its own and against peers, each
 * as a ratio to a bare server that answers at once with as many bytes. All are measured in turns in every
 * round, so that what else the machine does strikes them alike.
 */
export async function benchApi(options: ApiOptions): Promise<Row[]> {
  const section = 'API calls through the SDK';
  const emulator = startProgram('emulator/main.ts', ['--port', '0', '--runtime', 'process']);
  const url = (await emulator.line(/AWS_ENDPOINT_URL=(\S+)/, 30_000))[1] ?? '';
  const rows: Row[] = [];
  let own: Target;
  try {
    own = await prepare('emulator', url, emulator.pid);
  } catch (error) {
    await emulator.stop();
    return [{ section, name: 'emulator, all of it', unit: '× bare', problem: messageOf(error) }];
  }
  const bare = await startBareServer(url, own);
  const targets = [bare, own];
  for (const peer of options.peers) {
    try {
      targets.push(await prepare(peer.name, peer.url));
    } catch (error) {
      rows.push({ section, name: `${peer.name}, all of it`, unit: '× bare', problem: messageOf(error) });
    }
  }

  const measured = await measureInTurns(targets, options);
  for (const operation of OPERATIONS) {
    for (const concurrency of CONCURRENCIES) {
      for (const target of targets.slice(1)) {
        rows.push(rowOf(section, operation, concurrency, target, measured));
      }
    }
  }
  rows.push(...costRows(measured));
  const memory = summarize([peakMemory(emulator.pid)]);
  rows.push({ section: 'Memory', name: 'emulator, peak of the API part', figure: memory, unit: 'MiB' });
  for (const target of targets) await target.stop();
  await bare.stopServer();
  await emulator.stop();
  return rows;
}

interface Target {
  readonly name: string;
  /** Of the server's process, when it is a child of this one. */
  readonly pid?: number;
  readonly workload: Workload;
  stop(): Promise<void>;
}

async function prepare(name: string, url: string, pid?: number): Promise<Target> {
  const client = clientOf(url);
  await waitUntilItAnswers(name, client);
  const workload = await createWorkload(client, NAME, url);
  const stop = mustUndo(async () => {
    await workload.remove();
    client.destroy();
  });
  return { name, workload, stop, ...(pid !== undefined && { pid }) };
}

/** Has the emulator's own answers sent back by a server that does nothing else. */
async function startBareServer(emulatorUrl: string, own: Target): Promise<Target & { stopServer(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'testbed-bench-'));
  const removeFolder = mustUndo(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'bodies.json');
  writeFileSync(file, JSON.stringify(await recordBodies(clientOf(emulatorUrl), own.workload.taskArn, NAME)));
  const server = startProgram('tools/bench/bare-server.ts', [file]);
  const url = (await server.line(/listening on (\S+)/, 30_000))[1] ?? '';
  const client = clientOf(url);
  return {
    name: 'bare',
    pid: server.pid,
    workload: {
      calls: callsOn(client, NAME, own.workload.taskArn),
      taskArn: own.workload.taskArn,
      taskProblem: undefined,
      remove: () => Promise.resolve(),
    },
    stop: () => Promise.resolve(client.destroy()),
    async stopServer() {
      await server.stop();
      await removeFolder();
    },
  };
}

/** By target, operation and concurrency: calls per second and the server's CPU time per call (µs) of each round. */
type Measured = Map<string, { readonly rates: number[]; readonly costs: number[]; problem?: string }>;

const keyOf = (target: Target, operation: OperationName, concurrency: number) =>
  `${target.name} ${operation} ${concurrency}`;

/** Into how many slices a measurement is cut, so that the targets take turns often. */
const SLICES = 4;

/** Round 0 warms up and is forgotten; which target goes first moves on with every slice. */
async function measureInTurns(targets: readonly Target[], options: ApiOptions): Promise<Measured> {
  const measured: Measured = new Map();
  for (let round = 0; round <= options.rounds; round += 1) {
    options.progress(round === 0 ? 'api: warming up' : `api: round ${round} of ${options.rounds}`);
    for (const operation of OPERATIONS) {
      for (const concurrency of CONCURRENCIES) {
        for (const [target, outcome] of await takeTurns(targets, operation, concurrency, options.window / SLICES)) {
          const key = keyOf(target, operation, concurrency);
          const result = measured.get(key) ?? { rates: [], costs: [] };
          measured.set(key, result);
          if (typeof outcome === 'string') result.problem ??= outcome;
          else if (round > 0) {
            result.rates.push(outcome.calls / outcome.seconds);
            if (outcome.cpu > 0) result.costs.push((outcome.cpu * 1000) / outcome.calls);
          }
        }
      }
    }
  }
  return measured;
}

interface Turns {
  calls: number;
  seconds: number;
  /** CPU time of the server, milliseconds; 0 when it is not known. */
  cpu: number;
}

/** What each target did in its turns, or what went wrong. */
async function takeTurns(
  targets: readonly Target[],
  operation: OperationName,
  concurrency: number,
  window: number,
): Promise<Map<Target, Turns | string>> {
  const totals = new Map<Target, Turns>(targets.map((target) => [target, { calls: 0, seconds: 0, cpu: 0 }]));
  const problems = new Map<Target, string>();
  for (let slice = 0; slice < SLICES; slice += 1) {
    const order = [...targets.slice(slice % targets.length), ...targets.slice(0, slice % targets.length)];
    for (const target of order) {
      const total = totals.get(target);
      if (!total || problems.has(target)) continue;
      const start = performance.now();
      const cpu = cpuTimeOf(target);
      try {
        total.calls += await callFor(window, target.workload.calls[operation], concurrency);
        total.seconds += (performance.now() - start) / 1000;
        total.cpu += cpuTimeOf(target) - cpu;
      } catch (error) {
        problems.set(target, messageOf(error));
      }
    }
  }
  return new Map(Array.from(totals, ([target, total]) => [target, problems.get(target) ?? total]));
}

function cpuTimeOf({ pid }: Target): number {
  return (pid === undefined ? undefined : cpuTime(pid)) ?? 0;
}

/** Keeps `concurrency` calls going for `window` milliseconds; returns how many there were. */
async function callFor(window: number, call: () => Promise<unknown>, concurrency: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  const caller = async () => {
    while (performance.now() - start < window) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return calls;
}

function rowOf(
  section: string,
  operation: OperationName,
  concurrency: number,
  target: Target,
  measured: Measured,
): Row {
  const name = `${operation} × ${concurrency}, ${target.name}`;
  const { rates = [], problem } = measured.get(keyOf(target, operation, concurrency)) ?? {};
  const bare = measured.get(`bare ${operation} ${concurrency}`)?.rates ?? [];
  const ratios = rates.flatMap((rate, round) => (bare[round] === undefined ? [] : [rate / bare[round]]));
  if (problem !== undefined || ratios.length === 0) {
    return { section, name, unit: '× bare', problem: problem ?? 'nothing was measured' };
  }
  const { taskProblem } = target.workload;
  const missingTask = operation === 'DescribeTasks' && taskProblem !== undefined;
  return {
    section,
    name,
    figure: summarize(ratios),
    unit: '× bare',
    note:
      `${Math.round(summarize(rates).median)} of ${Math.round(summarize(bare).median)} calls/s` +
      (missingTask ? ` (asked for a missing task: ${taskProblem})` : ''),
    ...(target.name === 'emulator' && concurrency === 32 && { goal: { is: 'at least', value: 0.85 } as const }),
  };
}

/** What a call costs the server, which other work on the machine hardly changes. */
function costRows(measured: Measured): Row[] {
  return OPERATIONS.flatMap((operation) => {
    const costs = measured.get(`emulator ${operation} 32`)?.costs ?? [];
    const bare = measured.get(`bare ${operation} 32`)?.costs ?? [];
    if (costs.length === 0 || bare.length === 0) return [];
    return [
      {
        section: 'CPU time of a call in the server',
        name: `${operation} × 32, emulator`,
        figure: summarize(costs),
        unit: 'µs' as const,
        note: `bare ${Math.round(summarize(bare).median)} µs`,
      },
    ];
  });
}

function clientOf(endpoint: string): ECSClient {
  return new ECSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** A peer's container may still be starting; it gets a minute. */
async function waitUntilItAnswers(name: string, client: ECSClient): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await client.send(new ListClustersCommand({}));
      return;
    } catch (error) {
      // A refusal is an answer too.
      if (statusOf(error) !== undefined) return;
      if (Date.now() > deadline) {
        throw new Error(`${name} did not answer ListClusters within 60 s: ${messageOf(error)}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof ECSServiceException ? error.$metadata.httpStatusCode : undefined;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [line = ''] = error.message.split('\n');
  return error.name === 'Error' ? line : `${error.name}: ${line}`;
}
