import {
  CreateClusterCommand,
  DescribeClustersCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect } from '@playwright/test';
import { importPath } from './inline-project.ts';
import { standIns, test } from './real-aws-stand-in.ts';

const onRealAws = ['--project=real-aws'];

const spec = (directory: string, body: string): string => `
  import { CreateClusterCommand, DeleteClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-ecs';
  import { PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { PutObjectCommand } from '@aws-sdk/client-s3';
  import { expect, taskDefinition, test } from '${importPath(directory, 'fixtures/index.ts')}';
  ${body}
`;

/** One test that makes something, if it is run at all. */
const oneCluster = `test('makes a cluster', async ({ cluster }) => { expect(cluster.name).toMatch(/^tb-/); });`;

/** What a run is refused for: by itself, before anything is called, but for the last one, which STS tells. */
const refusals = [
  [
    'without the account being confirmed',
    { REAL_AWS_CONFIRM: '' },
    'REAL_AWS_CONFIRM is not set: set it to the id of the account',
  ],
  [
    'when the account is not allowed',
    { REAL_AWS_ALLOWED_ACCOUNTS: '210987654321' },
    'which is not in REAL_AWS_ALLOWED_ACCOUNTS (210987654321)',
  ],
  [
    'with a local endpoint',
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
    'AWS_ENDPOINT_URL leads calls away from AWS: unset it.',
  ],
  ['without subnets', { REAL_AWS_SUBNETS: '' }, 'REAL_AWS_SUBNETS is not set: set it to subnets'],
  ['without credentials', { AWS_ACCESS_KEY_ID: '' }, 'No credentials were found'],
  [
    'when another account is confirmed',
    {
      REAL_AWS_CONFIRM: '210987654321',
      REAL_AWS_ALLOWED_ACCOUNTS: '210987654321',
      REAL_AWS_EXECUTION_ROLE_ARN: 'arn:aws:iam::210987654321:role/x',
      REAL_AWS_TASK_ROLE_ARN: 'arn:aws:iam::210987654321:role/x',
    },
    'The credentials are those of account 123456789012',
  ],
] as const;

