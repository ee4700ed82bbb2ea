import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import type { ProtocolResponse, RequestHead } from '../../../protocols/protocol.ts';
import { requestIdHeaders } from '../../../protocols/rest-xml.ts';
import { escapeXml } from '../../../protocols/xml-output.ts';
import { parseXml, XmlSyntaxError } from '../../../protocols/xml-reader.ts';
import { AwsError, type UnmodelledOperation } from '../../../service.ts';
import { admitsAnonymousPut } from '../anonymous/admits-anonymous.ts';
import { bucketAddress } from '../bucket-address.ts';
import { bucketAnywhere, malformedXml } from '../errors.ts';
import { putObject } from '../objects/put-object.ts';
import type { S3State } from '../state.ts';
import { checkFormPolicy } from './form-policy.ts';
import { checkFormSignature, isUnsigned, missingField } from './form-signature.ts';
import { readForm, type FormField, type UploadForm } from './form.ts';
import { withinSize } from './sized-file.ts';

/** Whether a request is a form to a bucket: a POST to it that names none of its sub-resources. */
export function isFormUpload(request: RequestHead): boolean {
  if (request.method !== 'POST' || request.query !== '') return false;
  const { path, labels } = bucketAddress(request);
  return path === '/' && labels['Bucket'] !== undefined;
}

/**
 * An upload by a browser's form (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html). With
 * `verifySignatures` it must carry a signed policy, unless everybody may write into the bucket; a policy that is
 * there has to fit in any case.
 */
export const postObject: UnmodelledOperation<S3State> = {
  name: 'PostObject',
  async handle(state, request, { requestId }) {
    const contentType = request.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\b/i.test(contentType)) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
        statusCode: 412,
        members: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
      });
    }
    const bucket = bucketAnywhere(state, bucketAddress(request).labels['Bucket']);
    const form = await readForm(contentType, request.body);
    try {
      const fields = withFilename(form);
      const key = fields.get('key')?.value;
      if (!key) throw missingField('key');
      if (state.verifySignatures && !(isUnsigned(fields) && admitsAnonymousPut(bucket, key))) {
        checkFormSignature(state, fields);
      }
      const policy = fields.get('policy')?.value;
      const range = policy === undefined ? undefined : checkFormPolicy(policy, bucket.name, fields, state.clock.now());
      const file = withinSize(form.file, range);
      const input = { ...inputOf(fields), Bucket: bucket.name, Key: key, Body: file } as PutObjectRequest;
      const output = await putObject({ ...state, region: bucket.region }, input, {
        request: uploadHead(request, fields),
      });
      return answer(request, fields, bucket.name, key, output, requestId);
    } catch (error) {
      // What is left of the form is read and dropped, so that the client gets to hear why.
      form.file.unpipe();
      form.file.resume();
      throw error;
    }
  },
};

/** Puts the file's name where the key asks for it. */
function withFilename({ fields, filename }: UploadForm): ReadonlyMap<string, FormField> {
  const key = fields.get('key');
  if (!key || filename === undefined) return fields;
  const value = key.value.replaceAll('${filename}', () => filename);
  return new Map(fields).set('key', { ...key, value });
}

/** The headers that an upload of the same would have. */
function uploadHead(request: RequestHead, fields: UploadForm['fields']): RequestHead {
  const expires = fields.get('expires')?.value;
  return {
    ...request,
    headers: {
      host: request.headers['host'] ?? '',
      // The form is longer than its file; S3 needs to know some length.
      'content-length': request.headers['content-length'] ?? '0',
      ...(expires !== undefined && { expires }),
    },
  };
}

/** PutObject's members, by the names of the fields that give them. */
const members: ReadonlyMap<string, keyof PutObjectRequest> = new Map<string, keyof PutObjectRequest>([
  ['acl', 'ACL'],
  ['cache-control', 'CacheControl'],
  ['content-disposition', 'ContentDisposition'],
  ['content-encoding', 'ContentEncoding'],
  ['content-language', 'ContentLanguage'],
  ['content-md5', 'ContentMD5'],
  ['content-type', 'ContentType'],
  ['x-amz-checksum-algorithm', 'ChecksumAlgorithm'],
  ['x-amz-checksum-crc32', 'ChecksumCRC32'],
  ['x-amz-checksum-crc32c', 'ChecksumCRC32C'],
  ['x-amz-checksum-crc64nvme', 'ChecksumCRC64NVME'],
  ['x-amz-checksum-sha1', 'ChecksumSHA1'],
  ['x-amz-checksum-sha256', 'ChecksumSHA256'],
  ['x-amz-server-side-encryption', 'ServerSideEncryption'],
  ['x-amz-server-side-encryption-aws-kms-key-id', 'SSEKMSKeyId'],
  ['x-amz-server-side-encryption-context', 'SSEKMSEncryptionContext'],
  ['x-amz-server-side-encryption-customer-algorithm', 'SSECustomerAlgorithm'],
  ['x-amz-server-side-encryption-customer-key', 'SSECustomerKey'],
  ['x-amz-server-side-encryption-customer-key-md5', 'SSECustomerKeyMD5'],
  ['x-amz-storage-class', 'StorageClass'],
  ['x-amz-website-redirect-location', 'WebsiteRedirectLocation'],
]);

