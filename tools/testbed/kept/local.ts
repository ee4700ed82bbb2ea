import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { identifyProcess, isSameProcess } from '../process-identity.ts';
import {
  type KeptProcess,
  type KeptRecord,
  logFile,
  makeFolder,
  readRecord,
  removeRecord,
  writeRecord,
} from '../state-folder.ts';
import type { Condition, KeptEnvironment, KeptStart } from './kept.ts';
import { choosePort } from './port.ts';

const projectFolder = fileURLToPath(new URL('../../..', import.meta.url));

/** Milliseconds: from its start until it listens; for an answer; from SIGTERM to SIGKILL; between two looks. */
const startTimeout = 60_000;
const answerTimeout = 5_000;
const endTimeout = 50_000;
const interval = 100;

/** The embedded AWS in a process of its own, which no terminal and no run takes with it. */
export const local: KeptEnvironment = {
  name: 'local',

  async start(context) {
    const { folder, signal, tell } = context;
    const port = await choosePort(context.port);
    const started = spawnEmulator(context, port);
    writeRecord(folder, 'local', started);
    try {
      tell(`local: process ${started.process.pid} starts`);
      const endpoint = await waitForEndpoint(started, folder, signal);
      const record = { ...started, endpoint };
      await waitForHealth(record, signal);
      writeRecord(folder, 'local', record);
      return record;
    } catch (error) {
      await endProcess(started);
      removeRecord(folder, 'local');
      throw error;
    }
  },

  inspect: (record) => conditionOf(record),

  async end(record) {
    if (record.kind === 'process') await endProcess(record);
  },

  writeLog: (_record, { folder }, write, follow) => writeFile(folder, write, follow),
};

function spawnEmulator({ folder, settings }: KeptStart, port: number): KeptProcess {
  makeFolder(folder);
  const log = openSync(logFile(folder, 'local'), 'w', 0o600);
  try {
    const options: Record<string, string> = {
      port: String(port),
      account: settings.account,
      region: settings.region,
      runtime: settings.localRuntime,
      'container-instances': String(settings.containerInstances),
    };
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'emulator/main.ts',
        ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      ],
      { cwd: projectFolder, detached: true, stdio: ['ignore', log, log] },
    );
    child.once('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error('local: its process could not be started');
    return { kind: 'process', startedAt: new Date().toISOString(), process: identifyProcess(child.pid) };
  } finally {
    closeSync(log);
  }
}

async function waitForEndpoint(
  { process: emulator }: KeptProcess,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const file = logFile(folder, 'local');
  const deadline = performance.now() + startTimeout;
  for (;;) {
    const ended = !isSameProcess(emulator);
    const log = readFileSync(file, 'utf8');
    const endpoint = /^export AWS_ENDPOINT_URL=(\S+)\n/m.exec(log)?.[1];
    if (endpoint !== undefined) return endpoint;
    const said = log.trim() === '' ? 'Its log is empty.' : `Its log says:\n${log.trimEnd()}`;
    if (ended) throw new Error(`local ended before it was ready. ${said}`);
    if (signal.aborted) throw new Error('The start of local was interrupted.');
    if (performance.now() >= deadline) {
      throw new Error(`local was not ready after ${startTimeout / 1_000} s: waited for its endpoint. ${said}`);
    }
    await pause(interval);
  }
}

/** It answers at once, but for a machine that has too much to do. */
async function waitForHealth(record: KeptProcess, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + startTimeout;
  for (;;) {
    const { state, detail } = await conditionOf(record);
    if (state === 'healthy') return;
    if (signal.aborted) throw new Error('The start of local was interrupted.');
    if (state === 'gone' || performance.now() >= deadline) {
      throw new Error(`local did not get healthy within ${startTimeout / 1_000} s; last state: ${detail}`);
    }
    await pause(interval);
  }
}

async function conditionOf(record: KeptRecord): Promise<Condition> {
  if (record.kind !== 'process' || !isSameProcess(record.process)) {
    const pid = record.kind === 'process' ? record.process.pid : 0;
    return { state: 'gone', detail: `its process ${pid} has ended` };
  }
  const { endpoint } = record;
  if (endpoint === undefined) return { state: 'starting', detail: 'does not listen yet' };
  const url = new URL('/_testbed/health', endpoint);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerTimeout) });
    await response.body?.cancel();
    if (response.ok) return { state: 'healthy', detail: `${url.href} answers` };
    return { state: 'unhealthy', detail: `${url.href} answers with status ${response.status}` };
  } catch (error) {
    return { state: 'unhealthy', detail: `${url.href} does not answer (${causeOf(error)})` };
  }
}

/** @throws Error when it is still there after SIGKILL */
async function endProcess({ process: emulator }: KeptProcess): Promise<void> {
  for (const [name, timeout] of [
    ['SIGTERM', endTimeout],
    ['SIGKILL', answerTimeout],
  ] as const) {
    if (!isSameProcess(emulator)) return;
    try {
      process.kill(emulator.pid, name);
    } catch {
      // It has just ended.
    }
    const deadline = performance.now() + timeout;
    while (isSameProcess(emulator) && performance.now() < deadline) await pause(interval);
  }
  if (isSameProcess(emulator)) throw new Error(`local: process ${emulator.pid} is still there after SIGKILL`);
}

/** A log that begins anew while it is followed is one of another start: that ends it. */
async function writeFile(
  folder: string,
  write: (text: string) => void,
  follow: AbortSignal | undefined,
): Promise<void> {
  const file = await open(logFile(folder, 'local'));
  const decoder = new TextDecoder();
  try {
    const { ino } = await file.stat();
    let place = 0;
    for (;;) {
      // Asked for before the rest is read: what it prints as it ends is not missed.
      const record = readRecord(folder, 'local');
      const goesOn = record?.kind === 'process' && isSameProcess(record.process);
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(65_536), position: place });
      place += bytesRead;
      if (bytesRead > 0) write(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
      if (bytesRead > 0) continue;
      if (!follow || follow.aborted || !goesOn || !isSameFile(folder, ino, place)) return;
      await pause(interval * 2);
    }
  } finally {
    await file.close();
  }
}

function isSameFile(folder: string, ino: number, size: number): boolean {
  const now = statSync(logFile(folder, 'local'), { throwIfNoEntry: false });
  return now !== undefined && now.ino === ino && now.size >= size;
}

/** `fetch` says only "fetch failed"; its cause knows why. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