for (const standIn of standIns) {
  test.describe(`with ${standIn} in the place of an account`, () => {
    test.use({ standIn });
    // A run in a run, against a server that takes several looks to stop a task, at the pace of an account.
    test.describe.configure({ timeout: 180_000 });
    // Batch is not in the embedded AWS yet.
    const services = standIn === 'moto' ? [] : ['--services', 'ecs,logs,dynamodb,s3'];

    // One is enough to see that moto's STS is understood.
    for (const [what, change, message] of standIn === 'moto' ? refusals.slice(-1) : refusals) {
      test(`${what} the run is refused once, and nothing but STS is called`, async ({
        inlineProject,
        fakeAccount,
      }, testInfo) => {
        const project = await inlineProject({ 'a.spec.ts': spec(testInfo.outputPath('project'), oneCluster) });

        const { exitCode, output } = await project.start({
          args: onRealAws,
          env: { ...fakeAccount.variables, ...change },
        }).ended;

        expect(exitCode).toBe(1);
        expect(output).toContain(`real-aws is required and not available: no AWS account is touched. `);
        expect(output).toContain(message);
        expect(fakeAccount.calls.filter(({ operation }) => operation !== 'GetCallerIdentity')).toEqual([]);
      });
    }

    test('a run tags and prefixes what it makes, shows the test its own tags only, and removes it all', async ({
      inlineProject,
      fakeAccount,
    }, testInfo) => {
      const project = await inlineProject({
        'a.spec.ts': spec(
          testInfo.outputPath('project'),
          `test('makes one of each', async ({ aws, cluster, logs, bucket, table, workloads, namespace }) => {
            expect(logs.group).toContain('/testbed/tb-run7-');
            await workloads.register(taskDefinition('web').container('app', 'busybox', { command: ['true'] }).build());
            await aws.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'a', Body: 'b' }));
            await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));
            await aws.ecs.send(new CreateClusterCommand({ clusterName: namespace + '-2', tags: [{ key: 'mine', value: '1' }] }));
            const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [namespace + '-2'], include: ['TAGS'] }));
            expect(clusters?.[0]?.tags).toEqual([{ key: 'mine', value: '1' }]);
          });`,
        ),
      });

      const { exitCode, output } = await project.start({
        args: onRealAws,
        env: { ...fakeAccount.variables, TESTBED_RUN_ID: 'run7' },
      }).ended;

      expect(exitCode, output).toBe(0);
      expect(output).toContain(
        `real-aws: *** NOT AWS *** REAL_AWS_TEST_ENDPOINT=${fakeAccount.endpoint} is an emulator`,
      );
      expect(output).toContain('real-aws: spent 0 of 50 tasks, 0 of 50 jobs');
      const making = fakeAccount.calls.filter(({ operation }) => /^(Create|Register)|\?tagging/.test(operation));
      expect(making.map(({ service, operation }) => `${service} ${operation.split(' ')[0]}`).toSorted()).toEqual([
        'dynamodb CreateTable',
        'ecs CreateCluster',
        'ecs CreateCluster',
        'ecs RegisterTaskDefinition',
        'logs CreateLogGroup',
        's3 PUT',
      ]);
      for (const { operation, body } of making) {
        expect(body, operation).toMatch(/testbed:run-id.{1,30}run7/s);
        expect(body, operation).toContain('testbed:test-id');
        expect(body, operation).toMatch(/testbed:expires.{1,30}20\d\d-/s);
      }
      expect(await leftIn(fakeAccount.direct)).toEqual([]);
    });

    test('what is not of the run cannot be changed', async ({ inlineProject, fakeAccount }, testInfo) => {
      const ecs = new ECSClient(fakeAccount.direct);
      await ecs.send(new CreateClusterCommand({ clusterName: 'production' }));
      const project = await inlineProject({
        'a.spec.ts': spec(
          testInfo.outputPath('project'),
          `test('tries', async ({ aws }) => {
            await expect(aws.ecs.send(new DeleteClusterCommand({ cluster: 'production' }))).rejects.toThrow(
              'ecs DeleteCluster is refused: its cluster "production" does not begin with tb-',
            );
          });`,
        ),
      });

      const { exitCode, output } = await project.start({ args: onRealAws, env: fakeAccount.variables }).ended;

      expect(exitCode, output).toBe(0);
      expect(fakeAccount.changes()).toEqual([]);
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['production'] }));
      expect(clusters?.[0]?.status).toBe('ACTIVE');
      ecs.destroy();
    });

    test('the budget stops a run, tells what was spent, and lets it clean up', async ({
      inlineProject,
      fakeAccount,
    }, testInfo) => {
      const task = (name: string): string => `
        test('${name}', async ({ workloads }) => {
          const built = taskDefinition('t').container('app', 'busybox', { command: ['sleep', '600'] }).build();
          // moto wants to know the memory of each container.
          const containerDefinitions = built.containerDefinitions.map((container) => ({ ...container, memory: 128 }));
          expect(await workloads.run({ ...built, containerDefinitions })).toBeTruthy();
        });`;
      const project = await inlineProject({
        'a.spec.ts': spec(testInfo.outputPath('project'), task('first') + task('second') + task('third')),
      });

      const { exitCode, output } = await project.start({
        args: onRealAws,
        env: { ...fakeAccount.variables, REAL_AWS_MAX_TASKS: '1' },
      }).ended;

      expect(exitCode).toBe(1);
      expect(output).toMatch(/2 failed[^]*1 passed/);
      expect(output).toContain(
        'The budget of the run is used up: 1 more tasks were asked for, REAL_AWS_MAX_TASKS is 1. Spent: 1 of 1 tasks, 0 of 50 jobs, 0 of 60 minutes.',
      );
      expect(fakeAccount.changes().filter((change) => change === 'ecs RunTask')).toHaveLength(1);
      // The third test has not even made a cluster.
      expect(fakeAccount.changes().filter((change) => change === 'ecs CreateCluster')).toHaveLength(2);
      expect(await leftIn(fakeAccount.direct)).toEqual([]);
    });

    test('the sweeper says first what it would remove, then removes what has expired, and nothing else', async ({
      fakeAccount,
    }) => {
      const { direct } = fakeAccount;
      await leaveBehind(direct, 'tb-old-', '2020-01-01T00:00:00.000Z');
      await leaveBehind(direct, 'tb-new-', '2100-01-01T00:00:00.000Z');
      await leaveBehind(direct, 'tb-untagged-', undefined);

      const dry = await fakeAccount.sweep(['--dry-run', ...services]).ended;
      expect(dry.exitCode, dry.output).toBe(0);
      expect(fakeAccount.changes()).toEqual([]);
      expect(dry.output).toMatch(/would remove cluster \S+\/tb-old-c \(run old\)/);
      expect(dry.output).toContain('to be removed: 5, kept: 10, not removed: 0');

      const swept = await fakeAccount.sweep(services).ended;
      expect(swept.exitCode, swept.output).toBe(0);
      const removed = swept.output
        .split('\n')
        .flatMap((line) => /^removed ([a-z ]+) \S+ \(run old\)/.exec(line)?.[1] ?? []);
      expect(removed).toEqual(['cluster', 'task definition', 'log group', 'table', 'bucket']);
      expect(swept.output).toMatch(/kept bucket tb-new-b: it expires at 2100-/);
      expect(swept.output).toMatch(/kept bucket tb-untagged-b: it has no tags/);
      expect(await leftIn(direct)).toEqual(['tb-new-b', 'tb-new-c', 'tb-untagged-b', 'tb-untagged-c']);

      const again = await fakeAccount.sweep(services).ended;
      expect(again.output).toContain('removed: 0, kept: 10, not removed: 0');
    });

    test('the sweeper is refused as a run is', async ({ fakeAccount }) => {
      const { exitCode, output } = await fakeAccount.sweep([], { REAL_AWS_ALLOWED_ACCOUNTS: '210987654321' }).ended;

      expect(exitCode).toBe(2);
      expect(output).toContain('which is not in REAL_AWS_ALLOWED_ACCOUNTS (210987654321)');
      expect(fakeAccount.calls).toEqual([]);
    });
  });
}

