import {
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  paginateListBuckets,
  type S3Client,
} from '@aws-sdk/client-s3';
import { anyPrefix, logGroupFolder } from '../guard/ownership.ts';
import { type SweptKind, tagRecord } from './resource.ts';

export const logGroups: SweptKind = {
  kind: 'log group',
  service: 'logs',
  async *find({ logs }) {
    const logGroupNamePrefix = `${logGroupFolder}${anyPrefix}`;
    for await (const page of paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix })) {
      for (const { logGroupName = '', arn = '' } of page.logGroups ?? []) {
        const resourceArn = arn.replace(/:\*$/, '');
        const { tags = {} } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
        yield { name: resourceArn, tags, remove: () => logs.send(new DeleteLogGroupCommand({ logGroupName })) };
      }
    }
  },
};

export const tables: SweptKind = {
  kind: 'table',
  service: 'dynamodb',
  async *find({ dynamodb }) {
    for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {})) {
      for (const TableName of TableNames.filter((name) => name.startsWith(anyPrefix))) {
        const { Table = {} } = await dynamodb.send(new DescribeTableCommand({ TableName }));
        if (Table.TableStatus === 'DELETING') continue;
        const ResourceArn = Table.TableArn ?? '';
        const { Tags = [] } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
        const remove = async (): Promise<void> => {
          if (Table.DeletionProtectionEnabled) {
            await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
          }
          await dynamodb.send(new DeleteTableCommand({ TableName }));
        };
        yield { name: ResourceArn, tags: tagRecord(Tags), remove };
      }
    }
  },
};

export const buckets: SweptKind = {
  kind: 'bucket',
  service: 's3',
  async *find({ s3 }) {
    for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, { Prefix: anyPrefix })) {
      for (const { Name: Bucket = '' } of Buckets) {
        // Compatible servers may not know the prefix.
        if (!Bucket.startsWith(anyPrefix)) continue;
        yield { name: Bucket, tags: await tagsOfBucket(s3, Bucket), remove: () => emptyAndDelete(s3, Bucket) };
      }
    }
  },
};

async function tagsOfBucket(client: S3Client, Bucket: string): Promise<Record<string, string>> {
  try {
    const { TagSet } = await client.send(new GetBucketTaggingCommand({ Bucket }));
    return tagRecord(TagSet);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchTagSet') return {};
    throw error;
  }
}

/** A page that comes back as it was will not get any shorter. */
async function emptyAndDelete(client: S3Client, Bucket: string): Promise<void> {
  let before = '';
  for (;;) {
    const [{ Versions = [], DeleteMarkers = [] }, { Uploads = [] }] = await Promise.all([
      client.send(new ListObjectVersionsCommand({ Bucket })),
      client.send(new ListMultipartUploadsCommand({ Bucket })),
    ]);
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    const page = JSON.stringify([Objects, Uploads.map(({ UploadId }) => UploadId)]);
    if (page === before) throw new Error(`${Objects.length} objects and ${Uploads.length} uploads do not go away`);
    before = page;
    if (Objects.length + Uploads.length === 0) break;
    await Promise.all(
      Uploads.map(({ Key, UploadId }) => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))),
    );
    if (Objects.length === 0) continue;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: Objects.slice(0, 1_000), Quiet: true } }),
    );
    const [first] = Errors;
    if (first)
      throw new Error(`${Errors.length} objects cannot be deleted; ${first.Key}: ${first.Code}: ${first.Message}`);
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}
