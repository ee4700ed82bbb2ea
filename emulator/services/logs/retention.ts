import type { DeleteRetentionPolicyRequest, PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { type Checked, findGroup, type LogsState } from './state.ts';

export const retentionOperations = {
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
};

/** API reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function putRetentionPolicy(
  state: LogsState,
  input: Checked<PutRetentionPolicyRequest, 'logGroupName' | 'retentionInDays'>,
) {
  const { logGroupName, retentionInDays } = input;
  if (!RETENTION_DAYS.includes(retentionInDays)) {
    throw new AwsError(
      'InvalidParameterException',
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
    );
  }
  findGroup(state, logGroupName).retentionInDays = retentionInDays;
  return {};
}

function deleteRetentionPolicy(state: LogsState, input: Checked<DeleteRetentionPolicyRequest, 'logGroupName'>) {
  findGroup(state, input.logGroupName).retentionInDays = undefined;
  return {};
}
