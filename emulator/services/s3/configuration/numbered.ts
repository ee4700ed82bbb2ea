import type { InventoryConfiguration } from '@aws-sdk/client-s3';
import { httpStatus } from '../../../protocols/protocol.ts';
import { AwsError, type Operation } from '../../../service.ts';
import { compareUtf8 } from '../../../sorted-map.ts';
import { findBucket, malformedXml } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { NumberedKind } from './bucket-configuration.ts';

/** The configurations of which a bucket may have many, each with an id: kept and answered, nothing is reported or moved. */
export const numberedOperations: Readonly<Record<string, Operation<S3State>>> = {
  ...operationsOf('Analytics'),
  ...operationsOf('IntelligentTiering'),
  ...operationsOf('Inventory'),
  ...operationsOf('Metrics'),
};

type Input = Readonly<Record<string, unknown>> & { readonly Bucket?: string; readonly Id?: string };

/** How many of each kind a bucket may have. */
const limit = 1000;

function operationsOf(kind: NumberedKind): Record<string, Operation<S3State>> {
  const member = `${kind}Configuration`;
  return {
    [`PutBucket${member}`](state: S3State, input: Input): object | undefined {
      const bucket = findBucket(state, input.Bucket);
      const given = input[member] as InventoryConfiguration | undefined;
      if (!given) throw malformedXml();
      const { Id: id = '' } = input;
      if (given.Id !== id) {
        if (kind !== 'Inventory') throw malformedXml();
        const message = 'Document ID does not match the specified configuration ID.';
        throw new AwsError('IdMismatch', message, { statusCode: 400 });
      }
      if (kind === 'Inventory') checkDestination(given);
      const held = configurations(bucket, kind);
      if (!held.has(id) && held.size >= limit) {
        const message =
          'You are attempting to create a new configuration but have already reached the 1,000-configuration limit.';
        throw new AwsError('TooManyConfigurations', message, { statusCode: 400 });
      }
      keep(bucket, kind, new Map(held).set(id, given));
      // Unlike their models, which say nothing of it.
      return kind === 'IntelligentTiering' ? undefined : { [httpStatus]: 204 };
    },
    [`GetBucket${member}`](state: S3State, input: Input): unknown {
      const found = configurations(findBucket(state, input.Bucket), kind).get(input.Id ?? '');
      if (!found) throw noSuchConfiguration();
      return { [member]: found };
    },
    [`ListBucket${member}s`](state: S3State, input: Input): unknown {
      const held = [...configurations(findBucket(state, input.Bucket), kind)];
      const list = held.toSorted(([a], [b]) => compareUtf8(a, b)).map(([, configuration]) => configuration);
      return { IsTruncated: false, ...(list.length > 0 && { [`${member}List`]: list }) };
    },
    [`DeleteBucket${member}`](state: S3State, input: Input): void {
      const bucket = findBucket(state, input.Bucket);
      const left = new Map(configurations(bucket, kind));
      if (!left.delete(input.Id ?? '')) throw noSuchConfiguration();
      keep(bucket, kind, left);
    },
  };
}

/** @throws AwsError InvalidS3DestinationBucket */
function checkDestination({ Destination: destination }: InventoryConfiguration): void {
  if (destination?.S3BucketDestination?.Bucket?.startsWith('arn:')) return;
  throw new AwsError('InvalidS3DestinationBucket', 'Invalid bucket ARN.', { statusCode: 400 });
}

function configurations({ configuration }: BucketRecord, kind: NumberedKind): ReadonlyMap<string, unknown> {
  return configuration.numbered?.get(kind) ?? new Map<string, unknown>();
}

function keep({ configuration }: BucketRecord, kind: NumberedKind, list: ReadonlyMap<string, unknown>): void {
  configuration.numbered = new Map(configuration.numbered).set(kind, list);
}

function noSuchConfiguration(): AwsError {
  return new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', { statusCode: 404 });
}
