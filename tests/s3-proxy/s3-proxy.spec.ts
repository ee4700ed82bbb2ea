import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

// A container's own SDK, told nothing of where it is, works with the same S3 that the test does.
test.use({ requires: ['ecs:tasks', 'images:workloads', 'logs', 's3'] });

const client = 'workloads/s3-client';

test('a bucket that a container makes is in the S3 of the test', async ({ aws, namespace, workloads }) => {
  const bucket = `${namespace}-made`;
  const definition = taskDefinition('make').container('app', client, {
    command: [`create-bucket ${bucket}`, 'list-buckets'],
  });

  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged(`created ${bucket}`);
  await expect(task.log('app')).toHaveLogged(new RegExp(`^buckets: .*\\b${bucket}\\b`));
  await expect(aws.s3.send(new HeadBucketCommand({ Bucket: bucket }))).resolves.toBeDefined();
});

test('what a test puts into a bucket, a container gets', async ({ aws, bucket, workloads }) => {
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'greeting.txt', Body: 'hello container' }));
  const definition = taskDefinition('get').container('app', client, { command: [`get ${bucket.name} greeting.txt`] });

  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged(`${bucket.name}/greeting.txt: hello container`);
});

test('several operations of one container, one after the other', async ({ aws, namespace, workloads }) => {
  const bucket = `${namespace}-flow`;
  const definition = taskDefinition('flow').container('app', client, {
    command: [
      `create-bucket ${bucket}`,
      `put ${bucket} orders/1.json one`,
      `put ${bucket} orders/2.json two`,
      `put ${bucket} invoices/1.json three`,
      `get ${bucket} orders/2.json`,
      `delete ${bucket} orders/1.json`,
      `list ${bucket}`,
    ],
  });

  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged(`${bucket}/orders/2.json: two`);
  await expect(task.log('app')).toHaveLogged(`${bucket} has 2: invoices/1.json orders/2.json`);
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(['invoices/1.json', 'orders/2.json']);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'invoices/1.json' }));
  expect(await Body?.transformToString()).toBe('three');
});

test('what S3 refuses, the container sees as on AWS', async ({ namespace, workloads }) => {
  const definition = taskDefinition('refused').container('app', client, {
    command: [`get ${namespace}-nobody-made-it greeting.txt`],
  });

  const task = await workloads.run(definition.build());

  await expect(task).not.toHaveCompleted();
  await expect(task.log('app')).toHaveLogged('NoSuchBucket: The specified bucket does not exist');
});

test.describe('by the variables of the environment', () => {
  test.use({ requires: ['ecs:tasks', 'images:workloads', 'logs', 's3', 'ecs:task-endpoint'] });

  test('the requests of a container go to the endpoint that it is given, not to AWS', async ({ workloads }) => {
    const definition = taskDefinition('where').container('app', client, { command: ['endpoint'] });

    const task = await workloads.run(definition.build());

    await expect(task).toHaveCompleted();
    // An address of this machine or of its Docker network.
    await expect(task.log('app')).toHaveLogged(/^requests go to http:\/\/(localhost|[\d.]+)$/);
  });

  test('a container can be sent elsewhere by AWS_ENDPOINT_URL_S3', async ({ workloads }) => {
    // Port 1 is reserved for a service that no machine of today runs.
    const definition = taskDefinition('elsewhere').container('app', client, {
      command: ['list-buckets'],
      environment: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' },
    });

    const task = await workloads.run(definition.build());

    await expect(task).not.toHaveCompleted();
    await expect(task.log('app')).toHaveLogged(/ECONNREFUSED/);
  });
});

test.describe('when S3 fails', () => {
  test.use({ requires: ['ecs:tasks', 'images:workloads', 'logs', 's3', 'faults:storage'] });

  test("a container's SDK tries again until it is through", async ({ bucket, faults, workloads }) => {
    const fault = await faults.inject({
      service: 's3',
      operation: 'PutObject',
      times: 2,
      scope: 'everyone',
      fault: { kind: 'throttling' },
    });
    const definition = taskDefinition('persistent').container('app', client, {
      command: [`put ${bucket.name} greeting.txt hello again`, `get ${bucket.name} greeting.txt`],
    });

    const task = await workloads.run(definition.build());

    await expect(task).toHaveCompleted();
    await expect(task.log('app')).toHaveLogged(`${bucket.name}/greeting.txt: hello again`);
    expect(await fault.count()).toBe(2);
  });
});
