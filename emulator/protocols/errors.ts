import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../service.ts';
import { errorCode, type ServiceModel } from './service-model.ts';

/** An error as a protocol writes it. */
export interface WireError {
  readonly code: string;
  readonly status: number;
  /** Who is to blame: `Sender` (4xx) or `Receiver` (5xx), as awsQuery says it. */
  readonly fault: 'Sender' | 'Receiver';
  /** The error's shape, when the service models it. */
  readonly schema: NormalizedSchema | undefined;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Looks an error up in the service's model: its code on the wire and its status, unless the error has its own. */
export function wireError(model: ServiceModel, error: AwsError): WireError {
  const schema = model.errors.get(error.code);
  const traits = schema?.getMergedTraits();
  const modelled = traits?.['httpError'] ?? (traits?.error === 'server' ? 500 : 400);
  const status = error.statusCode ?? (modelled as number);
  return {
    code: schema ? errorCode(schema, model.protocol) : error.code,
    status,
    fault: status >= 500 ? 'Receiver' : 'Sender',
    schema,
    message: error.message,
    members: error.members,
  };
}

/** Whether an error says `message` or `Message`: its shape knows; AWS's framework itself says the latter. */
export function errorMessageMember({ code, schema, members }: WireError): string {
  // DynamoDB capitalises it in the one error of its own that may have an item, when it has.
  if (code === 'ConditionalCheckFailedException' && members['Item'] !== undefined) return 'Message';
  if (!schema) return code === 'SerializationException' ? 'Message' : 'message';
  return [...schema.structIterator()].find(([name]) => name.toLowerCase() === 'message')?.[0] ?? 'message';
}
