import {
  DeleteBucketEncryptionCommand,
  DeleteBucketMetricsConfigurationCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketMetricsConfigurationsCommand,
  type ObjectOwnership,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketInventoryConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketMetricsConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type Tag,
  type WebsiteConfiguration,
  type Protocol,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

test('a new bucket answers all that tools read of it', async ({ s3, bucket: Bucket }) => {
  expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).not.toHaveProperty('Status');
  expect(await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).not.toHaveProperty('Status');
  expect(await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).toMatchObject({ Payer: 'BucketOwner' });
  expect(await s3.send(new GetBucketLoggingCommand({ Bucket }))).not.toHaveProperty('LoggingEnabled');
  expect(await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).not.toHaveProperty(
    'QueueConfigurations',
  );
  const { Grants, Owner } = await s3.send(new GetBucketAclCommand({ Bucket }));
  expect(Grants).toEqual([{ Grantee: { ID: Owner?.ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }]);
  expect(await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).toMatchObject({
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  for (const [command, name] of [
    [new GetBucketCorsCommand({ Bucket }), 'NoSuchCORSConfiguration'],
    [new GetBucketLifecycleConfigurationCommand({ Bucket }), 'NoSuchLifecycleConfiguration'],
    [new GetBucketPolicyCommand({ Bucket }), 'NoSuchBucketPolicy'],
    [new GetBucketPolicyStatusCommand({ Bucket }), 'NoSuchBucketPolicy'],
    [new GetBucketReplicationCommand({ Bucket }), 'ReplicationConfigurationNotFoundError'],
    [new GetBucketTaggingCommand({ Bucket }), 'NoSuchTagSet'],
    [new GetBucketWebsiteCommand({ Bucket }), 'NoSuchWebsiteConfiguration'],
    [new GetObjectLockConfigurationCommand({ Bucket }), 'ObjectLockConfigurationNotFoundError'],
  ] as const) {
    // oxlint-disable-next-line typescript/no-explicit-any -- the commands have no type in common that send takes
    await expect(s3.send(command as any), name).rejects.toMatchObject({
      name,
      BucketName: Bucket,
      $metadata: { httpStatusCode: 404 },
    });
  }
});

test('tags are kept, replaced as a whole and deleted', async ({ s3, bucket: Bucket }) => {
  const put = (...TagSet: Tag[]) => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  const get = async () => (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
  expect((await put({ Key: 'a', Value: '1' }, { Key: 'b', Value: '' })).$metadata.httpStatusCode).toBe(204);
  await put({ Key: 'c', Value: 'ü' });
  expect(await get()).toEqual([{ Key: 'c', Value: 'ü' }]);
  await expect(put({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' })).rejects.toMatchObject({
    name: 'InvalidTag',
    message: 'Cannot provide multiple Tags with the same key',
    TagKey: 'a',
  });
  await expect(put({ Key: 'aws:a', Value: '1' })).rejects.toMatchObject({
    name: 'InvalidTag',
    message: 'System tags cannot be added/updated by requester',
    TagKey: 'aws:a',
  });
  await expect(put({ Key: 'k'.repeat(129), Value: '' })).rejects.toMatchObject({
    message: 'The TagKey you have provided is invalid',
  });
  await expect(put({ Key: 'a', Value: 'one,two' })).rejects.toMatchObject({
    message: 'The TagValue you have provided is invalid',
  });
  expect(await get()).toHaveLength(1);
  await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchTagSet' });
});

test('a policy is kept as it was written; a public one only where those are not blocked', async ({
  s3,
  bucket: Bucket,
}) => {
  const policy = (change: object = {}) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*`, ...change },
      ],
    });
  const put = (Policy: string) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const isPublic = async () =>
    (await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic ?? 'unknown';

  const own = policy({ Principal: { AWS: 'arn:aws:iam::123456789012:root' } });
  expect((await put(own)).$metadata.httpStatusCode).toBe(204);
  expect(await isPublic()).toBe(false);
  await expect(put(policy())).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  await put(policy({ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }));
  expect(await isPublic()).toBe(false);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await put(policy());
  expect(await isPublic()).toBe(true);
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(policy());

  for (const [text, message] of [
    ['', "Policies must be valid JSON and the first byte must be '{'"],
    ['no policy', "Policies must be valid JSON and the first byte must be '{'"],
    ['{ "Statement"', 'This policy contains invalid Json'],
    ['{}', 'Missing required field Statement'],
    [policy({ Resource: 'arn:aws:s3:::another/*' }), 'Policy has invalid resource'],
    [policy({ Resource: '*' }), 'Policy has invalid resource'],
    [policy({ Action: 'ec2:RunInstances' }), 'Policy has invalid action'],
    [policy({ Action: ['s3:GetObject', 's3:GetNothing'] }), 'Policy has invalid action'],
    [policy({ Action: 's3:Nothing*' }), 'Policy has invalid action'],
    [policy({ Action: 's3:ListBucket' }), 'Action does not apply to any resource(s) in statement'],
    [
      policy({ Action: ['s3:ListBucket', 's3:GetObject'], Resource: `arn:aws:s3:::${Bucket}` }),
      'Action does not apply to any resource(s) in statement',
    ],
    [
      policy({ Resource: `arn:aws:s3:::${Bucket}/${'x'.repeat(20_480)}` }),
      'Normalized policy document exceeds the maximum allowed size of 20480 bytes',
    ],
    [policy({ Principal: undefined }), 'Missing required field Principal'],
    [policy({ Principal: { AWS: [1] } }), 'Invalid principal in policy'],
    [policy({ Principal: { User: 'me' } }), 'Invalid principal in policy'],
  ] as const) {
    await expect(put(text), text).rejects.toMatchObject({ name: 'MalformedPolicy', message });
  }
  for (const text of [
    policy({
      Action: ['s3:listbucket', 's3:GetObject*'],
      Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    }),
    policy({ Action: ['s3:ListBucket', 's3:GetObject'], Resource: `arn:aws:s3:::${Bucket}*` }),
    policy({ Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}` }),
    policy({ Action: '*' }),
    policy({ Action: undefined, NotAction: 's3:ListBucket' }),
    policy() + ' '.repeat(20_480),
  ]) {
    expect((await put(text)).$metadata.httpStatusCode, text.trimEnd()).toBe(204);
  }
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  await expect(isPublic()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
});

test('ACLs need object ownership that allows them, and public ones no block', async ({ s3, bucket: Bucket }) => {
  const owned = (ObjectOwnership: ObjectOwnership) =>
    s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }));
  const open = () => s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  await expect(open()).rejects.toMatchObject({
    name: 'AccessControlListNotSupported',
    message: 'The bucket does not allow ACLs',
    $metadata: { httpStatusCode: 400 },
  });
  await owned('BucketOwnerPreferred');
  await expect(open()).rejects.toMatchObject({ name: 'AccessDenied' });
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await open();
  const acl = await s3.send(new GetBucketAclCommand({ Bucket }));
  const everybody = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' };
  expect(acl.Grants?.slice(1)).toEqual([{ Grantee: everybody, Permission: 'READ' }]);
  await expect(owned('BucketOwnerEnforced')).rejects.toMatchObject({ name: 'InvalidBucketAclWithObjectOwnership' });

  await s3.send(new PutBucketAclCommand({ Bucket, GrantReadACP: `id="${acl.Owner?.ID}", uri="${everybody.URI}"` }));
  const granted = await s3.send(new GetBucketAclCommand({ Bucket }));
  expect(granted.Grants?.map(({ Permission }) => Permission)).toEqual(['READ_ACP', 'READ_ACP']);
  const { Owner, Grants } = acl;
  await s3.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Owner, Grants } }));
  expect((await s3.send(new GetBucketAclCommand({ Bucket }))).Grants).toEqual(Grants);
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  await expect(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).rejects.toMatchObject({
    name: 'OwnershipControlsNotFoundError',
  });
});

