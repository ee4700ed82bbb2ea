import type { WarmThroughput } from '@aws-sdk/client-dynamodb';
import { invalidParameters } from '../refusals.ts';
import type { TableRecord, ThroughputRecord } from './table-record.ts';

// Rules and wording as they were measured on AWS in October 2026.

/** What a table or an index sustains at once. */
export interface Warmth {
  readonly ReadUnitsPerSecond: number;
  readonly WriteUnitsPerSecond: number;
}

/** What a new table sustains at once (developer guide, "Understanding DynamoDB warm throughput"). */
export function initialWarmThroughput(
  { ReadCapacityUnits, WriteCapacityUnits }: ThroughputRecord,
  onDemand: boolean,
): Warmth {
  if (onDemand) return { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
  return { ReadUnitsPerSecond: ReadCapacityUnits, WriteUnitsPerSecond: WriteCapacityUnits };
}

/**
 * The warm throughput of a new table or index: what is asked for, and by itself what is not.
 *
 * @param place `table` or `index orders-by-date`
 * @throws AwsError ValidationException for less than it would have by itself
 */
export function readWarmThroughput(
  billingMode: TableRecord['billingMode'],
  throughput: ThroughputRecord,
  asked: WarmThroughput | undefined,
  place: string,
): Warmth {
  const onDemand = billingMode === 'PAY_PER_REQUEST';
  return merged(initialWarmThroughput(throughput, onDemand), asked, (unit) => {
    const least = onDemand
      ? `initial throughput for OnDemand. See: ${initialThroughputPage}`
      : `${capacityUnits[unit]} of ProvisionedThroughput`;
    return `Requested ${unit} for WarmThroughput for ${place} is lower than ${least}`;
  });
}

/** The same for one that is there. @throws AwsError ValidationException for less than it has */
export function changeWarmThroughput(current: Warmth, asked: WarmThroughput | undefined, place: string): Warmth {
  return merged(
    current,
    asked,
    (unit) =>
      `Requested ${unit} for WarmThroughput for ${place} is lower than current WarmThroughput, ` +
      'decreasing WarmThroughput is not supported',
  );
}

/** What has become warm stays so when the throughput changes or the billing mode. */
export function warmest(a: Warmth, b: Warmth): Warmth {
  return {
    ReadUnitsPerSecond: Math.max(a.ReadUnitsPerSecond, b.ReadUnitsPerSecond),
    WriteUnitsPerSecond: Math.max(a.WriteUnitsPerSecond, b.WriteUnitsPerSecond),
  };
}

const capacityUnits = {
  ReadUnitsPerSecond: 'ReadCapacityUnits',
  WriteUnitsPerSecond: 'WriteCapacityUnits',
} as const satisfies Record<keyof Warmth, string>;

const initialThroughputPage =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial';

function merged(least: Warmth, asked: WarmThroughput | undefined, refusal: (unit: keyof Warmth) => string): Warmth {
  const unitsOf = (unit: keyof Warmth): number => {
    const units = asked?.[unit] ?? least[unit];
    if (units < least[unit]) throw invalidParameters(refusal(unit));
    return units;
  };
  return {
    ReadUnitsPerSecond: unitsOf('ReadUnitsPerSecond'),
    WriteUnitsPerSecond: unitsOf('WriteUnitsPerSecond'),
  };
}
