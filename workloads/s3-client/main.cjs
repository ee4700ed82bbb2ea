// Does with S3 what its arguments say, one step each, and ends with 1 at the first that fails:
//   "create-bucket BUCKET"  "list-buckets"  "put BUCKET KEY TEXT…"  "get BUCKET KEY"  "list BUCKET"
//   "delete BUCKET KEY"  "endpoint": where the SDK sends its requests
// The client has no settings: region, credentials and endpoint come from what the container is given.
const {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  paginateListObjectsV2,
} = require('@aws-sdk/client-s3');

const client = new S3Client({});

const steps = {
  async 'create-bucket'(Bucket) {
    await client.send(new CreateBucketCommand({ Bucket }));
    console.log(`created ${Bucket}`);
  },
  async 'list-buckets'() {
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    console.log(`buckets: ${Buckets.map(({ Name }) => Name).join(' ')}`);
  },
  async put(Bucket, Key, ...words) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: words.join(' ') }));
    console.log(`put ${Bucket}/${Key}`);
  },
  async get(Bucket, Key) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    console.log(`${Bucket}/${Key}: ${await Body.transformToString()}`);
  },
  async list(Bucket) {
    const keys = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      keys.push(...Contents.map(({ Key }) => Key));
    }
    console.log(`${Bucket} has ${keys.length}: ${keys.join(' ')}`);
  },
  async delete(Bucket, Key) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    console.log(`deleted ${Bucket}/${Key}`);
  },
  async endpoint() {
    client.middlewareStack.add(
      (next) => (args) => {
        console.log(`requests go to ${args.request.protocol}//${args.request.hostname}`);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'tellEndpoint' },
    );
    await client.send(new ListBucketsCommand({ MaxBuckets: 1 }));
  },
};

async function main() {
  for (const line of process.argv.slice(2)) {
    const [name, ...words] = line.split(' ');
    const step = steps[name];
    if (!step) throw new Error(`there is no step '${name}'; there are: ${Object.keys(steps).join(', ')}`);
    await step(...words);
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
