import type { OperationModel, Violation } from '../../protocols/service-model.ts';
import { AwsError } from '../../service.ts';

/**
 * S3's refusal of input that breaks its schema. It has codes of its own for the places where that happens
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html) and reports the first only.
 */
export function refuse(violations: readonly Violation[], operation: OperationModel): AwsError {
  const [violation] = violations;
  if (!violation) throw new RangeError('A refusal needs a violation.');
  const bound = boundTo(violation.path, operation);
  if (!bound || bound.place === 'body') return refuseBody(violation, bound !== undefined, operation);
  if (violation.kind === 'required') {
    // A POST to an object that is for no upload is for nothing.
    if (operation.name === 'CompleteMultipartUpload' && bound.name === 'uploadId') return methodNotAllowed();
    return bound.place === 'header'
      ? new AwsError('InvalidRequest', `Missing required header for this request: ${bound.name}`)
      : new AwsError('InvalidArgument', `Missing required parameter: ${bound.name}`, argument(bound.name, ''));
  }
  const value = String(violation.value);
  if (bound.name === 'x-amz-storage-class') {
    const members = { StorageClassRequested: value };
    return new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', { members });
  }
  if (bound.name === 'x-amz-object-ownership') {
    const members = { ArgumentName: bound.name };
    return new AwsError('InvalidArgument', `Invalid x-amz-object-ownership header: ${value}`, { members });
  }
  if (bound.name === 'x-amz-checksum-algorithm' || bound.name === 'x-amz-sdk-checksum-algorithm') {
    return new AwsError(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  return new AwsError('InvalidArgument', argumentMessage(bound.name, violation), argument(bound.name, value));
}

function methodNotAllowed(): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    statusCode: 405,
    members: { Method: 'POST', ResourceType: 'OBJECT' },
  });
}

function refuseBody(violation: Violation, whole: boolean, { name }: OperationModel): AwsError {
  if (whole && violation.kind === 'required') {
    if (name === 'PutBucketPolicy') {
      return new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'");
    }
    return new AwsError('MissingRequestBodyError', 'Request Body is empty');
  }
  return new AwsError(
    name.endsWith('Acl') ? 'MalformedACLError' : 'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** Where the member at a path travels, by its name there; undefined for what lies inside a body. */
function boundTo(
  path: string,
  { input }: OperationModel,
): { readonly place: 'query' | 'header' | 'label' | 'body'; readonly name: string } | undefined {
  for (const [name, member] of input.structIterator()) {
    if (name.toLowerCase() !== path.toLowerCase()) continue;
    const traits = member.getMergedTraits();
    if (traits.httpQuery !== undefined) return { place: 'query', name: traits.httpQuery };
    if (traits.httpHeader !== undefined) return { place: 'header', name: traits.httpHeader };
    if (traits.httpLabel) return { place: 'label', name };
    return traits.httpPayload ? { place: 'body', name } : undefined;
  }
  return undefined;
}

function argument(name: string, value: string): { members: Record<string, unknown> } {
  return { members: { ArgumentName: name, ArgumentValue: value } };
}

function argumentMessage(name: string, { kind }: Violation): string {
  const known = argumentMessages[name];
  if (known !== undefined) return known;
  if (kind === 'type') return `Provided ${name} not an integer or within integer range`;
  return `The value of ${name} is not valid`;
}

const argumentMessages: Readonly<Record<string, string>> = {
  'encoding-type': 'Invalid Encoding Method specified in Request',
  partNumber: 'Part number must be an integer between 1 and 10000, inclusive',
  // S3 leaves it empty.
  'x-amz-acl': '',
  'x-amz-metadata-directive': 'Unknown metadata directive.',
  'x-amz-object-attributes': 'Invalid attribute name specified.',
  'x-amz-object-lock-legal-hold': 'Legal Hold must be either of "ON" or "OFF"',
  'x-amz-object-lock-mode': 'Unknown wormMode directive.',
  'x-amz-server-side-encryption': 'The encryption method specified is not supported',
  'x-amz-tagging-directive': 'Unknown tagging directive.',
};
