import type {
  GetOperationRequest,
  ListOperationsRequest,
  OperationFilter,
  OperationTargetType,
  OperationType,
} from '@aws-sdk/client-servicediscovery';
import { AwsError, type Operation } from '../../service.ts';
import { invalidInput } from './errors.ts';
import { newOperationId } from './ids.ts';
import { paginate } from './pagination.ts';
import type { Checked, LoggedOperation, ServicediscoveryState } from './state.ts';

/** How many operations are kept; AWS keeps them for a time. */
const keptOperations = 10_000;

/**
 * Notes an operation that Cloud Map would carry out after it has answered; here it is done already.
 *
 * @returns its id, for GetOperation
 */
export function logOperation(
  state: ServicediscoveryState,
  Type: OperationType,
  Targets: Partial<Record<OperationTargetType, string>>,
  { namespaceId = Targets.NAMESPACE, serviceId = Targets.SERVICE }: { namespaceId?: string; serviceId?: string } = {},
): { OperationId: string } {
  const Id = newOperationId();
  const now = new Date(state.clock.now());
  const operation = {
    Id,
    OwnerAccount: state.account,
    Type,
    Status: 'SUCCESS' as const,
    CreateDate: now,
    UpdateDate: now,
    Targets,
  };
  state.operations.set(Id, { operation, namespaceId, serviceId });
  if (state.operations.size > keptOperations) {
    for (const oldest of state.operations.keys()) {
      state.operations.delete(oldest);
      break;
    }
  }
  return { OperationId: Id };
}

/** What became of requests that Cloud Map carries out after it has answered. */
export const loggedOperations = {
  GetOperation: (state, { OperationId }: Checked<GetOperationRequest, 'OperationId'>) => {
    const found = state.operations.get(OperationId);
    if (!found) throw new AwsError('OperationNotFound', OperationId);
    return { Operation: found.operation };
  },

  ListOperations: (state, input: ListOperationsRequest) => {
    const matches = (input.Filters ?? []).map(compileFilter);
    const found = [...state.operations.values()].filter((logged) => matches.every((match) => match(logged)));
    const { page, ...next } = paginate(found, input, ({ operation }) => operation.Id);
    return { Operations: page.map(({ operation: { Id, Status } }) => ({ Id, Status })), ...next };
  },
} satisfies Record<string, Operation<ServicediscoveryState>>;

/** API reference, OperationFilter. Its SUCCEED is the SUCCESS that GetOperation answers. */
function compileFilter({ Name, Values = [], Condition = 'EQ' }: OperationFilter): (logged: LoggedOperation) => boolean {
  if (Name === 'UPDATE_DATE') {
    if (Condition !== 'BETWEEN' || Values.length !== 2) {
      throw invalidInput('UPDATE_DATE takes the condition BETWEEN with a start date and an end date.');
    }
    const [start = NaN, end = NaN] = Values.map((value) => Number(value) * 1000);
    return ({ operation }) => {
      const time = operation.UpdateDate?.getTime() ?? 0;
      return start <= time && time <= end;
    };
  }
  const allowsIn = Name === 'STATUS' || Name === 'TYPE';
  if (Condition !== 'EQ' && !(allowsIn && Condition === 'IN')) {
    throw invalidInput(`Condition ${Condition} is not supported for ${Name}.`);
  }
  if (Condition === 'EQ' && Values.length !== 1) throw invalidInput('Condition EQ takes exactly one value.');
  const wanted = new Set(Values.map((value) => (value === 'SUCCEED' ? 'SUCCESS' : value)));
  return ({ operation, namespaceId, serviceId }) => {
    const own = { NAMESPACE_ID: namespaceId, SERVICE_ID: serviceId, STATUS: operation.Status, TYPE: operation.Type };
    return wanted.has(own[Name as keyof typeof own] ?? '');
  };
}