type Direct = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** A cluster, a task definition, a log group, a table and a bucket with an object, as an interrupted run leaves them. */
async function leaveBehind(direct: Direct, prefix: string, expires: string | undefined): Promise<void> {
  const tags = expires ? { 'testbed:run-id': prefix.split('-')[1] ?? '', 'testbed:expires': expires } : {};
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const ecs = new ECSClient(direct);
  const s3 = new S3Client({ ...direct, forcePathStyle: true });
  await ecs.send(new CreateClusterCommand({ clusterName: `${prefix}c`, tags: list }));
  const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 64 }];
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${prefix}t`,
      containerDefinitions,
      ...(list.length > 0 && { tags: list }),
    }),
  );
  await s3.send(new CreateBucketCommand({ Bucket: `${prefix}b` }));
  await s3.send(new PutObjectCommand({ Bucket: `${prefix}b`, Key: 'a', Body: 'b' }));
  if (expires) await s3.send(new PutBucketTaggingCommand({ Bucket: `${prefix}b`, Tagging: { TagSet } }));
  const logs = new CloudWatchLogsClient(direct);
  const dynamodb = new DynamoDBClient(direct);
  await logs.send(new CreateLogGroupCommand({ logGroupName: `/testbed/${prefix}g`, ...(expires && { tags }) }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: `${prefix}x`,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      ...(expires && { Tags: TagSet }),
    }),
  );
  for (const client of [ecs, s3, logs, dynamodb]) client.destroy();
}

/** The clusters and buckets of tests. */
async function leftIn(direct: Direct): Promise<string[]> {
  const ecs = new ECSClient(direct);
  const s3 = new S3Client({ ...direct, forcePathStyle: true });
  const names = ['tb-old-c', 'tb-new-c', 'tb-untagged-c'];
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: names }));
  ecs.destroy();
  s3.destroy();
  const active = clusters.filter(({ status }) => status === 'ACTIVE').map(({ clusterName = '' }) => clusterName);
  return [...Buckets.map(({ Name = '' }) => Name), ...active].filter((name) => name.startsWith('tb-')).toSorted();
}