test('an ACL comes in one way, whole, and for somebody', async ({ s3, bucket: Bucket }) => {
  const rules = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: rules }));
  const put = (input: object) => s3.send(new PutBucketAclCommand({ Bucket, ...input }));
  await expect(put({})).rejects.toMatchObject({ name: 'MissingSecurityHeader', MissingHeaderName: 'x-amz-acl' });
  const logs = 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"';
  await expect(put({ ACL: 'private', GrantRead: logs })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'Specifying both Canned ACLs and Header Grants is not allowed',
  });
  await expect(put({ GrantRead: 'id="1"' })).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Invalid id',
    ArgumentName: 'id',
  });
  await expect(put({ GrantRead: 'uri="http://example.com"' })).rejects.toMatchObject({
    message: 'Invalid group uri',
    ArgumentName: 'uri',
  });
  await expect(put({ GrantRead: 'nobody' })).rejects.toMatchObject({
    message: 'Argument format not recognized',
    ArgumentName: 'x-amz-grant-read',
  });
  await expect(put({ ACL: 'public' })).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'x-amz-acl' });
  const nobody = { Grants: [{ Permission: 'READ', Grantee: { Type: 'Somebody', ID: '1' } }], Owner: { ID: '1' } };
  await expect(put({ AccessControlPolicy: nobody })).rejects.toMatchObject({ name: 'MalformedACLError' });
  await expect(put({ AccessControlPolicy: { Grants: [] } })).rejects.toMatchObject({ name: 'MalformedACLError' });
});

