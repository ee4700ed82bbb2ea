import type {
  ListTagsForResourceRequest,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-servicediscovery';
import { AwsError, type Operation } from '../../service.ts';
import { invalidInput } from './errors.ts';
import { arnOf, type Checked, idIn, type ServicediscoveryState } from './state.ts';

/** Tags of namespaces and services. */
export const tagOperations = {
  TagResource: (state, { ResourceARN, Tags }: Checked<TagResourceRequest, 'ResourceARN' | 'Tags'>) => {
    requireResource(state, ResourceARN);
    setTags(state, ResourceARN, Tags);
    return {};
  },

  UntagResource: (state, { ResourceARN, TagKeys }: Checked<UntagResourceRequest, 'ResourceARN' | 'TagKeys'>) => {
    requireResource(state, ResourceARN);
    const kept = (state.tags.get(ResourceARN) ?? []).filter(({ Key = '' }) => !TagKeys.includes(Key));
    state.tags.set(ResourceARN, kept);
    return {};
  },

  ListTagsForResource: (state, { ResourceARN }: Checked<ListTagsForResourceRequest, 'ResourceARN'>) => {
    requireResource(state, ResourceARN);
    return { Tags: state.tags.get(ResourceARN) ?? [] };
  },
} satisfies Record<string, Operation<ServicediscoveryState>>;

const maximumTags = 50;

/**
 * Adds tags to what a resource has.
 *
 * @throws AwsError InvalidInput for a key that AWS keeps for itself, TooManyTagsException beyond fifty
 */
export function setTags(state: ServicediscoveryState, arn: string, added: readonly Tag[]): void {
  state.tags.set(arn, mergeTags(state.tags.get(arn) ?? [], added, arn));
}

/** As `setTags`, of a resource that is not there yet: checked before anything is made. */
export function checkTags(added: readonly Tag[] = []): void {
  mergeTags([], added, undefined);
}

function mergeTags(existing: readonly Tag[], added: readonly Tag[], arn: string | undefined): Tag[] {
  const reserved = added.find(({ Key = '' }) => /^aws:/i.test(Key));
  if (reserved) throw invalidInput(`Tag keys starting with aws: are reserved for AWS: ${reserved.Key}`);
  const merged = new Map([...existing, ...added].map((tag) => [tag.Key, tag]));
  if (merged.size > maximumTags) {
    throw new AwsError('TooManyTagsException', `A resource can have no more than ${maximumTags} tags.`, {
      members: arn === undefined ? {} : { ResourceName: arn },
    });
  }
  return [...merged.values()];
}

function requireResource(state: ServicediscoveryState, arn: string): void {
  const id = idIn(arn);
  const exists =
    (state.namespaces.has(id) && arnOf(state, 'namespace', id) === arn) ||
    (state.services.has(id) && arnOf(state, 'service', id) === arn);
  if (!exists) throw new AwsError('ResourceNotFoundException', `The resource ${arn} does not exist.`);
}
