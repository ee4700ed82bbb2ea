import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientSettings, type Family } from './workload.ts';

const Bucket = 'testbed-bench';
const CONTENT = Buffer.alloc(1024, 'one KiB of text, ');

/** Objects of 1 KiB: one is put again and again, another one got. */
export const s3Family: Family<S3Client> = {
  service: 'S3',
  operations: ['PutObject', 'GetObject'],
  client: (endpoint) => new S3Client({ ...clientSettings, endpoint, forcePathStyle: true }),
  probe: (client) => client.send(new ListBucketsCommand({})),
  async prepare(client) {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'got', Body: CONTENT }));
    return {
      callsOn: (other) => ({
        PutObject: () => other.send(new PutObjectCommand({ Bucket, Key: 'put', Body: CONTENT })),
        async GetObject() {
          const { Body } = await other.send(new GetObjectCommand({ Bucket, Key: 'got' }));
          const content = await Body?.transformToByteArray();
          if (content?.length !== CONTENT.length) throw new Error(`GetObject gave ${content?.length} bytes, not 1024`);
        },
      }),
      async remove() {
        const keys = ['put', 'got'];
        await Promise.allSettled(keys.map((Key) => client.send(new DeleteObjectCommand({ Bucket, Key }))));
        await Promise.allSettled([client.send(new DeleteBucketCommand({ Bucket }))]);
      },
    };
  },
};
