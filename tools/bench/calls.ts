import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProgram } from './children.ts';
import { mustUndo } from './cleanup.ts';
import { cpuTime, peakMemory } from './process-usage.ts';
import { formatAnswers, recordAnswers } from './recorded-answers.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';
import type { BenchClient, Calls, Family } from './workload.ts';

export interface CallOptions {
  readonly rounds: number;
  /** How long each measurement calls, in milliseconds. */
  readonly window: number;
  /** Other endpoints to measure beside the emulator. */
  readonly peers: readonly Peer[];
  readonly progress: (line: string) => void;
}

export interface Peer {
  readonly name: string;
  readonly url: string;
}

/** What a section of the report measures. */
export interface CallSection {
  /** As on the command line, for the progress. */
  readonly name: string;
  readonly title: string;
  readonly families: readonly Family[];
  readonly concurrencies: readonly number[];
}

/**
 * Calls per second through the SDK, against the emulator in a process of its own and against peers, each
 * as a ratio to a bare server that answers at once with as many bytes. All are measured in turns in every
 * round, so that what else the machine does strikes them alike.
 */
export async function benchCalls(section: CallSection, options: CallOptions): Promise<Row[]> {
  const emulator = startProgram('emulator/main.ts', ['--port', '0', '--runtime', 'process']);
  const url = (await emulator.line(/AWS_ENDPOINT_URL=(\S+)/, 30_000))[1] ?? '';
  const rates: Row[] = [];
  const costs: Row[] = [];
  for (const family of section.families) {
    const measured = await benchFamily(section, family, { name: 'emulator', url, pid: emulator.pid }, options);
    rates.push(...measured.rates);
    costs.push(...measured.costs);
  }
  const memory = summarize([peakMemory(emulator.pid)]);
  await emulator.stop();
  return [
    ...rates,
    ...costs,
    { section: 'Memory', name: `emulator, peak of the part '${section.name}'`, figure: memory, unit: 'MiB' },
  ];
}

async function benchFamily(
  { name: sectionName, title, concurrencies }: CallSection,
  family: Family,
  emulator: Peer & { readonly pid: number },
  options: CallOptions,
): Promise<{ readonly rates: Row[]; readonly costs: Row[] }> {
  const rates: Row[] = [];
  const refused = (name: string, error: unknown): Row => ({
    section: title,
    name: `${name}, all of ${family.service}`,
    unit: '× bare',
    problem: messageOf(error),
  });
  let own: Target;
  try {
    own = await prepare(family, emulator);
  } catch (error) {
    return { rates: [refused('emulator', error)], costs: [] };
  }
  const bare = await startBareServer(family, own, emulator.url);
  const targets: Target[] = [bare, own];
  for (const peer of options.peers) {
    try {
      targets.push(await prepare(family, peer));
    } catch (error) {
      rates.push(refused(peer.name, error));
    }
  }
  const measured = await measureInTurns(family, concurrencies, targets, {
    ...options,
    progress: (line) => options.progress(`${sectionName}: ${family.service}: ${line}`),
  });
  for (const operation of family.operations) {
    for (const concurrency of concurrencies) {
      for (const target of targets.slice(1)) {
        rates.push(rateRow(title, operation, concurrency, target, measured));
      }
    }
  }
  for (const target of targets) await target.stop();
  return { rates, costs: costRows(family, measured) };
}

