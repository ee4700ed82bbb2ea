import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../service.ts';
import type { ServiceConstraints } from './constraints.ts';

/** The wire protocols of AWS that the gateway speaks. */
export type ProtocolName = 'awsJson1_0' | 'awsJson1_1' | 'restJson1' | 'restXml' | 'awsQuery';

/** Everything the protocol layer knows of a service; built from the SDK's runtime schemas, never by hand. */
export interface ServiceModel {
  /** The SigV4 signing name, by which the gateway routes: `ecs`, `logs`, `s3`. */
  readonly name: string;
  readonly protocol: ProtocolName;
  /** `2014-11-13` */
  readonly apiVersion: string;
  /** The part of X-Amz-Target before the dot, for the JSON protocols. */
  readonly targetPrefix: string | undefined;
  readonly xmlNamespace: string | undefined;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** The service's modelled errors by code. */
  readonly errors: ReadonlyMap<string, NormalizedSchema>;
  readonly constraints: ServiceConstraints;
  /** The service's own words for input that breaks its schema or constraints. */
  readonly refuse: (violations: readonly Violation[], operation: OperationModel) => AwsError;
}

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** The http trait of the REST protocols: method, URI template, success status. */
  readonly http: { readonly method: string; readonly uri: string; readonly status: number } | undefined;
}

/** One way in which an input breaks its shape. */
export interface Violation {
  readonly kind: 'required' | 'type' | 'length' | 'range' | 'pattern' | 'enum';
  /** Where, as AWS writes it: `tags.1.member.key`. */
  readonly path: string;
  readonly value: unknown;
  /** The second half of the message: `Member must have length greater than or equal to 1`. */
  readonly constraint: string;
}
