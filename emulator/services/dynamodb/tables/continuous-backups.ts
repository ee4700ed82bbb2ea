import type { DescribeContinuousBackupsInput, UpdateContinuousBackupsInput } from '@aws-sdk/client-dynamodb';
import { AwsError, type Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { invalid } from '../refusals.ts';
import type { TableRecord } from './table-record.ts';

// Whether point-in-time recovery is on is kept and answered, since templates set it on most tables. There
// is nothing to restore from: RestoreTableToPointInTime is refused by name, as all of backup is.

export const continuousBackupOperations = {
  DescribeContinuousBackups(state, { TableName = '' }: DescribeContinuousBackupsInput) {
    return { ContinuousBackupsDescription: describe(state, find(state, TableName)) };
  },

  UpdateContinuousBackups(state, input: UpdateContinuousBackupsInput) {
    const table = find(state, input.TableName ?? '');
    const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
      input.PointInTimeRecoverySpecification ?? {};
    if (!enabled && days !== undefined) {
      throw invalid('Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.');
    }
    table.pointInTimeRecovery = enabled
      ? { since: table.pointInTimeRecovery?.since ?? state.clock.now(), days: days ?? 35 }
      : undefined;
    return { ContinuousBackupsDescription: describe(state, table) };
  },
} satisfies Record<string, Operation<DynamodbState>>;

function find(state: DynamodbState, nameOrArn: string): TableRecord {
  for (const table of state.tables.values()) {
    if (table.name === nameOrArn || table.arn === nameOrArn) return table;
  }
  throw new AwsError('TableNotFoundException', `Table not found: ${nameOrArn}`);
}

function describe(state: DynamodbState, { pointInTimeRecovery: recovery }: TableRecord): unknown {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(
            Math.max(recovery.since, state.clock.now() - recovery.days * 24 * 60 * 60 * 1000),
          ),
          LatestRestorableDateTime: new Date(state.clock.now()),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}