interface Target {
  readonly name: string;
  /** Of the server's process, when it is a child of this one. */
  readonly pid?: number;
  readonly calls: Calls;
  callsOn(client: BenchClient): Calls;
  readonly remarks: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

async function prepare(family: Family, { name, url, pid }: Peer & { readonly pid?: number }): Promise<Target> {
  const client = family.client(url);
  await waitUntilItAnswers(name, family, client);
  const workload = await family.prepare(client, url);
  const stop = mustUndo(async () => {
    await workload.remove();
    client.destroy();
  });
  return {
    name,
    calls: workload.callsOn(client),
    callsOn: (other) => workload.callsOn(other),
    remarks: workload.remarks ?? {},
    stop,
    ...(pid !== undefined && { pid }),
  };
}

/** Has the emulator's own answers sent back by a server that does nothing else. */
async function startBareServer(family: Family, own: Target, ownUrl: string): Promise<Target> {
  const folder = mkdtempSync(path.join(tmpdir(), 'testbed-bench-'));
  const removeFolder = mustUndo(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'answers.json');
  const recorder = family.client(ownUrl);
  writeFileSync(file, formatAnswers(await recordAnswers(recorder, own.callsOn(recorder))));
  recorder.destroy();
  const server = startProgram('tools/bench/bare-server.ts', [file]);
  const url = (await server.line(/listening on (\S+)/, 30_000))[1] ?? '';
  const client = family.client(url);
  return {
    name: 'bare',
    pid: server.pid,
    calls: own.callsOn(client),
    callsOn: (other) => own.callsOn(other),
    remarks: {},
    async stop() {
      client.destroy();
      await server.stop();
      await removeFolder();
    },
  };
}

/** By target, operation and concurrency: calls per second and the server's CPU time per call (µs) of each round. */
type Measured = Map<string, { readonly rates: number[]; readonly costs: number[]; problem?: string }>;

const keyOf = (target: Target, operation: string, concurrency: number) => `${target.name} ${operation} ${concurrency}`;

/** Into how many slices a measurement is cut, so that the targets take turns often. */
const SLICES = 4;

/** Round 0 warms up and is forgotten; which target goes first moves on with every slice. */
async function measureInTurns(
  { operations }: Family,
  concurrencies: readonly number[],
  targets: readonly Target[],
  options: CallOptions,
): Promise<Measured> {
  const measured: Measured = new Map();
  for (let round = 0; round <= options.rounds; round += 1) {
    options.progress(round === 0 ? 'warming up' : `round ${round} of ${options.rounds}`);
    for (const operation of operations) {
      for (const concurrency of concurrencies) {
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
  operation: string,
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
        total.calls += await callFor(window, callOf(target, operation), concurrency);
        total.seconds += (performance.now() - start) / 1000;
        total.cpu += cpuTimeOf(target) - cpu;
      } catch (error) {
        problems.set(target, messageOf(error));
      }
    }
  }
  return new Map(Array.from(totals, ([target, total]) => [target, problems.get(target) ?? total]));
}

function callOf({ name, calls }: Target, operation: string): () => Promise<unknown> {
  const call = calls[operation];
  if (!call) throw new Error(`the workload of ${name} has no call of ${operation}`);
  return call;
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

function rateRow(section: string, operation: string, concurrency: number, target: Target, measured: Measured): Row {
  const name = `${operation} × ${concurrency}, ${target.name}`;
  const { rates = [], problem } = measured.get(keyOf(target, operation, concurrency)) ?? {};
  const bare = measured.get(`bare ${operation} ${concurrency}`)?.rates ?? [];
  const ratios = rates.flatMap((rate, round) => (bare[round] === undefined ? [] : [rate / bare[round]]));
  if (problem !== undefined || ratios.length === 0) {
    return { section, name, unit: '× bare', problem: problem ?? 'nothing was measured' };
  }
  const remark = target.remarks[operation];
  return {
    section,
    name,
    figure: summarize(ratios),
    unit: '× bare',
    note:
      `${Math.round(summarize(rates).median)} of ${Math.round(summarize(bare).median)} calls/s` +
      (remark === undefined ? '' : ` (${remark})`),
    ...(target.name === 'emulator' && concurrency === 32 && { goal: { is: 'at least', value: 0.85 } as const }),
  };
}

/** What a call costs the server, which other work on the machine hardly changes. */
function costRows({ operations }: Family, measured: Measured): Row[] {
  return operations.flatMap((operation) => {
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

/** A peer's container may still be starting; it gets a minute. */
async function waitUntilItAnswers(name: string, family: Family, client: BenchClient): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await family.probe(client);
      return;
    } catch (error) {
      // A refusal is an answer too.
      if (statusOf(error) !== undefined) return;
      if (Date.now() > deadline) {
        throw new Error(`${name} did not answer a call of ${family.service} within 60 s: ${messageOf(error)}`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Of an SDK's error; undefined where no answer came. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [line = ''] = error.message.split('\n');
  return error.name === 'Error' ? line : `${error.name}: ${line}`;
}
