import { type CommandContext, keptMeant, type Run } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { keptEnvironments } from './kept/index.ts';
import { type KeptName, locked, readRecord, removeRecord } from './state-folder.ts';
import { lockTimeout } from './start.ts';

/** Ends what `start` began. Where nothing is up, nothing happens. */
export const stop: Run = async (context) => {
  for (const name of keptMeant(context.command.environment)) context.print(await stopOne(name, context));
  return exitCodes.done;
};

/**
 * @returns a line that says what was done
 * @throws Error when it cannot be ended; it stays written down then
 */
export async function stopOne(name: KeptName, context: CommandContext): Promise<string> {
  const { folder, tell } = context;
  if (!readRecord(folder, name)) return `${name}: nothing to stop`;
  return await locked(folder, name, lockTimeout, async () => {
    const record = readRecord(folder, name);
    if (!record) return `${name}: nothing to stop`;
    const who = record.kind === 'process' ? `process ${record.process.pid}` : `container ${record.name}`;
    tell(`${name}: ${who} is being stopped`);
    await keptEnvironments[name].end(record, context);
    removeRecord(folder, name);
    return `${name}: stopped (${who})`;
  });
}
