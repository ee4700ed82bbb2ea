import type { StreamSpecification } from '@aws-sdk/client-dynamodb';
import { invalidParameters } from '../refusals.ts';

// A table keeps its stream's specification and ARN, so that what declares one (as templates and tests
// do that never read it) works as on AWS. The API that reads streams, DynamoDB Streams, is a service of its
// own with its own endpoint prefix; the gateway refuses it by name, so nobody takes an empty stream for one.

/** @throws AwsError ValidationException when the view type does not fit. @param operation which words it its own way */
export function refuseMalformedStream(
  stream: StreamSpecification | undefined,
  operation: 'CreateTable' | 'UpdateTable',
): void {
  if (!stream || Boolean(stream.StreamEnabled) === Boolean(stream.StreamViewType)) return;
  throw invalidParameters(misfits[operation][stream.StreamEnabled ? 'enabled' : 'disabled']);
}

/** AWS calls StreamViewType by an older name here. */
const misfits = {
  CreateTable: {
    enabled: 'Table is being created with a stream enabled, UpdateViewType is required',
    disabled: 'Table is being created with a stream disabled, UpdateViewType should not be specified',
  },
  UpdateTable: {
    enabled: 'If stream is being enabled then UpdateViewType is required',
    disabled: 'If stream is being disabled, then UpdateViewType must not be specified',
  },
};

/** What tells a table's streams apart: when each was enabled. @param now milliseconds since the Unix epoch */
export function newStreamLabel(now: number): string {
  return new Date(now).toISOString().replace('Z', '');
}
