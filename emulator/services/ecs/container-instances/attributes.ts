import type {
  Attribute,
  DeleteAttributesRequest,
  ListAttributesRequest,
  PutAttributesRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Operation } from '../../../service.ts';
import { paginate } from '../pagination.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../clusters/lookup.ts';
import type { ContainerInstanceRecord, EcsState } from '../state.ts';
import { findContainerInstance } from './instances.ts';

/** The attributes of container instances: PutAttributes, DeleteAttributes, ListAttributes. */
export const attributeOperations = {
  PutAttributes: (state, input: PutAttributesRequest) => {
    const { clusterName } = requireCluster(state, input.cluster).cluster;
    const attributes = nonEmpty(input.attributes);
    for (const attribute of attributes) validateAttribute(attribute);
    const planned = attributes.map((attribute) => ({
      attribute,
      targets: targetsOf(state, clusterName, attribute),
    }));
    for (const record of new Set(planned.flatMap(({ targets }) => targets))) {
      const added = planned.filter(({ targets }) => targets.includes(record)).map(({ attribute }) => attribute.name);
      const custom = new Set([...record.attributes.keys(), ...added].filter((name) => isCustom(name)));
      if (custom.size > 10) {
        throw new AwsError(
          'AttributeLimitExceededException',
          `You can apply up to 10 custom attributes to ${record.instance.containerInstanceArn}.`,
        );
      }
    }
    const applied: Attribute[] = [];
    for (const { attribute, targets } of planned) {
      const { name = '', value } = attribute;
      for (const record of targets) {
        const kept = { name, ...(value === undefined ? {} : { value }) };
        record.attributes.set(name, kept);
        applied.push(withTarget(record, kept));
      }
    }
    state.scheduler.wakeCluster(clusterName);
    return { attributes: applied };
  },

  DeleteAttributes: (state, input: DeleteAttributesRequest) => {
    const { clusterName } = requireCluster(state, input.cluster).cluster;
    const planned = nonEmpty(input.attributes).map((attribute) => ({
      attribute,
      targets: targetsOf(state, clusterName, attribute),
    }));
    const deleted: Attribute[] = [];
    for (const { attribute, targets } of planned) {
      for (const record of targets) {
        const current = record.attributes.get(attribute.name ?? '');
        // A value is not asked for; one that is given must be the current one.
        if (!current || (attribute.value !== undefined && attribute.value !== current.value)) continue;
        record.attributes.delete(attribute.name ?? '');
        deleted.push(withTarget(record, current));
      }
    }
    state.scheduler.wakeCluster(clusterName);
    return { attributes: deleted };
  },

  ListAttributes: (state, input: ListAttributesRequest) => {
    const { clusterName } = requireCluster(state, input.cluster).cluster;
    if (input.attributeValue !== undefined && input.attributeName === undefined) {
      throw invalidParameter('attributeName must be specified together with attributeValue.');
    }
    const attributes = liveInstances(state, clusterName)
      .flatMap((record) => [...record.attributes.values()].map((attribute) => withTarget(record, attribute)))
      .filter(({ name }) => input.attributeName === undefined || name === input.attributeName)
      .filter(({ value }) => input.attributeValue === undefined || value === input.attributeValue);
    const page = paginate(attributes, input, { maximum: 100 });
    return { attributes: page.items, nextToken: page.nextToken };
  },
} satisfies Record<string, Operation<EcsState>>;

function nonEmpty(attributes: readonly Attribute[] | undefined): readonly Attribute[] {
  if (!attributes?.length) throw invalidParameter('attributes can not be empty');
  if (attributes.length > 10) throw invalidParameter('attributes can have at most 10 items.');
  return attributes;
}

/** The characters and lengths of the API reference, Attribute. */
function validateAttribute({ name = '', value }: Attribute): void {
  if (!/^[\w\-./\\]{1,128}$/.test(name)) {
    throw invalidParameter(
      `Invalid attribute name '${name}': up to 128 letters, numbers, hyphens, underscores, slashes, back slashes and periods are allowed.`,
    );
  }
  if (value !== undefined && (!/^[\w\-.@/\\: ]{1,128}$/.test(value) || value.trim() !== value)) {
    throw invalidParameter(
      `Invalid value '${value}' of attribute '${name}': up to 128 letters, numbers, hyphens, underscores, periods, at signs, slashes, back slashes, colons and inner spaces are allowed.`,
    );
  }
}

/** Without a target an attribute means every container instance of the cluster. */
function targetsOf(state: EcsState, clusterName: string, attribute: Attribute): ContainerInstanceRecord[] {
  const { targetId, targetType } = attribute;
  if (targetId === undefined) return liveInstances(state, clusterName);
  if (targetType === undefined && !targetId.startsWith('arn:')) {
    throw invalidParameter(`targetType must be specified when targetId is a short ID: ${targetId}`);
  }
  const record = findContainerInstance(state, clusterName, targetId);
  if (!record || record.instance.status === 'INACTIVE') {
    throw new AwsError('TargetNotFoundException', `Could not find ${targetId}`);
  }
  return [record];
}

function liveInstances(state: EcsState, clusterName: string): ContainerInstanceRecord[] {
  return [...state.containerInstances.values()].filter(
    (record) => record.clusterName === clusterName && record.instance.status !== 'INACTIVE',
  );
}

/** The names that ECS and its agent use count towards no limit. */
function isCustom(name: string | undefined): boolean {
  return name !== undefined && !/^(?:com\.amazonaws\.)?ecs\./.test(name);
}

function withTarget(record: ContainerInstanceRecord, attribute: Attribute): Attribute {
  return { ...attribute, targetId: record.instance.containerInstanceArn };
}
