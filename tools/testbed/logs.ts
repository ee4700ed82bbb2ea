import { existsSync } from 'node:fs';
import { keptNamed, type Run } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { keptEnvironments } from './kept/index.ts';
import { logFile, readRecord } from './state-folder.ts';

/** Prints what the kept environment printed; of `local` also after its end, until the next start or `clean`. */
export const logs: Run = async (context) => {
  const { command, folder, signal } = context;
  const name = keptNamed(command.environment ?? 'local');
  const record = readRecord(folder, name);
  if (!record && !existsSync(logFile(folder, name))) {
    console.error(`${name} is not kept up and has no log; \`testbed start --env ${name}\` starts it`);
    return exitCodes.notKept;
  }
  const write = (text: string): void => void process.stdout.write(text);
  await keptEnvironments[name].writeLog(record, context, write, command.follow ? signal : undefined);
  return signal.aborted ? exitCodes.interrupted : exitCodes.done;
};
