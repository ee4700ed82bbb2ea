import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsError } from '../../../emulator/service.ts';
import { expect, test, type RawRequest } from './stub-gateway.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

function call(parameters: string): RawRequest {
  return { headers: form, body: `Version=2011-06-15&${parameters}` };
}

test('an answer is XML in the namespace of the service, with the request id as metadata', async ({ stub }) => {
  stub.on('sts', 'GetCallerIdentity', () => ({ Account: '123456789012', Arn: 'arn:aws:iam::1:user/<a&b>' }));

  const { status, headers, body } = await stub.send(call('Action=GetCallerIdentity'));

  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/xml');
  expect(body).toBe(
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<Account>123456789012</Account><Arn>arn:aws:iam::1:user/&lt;a&amp;b&gt;</Arn></GetCallerIdentityResult>' +
      `<ResponseMetadata><RequestId>${String(headers['x-amzn-requestid'])}</RequestId></ResponseMetadata>` +
      '</GetCallerIdentityResponse>',
  );
});

test('lists and structures are read from dotted names, in the order of their numbers', async ({ stub }) => {
  stub.on('sts', 'AssumeRole', () => ({}));

  await stub.send(
    call(
      'Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa&RoleSessionName=a+b%3D&DurationSeconds=900' +
        '&Tags.member.10.Key=ten&Tags.member.10.Value=&Tags.member.2.Key=two&Tags.member.2.Value=2' +
        '&Nonsense.member.1=x&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fa',
    ),
  );
  expect(stub.inputs).toEqual([]);

  await stub.send(
    call(
      'Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa&RoleSessionName=ab%3D&DurationSeconds=900' +
        '&Tags.member.10.Key=ten&Tags.member.10.Value=&Tags.member.2.Key=two&Tags.member.2.Value=2' +
        '&Nonsense.member.1=x&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fa',
    ),
  );
  expect(stub.inputs).toEqual([
    {
      RoleArn: 'arn:aws:iam::123456789012:role/a',
      RoleSessionName: 'ab=',
      DurationSeconds: 900,
      Tags: [
        { Key: 'two', Value: '2' },
        { Key: 'ten', Value: '' },
      ],
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/a' }],
    },
  ]);
});

test('a call may come in the query string, as presigned ones do', async ({ stub }) => {
  stub.on('sts', 'GetAccessKeyInfo', () => ({ Account: '123456789012' }));
  const answer = await stub.send({
    method: 'GET',
    path: '/?Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=AKIAIOSFODNN7EXAMPLE',
  });
  expect(answer.status).toBe(200);
  expect(stub.inputs).toEqual([{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }]);
});

test('text that is no number is refused', async ({ stub }) => {
  stub.on('sts', 'GetSessionToken', () => ({}));
  const { status, body } = await stub.send(call('Action=GetSessionToken&DurationSeconds=long'));
  expect(status).toBe(400);
  expect(body).toContain('<Code>MalformedInput</Code>');
  expect(stub.inputs).toEqual([]);
});

test('an error says who is to blame', async ({ stub }) => {
  stub.on('sts', 'GetCallerIdentity', () => {
    throw new AwsError('AccessDenied', 'not <you>', { statusCode: 403 });
  });
  stub.on('sts', 'GetSessionToken', () => {
    throw new AwsError('InternalFailure', 'oh', { statusCode: 500 });
  });

  const sender = await stub.send(call('Action=GetCallerIdentity'));
  const receiver = await stub.send(call('Action=GetSessionToken'));

  expect(sender.status).toBe(403);
  expect(sender.body).toBe(
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>' +
      `<Message>not &lt;you&gt;</Message></Error><RequestId>${String(sender.headers['x-amzn-requestid'])}</RequestId></ErrorResponse>`,
  );
  expect(receiver.status).toBe(500);
  expect(receiver.body).toContain('<Type>Receiver</Type>');
});

test('the SDK reads credentials with their expiry', async ({ stub }) => {
  const Credentials = {
    AccessKeyId: 'ASIA0123456789012345',
    SecretAccessKey: 'a/b+c',
    SessionToken: 'token==',
    Expiration: new Date('2026-11-21T10:30:00Z'),
  };
  stub.on('sts', 'AssumeRole', () => ({ Credentials, PackedPolicySize: 6 }));
  const client = new STSClient(stub.connection);
  const answer = await client.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/a', RoleSessionName: 'session' }),
  );
  client.destroy();
  expect(answer).toMatchObject({ Credentials, PackedPolicySize: 6 });
});

test('an action that is not there is refused by name', async ({ stub }) => {
  const unknown = await stub.send(call('Action=MakeCoffee'));
  const unimplemented = await stub.send(call('Action=AssumeRoleWithSAML'));
  expect(unknown.status).toBe(400);
  expect(unknown.body).toContain('<Code>InvalidAction</Code><Message>Could not find operation MakeCoffee');
  expect(unimplemented.status).toBe(501);
  expect(unimplemented.body).toContain('AssumeRoleWithSAML');
});
