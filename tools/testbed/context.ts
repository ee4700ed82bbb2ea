import type { EnvironmentName, Settings } from '../../environments/settings.ts';
import { type CommandLine, UsageError } from './command-line.ts';
import { type KeptName, keptNames } from './state-folder.ts';

/** What every subcommand gets. */
export interface CommandContext {
  readonly command: CommandLine;
  readonly settings: Settings;
  /** The state folder. */
  readonly folder: string;
  /** Progress, on standard error. */
  readonly tell: (line: string) => void;
  /** A line for the user, on standard output. */
  readonly print: (line: string) => void;
  /** Is given when the command is interrupted. */
  readonly signal: AbortSignal;
}

/** A subcommand: does it, and says how it ended. */
export type Run = (context: CommandContext) => Promise<number>;

/**
 * The kept environment that was named, or all.
 *
 * @throws UsageError for one that cannot be kept up
 */
export function keptMeant(environment: EnvironmentName | undefined): readonly KeptName[] {
  if (environment === undefined) return keptNames;
  return [keptNamed(environment)];
}

/** @throws UsageError for one that cannot be kept up */
export function keptNamed(environment: EnvironmentName): KeptName {
  if (environment !== 'real-aws') return environment;
  throw new UsageError('real-aws is an account, which is always there: nothing of it is started, kept up or stopped.');
}

export function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
