import * as schemas from '@aws-sdk/client-s3';
import { defineServiceModel } from '../../protocols/service-model.ts';
import { bucketAddress } from './bucket-address.ts';
import constraints from './constraints.json' with { type: 'json' };
import { verifyBody } from './bodies/verify-body.ts';
import { refuse } from './refusals.ts';

// Which locations a bucket can have depends on the endpoint that is asked: CreateBucket says it.
const { CreateBucketConfiguration: _, ...structures } = constraints.structures;

// The pattern wants a slash between bucket and key; clients that encode the whole source encode that, too.
const CopyObjectRequest = { ...structures.CopyObjectRequest, CopySource: {} };
const UploadPartCopyRequest = { ...structures.UploadPartCopyRequest, CopySource: {} };

/** Amazon S3 on the wire. */
export const s3Model = defineServiceModel({
  name: 's3',
  protocol: 'restXml',
  apiVersion: '2006-03-01',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  schemas,
  constraints: { ...constraints, structures: { ...structures, CopyObjectRequest, UploadPartCopyRequest } },
  refuse,
  endpointLabels: bucketAddress,
  verifyBody,
});
