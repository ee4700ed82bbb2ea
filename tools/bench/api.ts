import { benchCalls, type CallOptions } from './calls.ts';
import { ecsFamily } from './ecs-workload.ts';
import type { Row } from './report.ts';

/** Calls of the control plane, one after the other and many at once. */
export function benchApi(options: CallOptions): Promise<Row[]> {
  return benchCalls(
    { name: 'api', title: 'API calls through the SDK', families: [ecsFamily], concurrencies: [1, 32] },
    options,
  );
}
