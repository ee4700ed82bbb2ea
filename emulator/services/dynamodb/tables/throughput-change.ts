import { invalid } from '../refusals.ts';
import type { ThroughputRecord } from './table-record.ts';

/**
 * A throughput after a change.
 *
 * @param owner as the refusal names it
 * @param now milliseconds since the Unix epoch
 * @throws AwsError ValidationException for a change to the same
 */
export function changedThroughput(
  current: ThroughputRecord,
  wanted: ThroughputRecord,
  kind: 'table' | 'index',
  owner: string,
  now: number,
): ThroughputRecord {
  const read = wanted.ReadCapacityUnits - current.ReadCapacityUnits;
  const write = wanted.WriteCapacityUnits - current.WriteCapacityUnits;
  if (read === 0 && write === 0) {
    throw invalid(
      `The provisioned throughput for the ${owner} will not change. The requested value equals the current value. ` +
        `Current ReadCapacityUnits provisioned for the ${kind}: ${current.ReadCapacityUnits}. ` +
        `Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. ` +
        `Current WriteCapacityUnits provisioned for the ${kind}: ${current.WriteCapacityUnits}. ` +
        `Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  }
  const decreased = read < 0 || write < 0;
  return {
    ...wanted,
    increased: read > 0 || write > 0 ? now : current.increased,
    decreased: decreased ? now : current.decreased,
    decreasesToday: decreasesOfToday(current, now) + (decreased ? 1 : 0),
  };
}

/** API reference, ProvisionedThroughputDescription: "for this calendar day, in UTC". */
function decreasesOfToday({ decreased, decreasesToday = 0 }: ThroughputRecord, now: number): number {
  const day = 24 * 60 * 60 * 1000;
  return decreased !== undefined && Math.floor(decreased / day) === Math.floor(now / day) ? decreasesToday : 0;
}
