import { invalidRequest } from '../errors.ts';
import { checkedCustomerKey, type CustomerKeyInput } from '../objects/encryption.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * Parts of an upload that is encrypted with a key of the client come with that key, others with none.
 *
 * @throws AwsError InvalidRequest, and those of a key that is none
 */
export function checkPartKey({ attributes }: UploadRecord, input: CustomerKeyInput): void {
  const expected = attributes.encryption?.SSECustomerKeyMD5;
  const given = checkedCustomerKey(input)?.SSECustomerKeyMD5;
  if (given === expected) return;
  if (expected === undefined) {
    throw invalidRequest(
      'The multipart upload initiate requested no encryption. Part requests must not include encryption parameters.',
    );
  }
  throw invalidRequest(
    given === undefined
      ? 'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.'
      : 'The provided encryption parameters did not match the ones used originally.',
  );
}
