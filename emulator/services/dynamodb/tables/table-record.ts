import type {
  AttributeDefinition,
  ProvisionedThroughput,
  SSESpecification,
  StreamSpecification,
} from '@aws-sdk/client-dynamodb';
import type { IndexSchema, KeySchema, TableStore } from '../storage/table-store.ts';

export interface TableRecord {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly creationTime: number;
  readonly key: KeySchema;
  readonly store: TableStore;
  attributeDefinitions: readonly AttributeDefinition[];
  readonly localIndexes: readonly IndexSchema[];
  readonly globalIndexes: Map<string, GlobalIndexRecord>;
  billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** Zeros where the table is billed per request. */
  throughput: ProvisionedThroughput;
  tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS' | undefined;
  deletionProtection: boolean;
  sse: SSESpecification | undefined;
  stream: StreamSpecification | undefined;
  readonly tags: Map<string, string>;
  timeToLive: { readonly attribute: string } | undefined;
}

export interface GlobalIndexRecord {
  readonly schema: IndexSchema;
  throughput: ProvisionedThroughput;
}
