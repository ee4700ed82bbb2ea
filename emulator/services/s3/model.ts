import * as schemas from '@aws-sdk/client-s3';
import { defineServiceModel } from '../../protocols/service-model.ts';
import { bucketAddress } from './bucket-address.ts';
import constraints from './constraints.json' with { type: 'json' };
import { verifyBody } from './bodies/verify-body.ts';
import { refuse } from './refusals.ts';

/** What S3 does not refuse by its schema: its operations know it better. */
const structures = {
  ...constraints.structures,
  // Which locations a bucket can have depends on the endpoint that is asked.
  CreateBucketConfiguration: {},
  // The pattern wants a slash between bucket and key; clients that encode the whole source encode that, too.
  CopyObjectRequest: { ...constraints.structures.CopyObjectRequest, CopySource: {} },
  UploadPartCopyRequest: { ...constraints.structures.UploadPartCopyRequest, CopySource: {} },
  // Wrong protocols of websites are refused in words of their own.
  Redirect: {},
  RedirectAllRequestsTo: {},
};

/** Amazon S3 on the wire. */
export const s3Model = defineServiceModel({
  name: 's3',
  protocol: 'restXml',
  apiVersion: '2006-03-01',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  schemas,
  constraints: { ...constraints, structures },
  refuse,
  endpointLabels: bucketAddress,
  verifyBody,
});
