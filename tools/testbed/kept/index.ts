import type { KeptName } from '../state-folder.ts';
import type { KeptEnvironment } from './kept.ts';
import { local } from './local.ts';
import { localstack } from './localstack.ts';

export type * from './kept.ts';

/** Every environment that can be kept up between runs. */
export const keptEnvironments: Readonly<Record<KeptName, KeptEnvironment>> = { local, localstack };
