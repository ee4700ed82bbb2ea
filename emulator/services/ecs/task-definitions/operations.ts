import type {
  DeleteTaskDefinitionsRequest,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  Failure,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Operation } from '../../../service.ts';
import { paginate } from '../pagination.ts';
import { nameOf, taskDefinitionArn } from '../arns.ts';
import { client, invalidParameter } from '../errors.ts';
import type { EcsState } from '../state.ts';
import { setTags, tagsOf, validateTags } from '../tags/rules.ts';
import { definitionOf, requestDeletion } from './deletion.ts';
import { readDefinition } from './registration.ts';
import { findRevision, findTaskDefinition, type RegisteredTaskDefinition } from './task-definitions.ts';

/** RegisterTaskDefinition to DeleteTaskDefinitions. */
export const taskDefinitionOperations = {
  RegisterTaskDefinition: (state, input: RegisterTaskDefinitionRequest, context) => {
    validateTags(input.tags);
    const read = readDefinition(input);
    const records = state.families.get(read.family) ?? [];
    const revision = records.length + 1;
    const arn = taskDefinitionArn(state, read.family, revision);
    const definition: RegisteredTaskDefinition = {
      ...read,
      taskDefinitionArn: arn,
      revision,
      status: 'ACTIVE',
      registeredAt: now(state),
      registeredBy: context.caller.arn,
    };
    records.push({ definition });
    state.families.set(read.family, records);
    setTags(state, arn, input.tags);
    return { taskDefinition: { ...definition }, tags: tagsOf(state, arn) };
  },

  DescribeTaskDefinition: (state, input: DescribeTaskDefinitionRequest) => {
    const definition = findTaskDefinition(state, input.taskDefinition ?? '');
    if (!definition) throw client('Unable to describe task definition.');
    return {
      taskDefinition: { ...definition },
      ...(input.include?.includes('TAGS') && { tags: tagsOf(state, definition.taskDefinitionArn) }),
    };
  },

  ListTaskDefinitions: (state, input: ListTaskDefinitionsRequest) => {
    const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
    const arns = familiesInOrder(state)
      // The API reference calls the prefix "the full family name".
      .filter(([family]) => familyPrefix === undefined || family === familyPrefix)
      .flatMap(([, definitions]) => definitions)
      .filter((definition) => definition.status === status)
      .map((definition) => definition.taskDefinitionArn);
    const page = paginate(sort === 'DESC' ? arns.toReversed() : arns, input, { maximum: 100 });
    return { taskDefinitionArns: page.items, nextToken: page.nextToken };
  },

  ListTaskDefinitionFamilies: (state, input: ListTaskDefinitionFamiliesRequest) => {
    const { familyPrefix = '', status = 'ALL' } = input;
    const families = familiesInOrder(state)
      .filter(([family, definitions]) => family.startsWith(familyPrefix) && isListed(definitions, status))
      .map(([family]) => family);
    const { items, nextToken } = paginate(families, input, { maximum: 100 });
    return { families: items, nextToken };
  },

  DeregisterTaskDefinition: (state, input: DeregisterTaskDefinitionRequest) => {
    const definition = findRevision(state, input.taskDefinition ?? '');
    if (!definition) throw client('Unable to describe task definition.');
    if (definition.status === 'ACTIVE') {
      definition.status = 'INACTIVE';
      definition.deregisteredAt = now(state);
    }
    return { taskDefinition: { ...definition } };
  },

  DeleteTaskDefinitions: (state, input: DeleteTaskDefinitionsRequest) => {
    const references = input.taskDefinitions ?? [];
    if (references.length === 0) {
      throw invalidParameter('size of TaskDefinition references list must be greater than 0');
    }
    if (references.length > 10) {
      throw invalidParameter('Size of TaskDefinition references list cannot exceed 10');
    }
    const taskDefinitions: TaskDefinition[] = [];
    const failures: Failure[] = [];
    for (const reference of references) {
      if (!namesRevision(reference)) {
        failures.push({ arn: reference, reason: invalidIdentifier });
        continue;
      }
      const definition = findRevision(state, reference);
      const reason = refusalOf(definition);
      if (definition && reason === undefined) {
        requestDeletion(state, definition);
        taskDefinitions.push({ ...definition });
      } else {
        failures.push({ arn: definition?.taskDefinitionArn ?? arnOf(state, reference), reason });
      }
    }
    return { taskDefinitions, failures };
  },
} satisfies Record<string, Operation<EcsState>>;

/** Every family with the revisions that it still has. */
function familiesInOrder(state: EcsState): [string, RegisteredTaskDefinition[]][] {
  return [...state.families]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([family, records]) => [family, records.flatMap((record) => definitionOf(state, record) ?? [])]);
}

/** A family whose revisions are all deleted is not listed, though its revision numbers go on. */
function isListed(definitions: readonly RegisteredTaskDefinition[], status: 'ACTIVE' | 'INACTIVE' | 'ALL'): boolean {
  const isActive = definitions.some((definition) => definition.status === 'ACTIVE');
  if (status === 'ACTIVE') return isActive;
  return definitions.length > 0 && (status === 'ALL' || !isActive);
}

/** "You must specify a revision": what names none is a failure of its own and keeps no other from being deleted. */
function namesRevision(reference: string): boolean {
  return /^[^:]+:\d+$/.test(nameOf(reference));
}

const invalidIdentifier =
  'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';

function refusalOf(definition: RegisteredTaskDefinition | undefined): string | undefined {
  if (!definition) {
    return 'The specified task definition does not exist. Specify a valid account, family, revision and try again.';
  }
  if (definition.status === 'ACTIVE') {
    return 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
  }
  return undefined;
}

function arnOf(state: EcsState, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  const [family = '', revision = ''] = reference.split(':');
  return taskDefinitionArn(state, family, Number(revision));
}

function now(state: EcsState): Date {
  return new Date(state.dependencies.clock.now());
}