test('encryption is AES256 unless and until it is set', async ({ s3, bucket: Bucket }) => {
  const get = async () =>
    (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules;
  const put = (...Rules: object[]) =>
    s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const blocked = { BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } };
  const standard = [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false, ...blocked },
  ];
  expect(await get()).toEqual(standard);
  const kms = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/key' },
    BucketKeyEnabled: true,
  };
  await put(kms);
  expect(await get()).toEqual([{ ...kms, ...blocked }]);
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(await get()).toEqual(standard);
  await expect(put()).rejects.toMatchObject({ name: 'MalformedXML' });
  const keyed = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'alias/key' } };
  await expect(put(keyed)).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('public access is blocked in new buckets; what a block leaves out is not', async ({ s3, bucket: Bucket }) => {
  const get = async () => (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
  const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  expect(await get()).toEqual(all);
  const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  expect(await get()).toEqual({
    BlockPublicAcls: false,
    IgnorePublicAcls: true,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  });
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' });
});

test('versioning is enabled and suspended, never undone', async ({ s3, bucket: Bucket }) => {
  const put = (Status?: string) =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: Status as 'Enabled' } }));
  for (const status of ['Enabled', 'Suspended', 'Enabled']) {
    await put(status);
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe(status);
  }
  await expect(put()).rejects.toMatchObject({ name: 'IllegalVersioningConfigurationException' });
  await expect(put('Disabled')).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('object lock needs versions and one length of retention', async ({ s3, bucket: Bucket }) => {
  const put = (retention?: object) =>
    s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          ...(retention && { Rule: { DefaultRetention: retention } }),
        },
      }),
    );
  await expect(put()).rejects.toMatchObject({ name: 'InvalidBucketState', $metadata: { httpStatusCode: 409 } });
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await expect(s3.send(new PutObjectLockConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: 'MissingRequestBodyError',
    message: 'Request Body is empty',
  });
  await expect(put({ Mode: 'GOVERNANCE', Days: 1, Years: 1 })).rejects.toMatchObject({ name: 'MalformedXML' });
  await expect(put({ Mode: 'GOVERNANCE', Days: 0 })).rejects.toMatchObject({ name: 'InvalidArgument' });
  await put({ Mode: 'GOVERNANCE', Days: 1 });
  expect((await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration).toEqual({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
  });
});

