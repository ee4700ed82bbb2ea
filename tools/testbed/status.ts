import { asJson, type CommandContext, keptMeant, type Run } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { type Condition, keptEnvironments } from './kept/index.ts';
import { type KeptName, type KeptRecord, logFile, readRecord } from './state-folder.ts';

/** What `status --json` tells of one environment. */
export interface KeptStatus {
  readonly environment: KeptName;
  /** `gone`: its process or container has ended without `stop`. */
  readonly state: 'down' | Condition['state'];
  readonly detail: string;
  readonly endpoint?: string;
  readonly startedAt?: string;
  readonly pid?: number;
  readonly container?: string;
  readonly image?: string;
  readonly log?: string;
}

/** Says what is kept up, since when, how it is and where. */
export const status: Run = async (context) => {
  const names = keptMeant(context.command.environment);
  const found = await Promise.all(names.map((name) => statusOf(name, context)));
  if (context.command.json) context.print(asJson(found));
  else for (const one of found) context.print(describe(one, Date.now()));
  if (found.every(({ state }) => state === 'down' || state === 'gone')) return exitCodes.notKept;
  return found.some(({ state }) => state === 'unhealthy' || state === 'starting') ? exitCodes.failed : exitCodes.done;
};

/** Looks how an environment is; where it cannot be asked, that is what is wrong with it. */
export async function statusOf(name: KeptName, context: CommandContext): Promise<KeptStatus> {
  const record = readRecord(context.folder, name);
  if (!record) return { environment: name, state: 'down', detail: 'not kept up' };
  const condition = await keptEnvironments[name]
    .inspect(record, context)
    .catch((error: unknown): Condition => ({ state: 'unhealthy', detail: messageOf(error) }));
  return statusFrom(name, record, condition, context.folder);
}

/** What is told of an environment that is written down. */
export function statusFrom(name: KeptName, record: KeptRecord, condition: Condition, folder: string): KeptStatus {
  const { startedAt, endpoint } = record;
  const what =
    record.kind === 'process'
      ? { pid: record.process.pid, log: logFile(folder, name) }
      : { container: record.name, image: record.image };
  return { environment: name, ...condition, ...(endpoint !== undefined && { endpoint }), startedAt, ...what };
}

/** One line, e.g. `local: healthy at http://127.0.0.1:4566 for 3 min (process 4711)`. */
export function describe(
  { environment, state, detail, endpoint, startedAt, ...what }: KeptStatus,
  now: number,
): string {
  if (state === 'down') return `${environment}: down`;
  if (state === 'gone') {
    return `${environment}: gone, ${detail}; what is written down of it is stale: \`testbed start\` or \`testbed clean\` removes it`;
  }
  const who = what.pid === undefined ? `container ${what.container}, ${what.image}` : `process ${what.pid}`;
  const since = startedAt === undefined ? '' : ` for ${duration(now - Date.parse(startedAt))}`;
  const problem = state === 'healthy' ? '' : `: ${detail}`;
  return `${environment}: ${state}${endpoint === undefined ? '' : ` at ${endpoint}`}${since} (${who})${problem}`;
}

/** @param milliseconds of a clock that may have been set back */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
