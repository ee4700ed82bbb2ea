import { expect, test } from '@playwright/test';
import { s3Model } from '../services/s3/model.ts';
import { protocolFor } from './index.ts';
import type { OperationModel, ServiceModel } from './service-model.ts';

function operationNamed(name: string): OperationModel {
  const operation = s3Model.operations.get(name);
  if (!operation) throw new Error(`S3 has no operation ${name}`);
  return operation;
}

test('the route of a request is looked for once, however often it is needed', async () => {
  let looks = 0;
  const model: ServiceModel = {
    ...s3Model,
    endpointLabels(head) {
      looks++;
      return s3Model.endpointLabels?.(head) ?? { path: head.path, labels: {} };
    },
  };
  const protocol = protocolFor(model.protocol);
  const putObject = operationNamed('PutObject');
  const head = { method: 'PUT', path: '/photos/a%20cat', query: 'x-id=PutObject', headers: { host: '127.0.0.1' } };
  expect(protocol.operationOf(model, head, undefined)).toBe(putObject);
  expect(protocol.streamsInput(putObject)).toBe(true);
  const input = await protocol.parse(model, putObject, head, Buffer.from('meow'));
  expect(input).toMatchObject({ Bucket: 'photos', Key: 'a cat', Body: Buffer.from('meow') });
  expect(looks).toBe(1);

  const another = { ...head, path: '/photos/a%20dog' };
  expect(await protocol.parse(model, putObject, another, Buffer.from('bark'))).toMatchObject({ Key: 'a dog' });
});