function inputOf(fields: UploadForm['fields']): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const metadata: Record<string, string> = {};
  for (const [name, { value }] of fields) {
    const member = members.get(name);
    if (member !== undefined) input[member] = value;
    else if (name.startsWith('x-amz-meta-')) metadata[name.slice('x-amz-meta-'.length)] = value;
    else if (name === 'x-amz-server-side-encryption-bucket-key-enabled') input['BucketKeyEnabled'] = value === 'true';
    else if (name === 'tagging') input['Tagging'] = tagsAsHeader(value);
  }
  return { ...input, Metadata: metadata };
}

/** A form's tags are XML, as PutObjectTagging takes them. */
function tagsAsHeader(xml: string): string {
  const tags = new URLSearchParams();
  try {
    const sets = parseXml(xml).children.filter(({ name }) => name === 'TagSet');
    for (const tag of sets.flatMap(({ children }) => children)) {
      const text = (name: string): string => tag.children.find((child) => child.name === name)?.text ?? '';
      tags.append(text('Key'), text('Value'));
    }
  } catch (error) {
    throw error instanceof XmlSyntaxError ? malformedXml() : error;
  }
  return tags.toString();
}

function answer(
  request: RequestHead,
  fields: UploadForm['fields'],
  bucket: string,
  key: string,
  output: PutObjectOutput,
  requestId: string,
): ProtocolResponse {
  const etag = output.ETag ?? '';
  const location = locationOf(request, key);
  const headers: Record<string, string> = {
    ...requestIdHeaders(requestId),
    etag,
    location,
    ...answeredHeaders(output),
  };
  const redirect = redirectOf(fields.get('success_action_redirect') ?? fields.get('redirect'));
  if (redirect !== undefined) {
    const query = new URLSearchParams({ bucket, key, etag }).toString();
    const separator = redirect.includes('?') ? '&' : '?';
    return { status: 303, headers: { ...headers, location: `${redirect}${separator}${query}` }, body: '' };
  }
  const status = fields.get('success_action_status')?.value;
  if (status === '200') return { status: 200, headers, body: '' };
  if (status !== '201') return { status: 204, headers, body: '' };
  const response = { Location: location, Bucket: bucket, Key: key, ETag: etag };
  const elements = Object.entries(response).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return {
    status: 201,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${elements.join('')}</PostResponse>`,
  };
}

/** The object's URL at the endpoint that was asked; its key is escaped as a whole, slashes too. */
function locationOf(request: RequestHead, key: string): string {
  const bucketPath = request.path === '/' ? '' : request.path.replace(/\/$/, '');
  return `http://${request.headers['host'] ?? ''}${bucketPath}/${encodeURIComponent(key)}`;
}

/** What is no absolute URL is passed over. */
function redirectOf(field: FormField | undefined): string | undefined {
  if (!field || !/^https?:\/\/\S/i.test(field.value) || !URL.canParse(field.value)) return undefined;
  return field.value.replaceAll(/[^\u0020-\u007e]/gu, encodeURIComponent);
}

function answeredHeaders(output: PutObjectOutput): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, name] of Object.entries(outputHeaders)) {
    const value = output[member as keyof PutObjectOutput];
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}

const outputHeaders: Readonly<Partial<Record<keyof PutObjectOutput, string>>> = {
  VersionId: 'x-amz-version-id',
  Expiration: 'x-amz-expiration',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  SSECustomerAlgorithm: 'x-amz-server-side-encryption-customer-algorithm',
  SSECustomerKeyMD5: 'x-amz-server-side-encryption-customer-key-md5',
  ChecksumCRC32: 'x-amz-checksum-crc32',
  ChecksumCRC32C: 'x-amz-checksum-crc32c',
  ChecksumCRC64NVME: 'x-amz-checksum-crc64nvme',
  ChecksumSHA1: 'x-amz-checksum-sha1',
  ChecksumSHA256: 'x-amz-checksum-sha256',
  ChecksumType: 'x-amz-checksum-type',
};
