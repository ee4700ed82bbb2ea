import type { EnvironmentName, Settings } from '../../../environments/settings.ts';

/** What `doctor` found of one thing. */
export interface Finding {
  readonly name: string;
  /** `missing`: the environment cannot be used without it. */
  readonly status: 'ok' | 'warning' | 'missing';
  readonly found: string;
  /** What to do; there where the status is not `ok`. */
  readonly remedy?: string;
}

/** What the checks are told. */
export interface CheckContext {
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  readonly variables: NodeJS.ProcessEnv;
  /** The state folder. */
  readonly folder: string;
}
