import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { identifyProcess, isSameProcess } from './process-identity.ts';

/** The environments that can be kept up between runs. */
export const keptNames = ['local', 'localstack'] as const;
export type KeptName = (typeof keptNames)[number];

const common = {
  /** ISO 8601 */
  startedAt: z.string(),
  /** Not known before it listens. */
  endpoint: z.string().optional(),
};
const processIdentity = z.object({ pid: z.number().int().positive(), since: z.string() });

/** What is written down of a kept environment: enough to find, ask and end it. Nothing secret. */
const record = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('process'), ...common, process: processIdentity }),
  z.object({ kind: z.literal('container'), ...common, container: z.string(), name: z.string(), image: z.string() }),
]);
export type KeptRecord = z.infer<typeof record>;
export type KeptProcess = Extract<KeptRecord, { kind: 'process' }>;
export type KeptContainer = Extract<KeptRecord, { kind: 'container' }>;

/** Where the state, the logs and the locks are; nobody else can read it. */
export function stateFolder(variables: NodeJS.ProcessEnv = process.env): string {
  const own = variables['TESTBED_STATE'];
  if (own) return path.resolve(own);
  const base = variables['XDG_STATE_HOME'];
  // The XDG specification has relative paths ignored.
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.local/state'), 'cloud-testbed');
}

/** A short name of a state folder, for what must be told apart by it. */
export function folderDigest(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 8);
}

export function logFile(folder: string, name: KeptName): string {
  return path.join(folder, `${name}.log`);
}

/** @returns undefined where none is written down, or nothing that can be understood */
export function readRecord(folder: string, name: KeptName): KeptRecord | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(recordFile(folder, name), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes it down whole or not at all. */
export function writeRecord(folder: string, name: KeptName, value: KeptRecord): void {
  makeFolder(folder);
  const file = recordFile(folder, name);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

export function removeRecord(folder: string, name: KeptName): void {
  rmSync(recordFile(folder, name), { force: true });
}

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/**
 * Does something while no other command of this state folder starts or stops the same environment.
 *
 * @param timeout milliseconds to wait for the other one
 * @throws Error that names the process that holds the lock, when the time is over
 */
export async function locked<Result>(
  folder: string,
  name: KeptName,
  timeout: number,
  action: () => Promise<Result>,
): Promise<Result> {
  makeFolder(folder);
  const file = path.join(folder, `${name}.lock`);
  const deadline = performance.now() + timeout;
  while (!takeLock(file)) {
    const holder = readLock(file);
    if (holder && !isSameProcess(holder)) {
      breakLock(file, holder);
      continue;
    }
    if (performance.now() >= deadline) {
      const who = holder ? `process ${holder.pid}` : 'another command';
      throw new Error(
        `${who} still starts or stops ${name} after ${timeout / 1_000} s; if it does not, remove ${file}`,
      );
    }
    await pause(100);
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identifyProcess(process.pid)), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that has ended; one that somebody took in the meantime stays with him. */
function breakLock(file: string, ended: z.infer<typeof processIdentity>): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readLock(aside)?.pid !== ended.pid) linkSync(aside, file);
  } catch {
    // Another command was quicker.
  }
  rmSync(aside, { force: true });
}

/** @returns undefined for one that is gone again, or is just being written */
function readLock(file: string): z.infer<typeof processIdentity> | undefined {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function recordFile(folder: string, name: KeptName): string {
  return path.join(folder, `${name}.json`);
}
