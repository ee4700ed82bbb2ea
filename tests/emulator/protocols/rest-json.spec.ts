import { BatchClient, ListJobsCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-batch';
import { AwsError } from '../../../emulator/service.ts';
import { expect, test } from './stub-gateway.ts';

const json = { 'content-type': 'application/json' };
const queueArn = 'arn:aws:batch:us-east-1:123456789012:job-queue/a b';

test('labels come out of the path and lists out of the query', async ({ stub }) => {
  stub.on('batch', 'TagResource', () => ({}));
  stub.on('batch', 'UntagResource', () => ({}));
  const client = new BatchClient(stub.connection);

  await client.send(new TagResourceCommand({ resourceArn: queueArn, tags: { 'a/b': 'c&d', e: '' } }));
  await client.send(new UntagResourceCommand({ resourceArn: queueArn, tagKeys: ['a/b', 'c+d', 'e f'] }));
  client.destroy();

  expect(stub.inputs).toEqual([
    { resourceArn: queueArn, tags: { 'a/b': 'c&d', e: '' } },
    { resourceArn: queueArn, tagKeys: ['a/b', 'c+d', 'e f'] },
  ]);
});

test('a member bound to the path is not taken from the body', async ({ stub }) => {
  stub.on('batch', 'TagResource', () => ({}));
  await stub.send({
    path: `/v1/tags/${encodeURIComponent(queueArn)}`,
    headers: json,
    body: '{"resourceArn":"another","tags":{"a":"b"}}',
  });
  expect(stub.inputs).toEqual([{ resourceArn: queueArn, tags: { a: 'b' } }]);
});

test('an answer is JSON with the request id in its header', async ({ stub }) => {
  stub.on('batch', 'ListJobs', () => ({
    jobSummaryList: [{ jobId: '1', jobName: 'a', createdAt: 1_795_253_400_250 }],
  }));

  const { status, headers, body } = await stub.send({ path: '/v1/listjobs', headers: json, body: '{"jobQueue":"q"}' });
  const client = new BatchClient(stub.connection);
  const { jobSummaryList } = await client.send(new ListJobsCommand({ jobQueue: 'q' }));
  client.destroy();

  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).toBe('{"jobSummaryList":[{"jobId":"1","jobName":"a","createdAt":1795253400250}]}');
  expect(jobSummaryList).toEqual([{ jobId: '1', jobName: 'a', createdAt: 1_795_253_400_250 }]);
});

test('an error has its type in a header and its message in the body', async ({ stub }) => {
  stub.on('batch', 'ListJobs', () => {
    throw new AwsError('ClientException', 'no such queue');
  });
  stub.on('batch', 'DescribeJobQueues', () => {
    throw new AwsError('ServerException', 'oh');
  });
  const client = await stub.send({ path: '/v1/listjobs', headers: json, body: '{}' });
  const server = await stub.send({ path: '/v1/describejobqueues', headers: json, body: '{}' });

  expect(client).toMatchObject({ status: 400, body: '{"message":"no such queue"}' });
  expect(client.headers['x-amzn-errortype']).toBe('ClientException');
  expect(server.status).toBe(500);
  expect(server.headers['x-amzn-errortype']).toBe('ServerException');
});

test('a body that is no JSON is a SerializationException', async ({ stub }) => {
  stub.on('batch', 'ListJobs', () => ({}));
  const answer = await stub.send({ path: '/v1/listjobs', headers: json, body: '{"jobQueue":' });
  expect(answer).toMatchObject({ status: 400, body: '{}' });
  expect(answer.headers['x-amzn-errortype']).toBe('SerializationException');
  expect(stub.inputs).toEqual([]);
});

test('an empty body is an empty input', async ({ stub }) => {
  stub.on('batch', 'ListJobs', () => ({}));
  await stub.send({ path: '/v1/listjobs', headers: json });
  expect(stub.inputs).toEqual([{}]);
});

test('an operation that is not implemented is refused by name', async ({ stub }) => {
  const answer = await stub.send({ path: '/v1/getjobqueuesnapshot', headers: json, body: '{"jobQueue":"q"}' });
  expect(answer.status).toBe(501);
  expect(answer.body).toContain('GetJobQueueSnapshot');
});