test('website, logging, payment and acceleration are kept and answered', async ({ s3, bucket: Bucket }) => {
  const website = (WebsiteConfiguration: WebsiteConfiguration) =>
    s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
  const site = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } };
  await website(site);
  expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(site);
  await expect(website({})).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'IndexDocument' });
  await expect(website({ ...site, RedirectAllRequestsTo: { HostName: 'a' } })).rejects.toMatchObject({
    message: 'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
  });
  const ftp = { HostName: 'a', Protocol: 'ftp' as Protocol };
  await expect(website({ RedirectAllRequestsTo: ftp })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message:
      'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
  });

  const log = (TargetBucket: string) =>
    s3.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: 'log/' } },
      }),
    );
  await expect(log('no-such-bucket')).rejects.toMatchObject({ name: 'InvalidTargetBucketForLogging' });
  await log(Bucket);
  expect(await s3.send(new GetBucketLoggingCommand({ Bucket }))).toMatchObject({
    LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'log/' },
  });
  await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
  expect(await s3.send(new GetBucketLoggingCommand({ Bucket }))).not.toHaveProperty('LoggingEnabled');

  const RequestPaymentConfiguration = { Payer: 'Requester' } as const;
  await s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
  expect(await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).toMatchObject(RequestPaymentConfiguration);
  const AccelerateConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration }));
  expect(await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).toMatchObject(AccelerateConfiguration);
});

test('configurations with an id are kept by it', async ({ s3, bucket: Bucket }) => {
  const put = (Id: string, own = Id) =>
    s3.send(new PutBucketMetricsConfigurationCommand({ Bucket, Id, MetricsConfiguration: { Id: own } }));
  await put('b');
  // AWS answers so, unlike its model.
  expect((await put('a')).$metadata.httpStatusCode).toBe(204);
  await expect(put('a', 'b')).rejects.toMatchObject({ name: 'MalformedXML' });
  const list = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
  expect(list).toMatchObject({ IsTruncated: false, MetricsConfigurationList: [{ Id: 'a' }, { Id: 'b' }] });
  await s3.send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id: 'a' }));
  await expect(s3.send(new GetBucketMetricsConfigurationCommand({ Bucket, Id: 'a' }))).rejects.toMatchObject({
    name: 'NoSuchConfiguration',
    $metadata: { httpStatusCode: 404 },
  });
});

test('an inventory goes to a bucket named by its ARN', async ({ s3, bucket: Bucket }) => {
  const put = (destination: string, Id = 'daily') =>
    s3.send(
      new PutBucketInventoryConfigurationCommand({
        Bucket,
        Id: 'daily',
        InventoryConfiguration: {
          Id,
          IsEnabled: true,
          IncludedObjectVersions: 'All',
          Schedule: { Frequency: 'Daily' },
          Destination: { S3BucketDestination: { Bucket: destination, Format: 'CSV' } },
        },
      }),
    );
  await put(`arn:aws:s3:::${Bucket}`);
  await expect(put(Bucket)).rejects.toMatchObject({ name: 'InvalidS3DestinationBucket' });
  await expect(put(`arn:aws:s3:::${Bucket}`, 'weekly')).rejects.toMatchObject({ name: 'IdMismatch' });
});

test('notifications and replication, which nobody would get, are refused by name', async ({ s3, bucket: Bucket }) => {
  const notify = (NotificationConfiguration: object) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await notify({});
  const refusal = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
  const queue = { QueueArn: 'arn:aws:sqs:us-east-1:123456789012:queue', Events: ['s3:ObjectCreated:*'] };
  await expect(notify({ QueueConfigurations: [queue] })).rejects.toMatchObject({
    ...refusal,
    message: 'The emulator does not implement notifications of S3 (QueueConfigurations); nothing was done.',
  });
  await expect(notify({ EventBridgeConfiguration: {} })).rejects.toMatchObject(refusal);
  const ReplicationConfiguration = { Role: 'arn:aws:iam::123456789012:role/r', Rules: [] };
  await expect(s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration }))).rejects.toMatchObject(
    refusal,
  );
});
