import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';

/** What an account may use, and where it finds DynamoDB. */
export const accountOperations = {
  /** The quotas of a new account (developer guide, "Quotas in DynamoDB"); nothing here is held to them. */
  DescribeLimits: () => ({
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  }),

  /** The endpoint that was asked: clients that discover endpoints stay where they are. */
  DescribeEndpoints: (state, _input, { request }) => ({
    Endpoints: [
      { Address: request.headers['host'] ?? `dynamodb.${state.region}.amazonaws.com`, CachePeriodInMinutes: 1440 },
    ],
  }),
} satisfies Record<string, Operation<DynamodbState>>;
