import type { SSESpecification } from '@aws-sdk/client-dynamodb';
import { partitionOf } from '../../../partition.ts';
import type { DynamodbState } from '../state.ts';
import { invalidParameters } from '../refusals.ts';

// Items are kept as they are; a table only remembers which key it was told to use. No key is looked up.

/**
 * Reads how a table is to be encrypted; undefined for DynamoDB's own key, which is the default.
 *
 * @throws AwsError ValidationException
 */
export function readEncryption(specification: SSESpecification | undefined): SSESpecification | undefined {
  const { Enabled, SSEType, KMSMasterKeyId } = specification ?? {};
  if (Enabled === false) {
    if (SSEType) throw invalidParameters('SSEType can not be specified if Enabled is false');
    if (KMSMasterKeyId) throw invalidParameters('KMSMasterKeyId can not be specified if Enabled is false');
  }
  if (SSEType === 'AES256') throw invalidParameters('SSEType AES256 is not supported');
  if (KMSMasterKeyId && !SSEType) throw invalidParameters('SSEType KMS is required if KMSMasterKeyId is specified');
  return Enabled || SSEType ? specification : undefined;
}

/** The same for a table that has one already; what is so already is refused. @throws AwsError ValidationException */
export function readEncryptionChange(
  state: DynamodbState,
  current: SSESpecification | undefined,
  specification: SSESpecification,
): SSESpecification | undefined {
  const wanted = readEncryption(specification);
  if (!wanted && !current) throw invalidParameters('Table is already encrypted by default');
  if (current && wanted?.KMSMasterKeyId === keyArn(state, current)) {
    throw invalidParameters(
      'Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key',
    );
  }
  return wanted;
}

/** The ARN of the key, as a description shows it. */
export function keyArn({ region, account }: DynamodbState, { KMSMasterKeyId }: SSESpecification): string {
  const key = KMSMasterKeyId ?? 'alias/aws/dynamodb';
  if (key.startsWith('arn:')) return key;
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${key.startsWith('alias/') ? key : `key/${key}`}`;
}
