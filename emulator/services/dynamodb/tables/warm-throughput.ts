import type { WarmThroughput } from '@aws-sdk/client-dynamodb';
import { invalidParameters } from './refusals.ts';
import type { TableRecord, ThroughputRecord } from './table-record.ts';

/** What a new table sustains at once (developer guide, "Understanding DynamoDB warm throughput"). */
export function initialWarmThroughput(
  { ReadCapacityUnits, WriteCapacityUnits }: ThroughputRecord,
  onDemand: boolean,
): { ReadUnitsPerSecond: number; WriteUnitsPerSecond: number } {
  if (onDemand) return { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
  return { ReadUnitsPerSecond: ReadCapacityUnits, WriteUnitsPerSecond: WriteCapacityUnits };
}

/**
 * Checks the warm throughput that is asked of a new table or index billed per request.
 *
 * @param place `table` or `index orders-by-date`
 * @throws AwsError ValidationException for less than it would have by itself
 */
export function readWarmThroughput(
  billingMode: TableRecord['billingMode'],
  asked: WarmThroughput | undefined,
  place: string,
): WarmThroughput | undefined {
  if (!asked || billingMode !== 'PAY_PER_REQUEST') return asked;
  const initial = initialWarmThroughput({ ReadCapacityUnits: 0, WriteCapacityUnits: 0 }, true);
  for (const unit of ['ReadUnitsPerSecond', 'WriteUnitsPerSecond'] as const) {
    if ((asked[unit] ?? initial[unit]) < initial[unit]) {
      throw invalidParameters(
        `Requested ${unit} for WarmThroughput for ${place} is lower than initial throughput for OnDemand`,
      );
    }
  }
  return asked;
}
