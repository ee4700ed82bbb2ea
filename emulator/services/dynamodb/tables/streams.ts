import type { StreamSpecification } from '@aws-sdk/client-dynamodb';
import { invalidParameters } from './refusals.ts';

// A table keeps its stream's specification and ARN, so that what declares one (as templates and tests
// do that never read it) works as on AWS. The API that reads streams, DynamoDB Streams, is a service of its
// own with its own endpoint prefix; the gateway refuses it by name, so nobody takes an empty stream for one.

/** @throws AwsError ValidationException when the view type does not fit */
export function refuseMalformedStream(stream: StreamSpecification | undefined): void {
  if (!stream) return;
  if (stream.StreamEnabled && !stream.StreamViewType) {
    throw invalidParameters('StreamViewType is required when StreamEnabled is true');
  }
  if (!stream.StreamEnabled && stream.StreamViewType) {
    throw invalidParameters('StreamViewType cannot be specified when StreamEnabled is false');
  }
}

/** What tells a table's streams apart: when each was enabled. @param now milliseconds since the Unix epoch */
export function newStreamLabel(now: number): string {
  return new Date(now).toISOString().replace('Z', '');
}
