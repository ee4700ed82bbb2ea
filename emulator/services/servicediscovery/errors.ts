import { AwsError } from '../../service.ts';
import {
  idIn,
  type InstanceRecord,
  type NamespaceRecord,
  type ServiceRecord,
  type ServicediscoveryState,
} from './state.ts';

/** One or more values of the request are not valid. */
export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

/**
 * Finds a namespace.
 *
 * @param reference its id or ARN
 * @throws AwsError NamespaceNotFound
 */
export function requireNamespace(state: ServicediscoveryState, reference: string): NamespaceRecord {
  const found = state.namespaces.get(idIn(reference));
  if (!found) throw new AwsError('NamespaceNotFound', reference);
  return found;
}

/**
 * Finds a service.
 *
 * @param reference its id or ARN
 * @throws AwsError ServiceNotFound
 */
export function requireService(state: ServicediscoveryState, reference: string): ServiceRecord {
  const found = state.services.get(idIn(reference));
  if (!found) throw new AwsError('ServiceNotFound', reference);
  return found;
}

/** @throws AwsError InstanceNotFound */
export function requireInstance({ instances }: ServiceRecord, id: string): InstanceRecord {
  const found = instances.get(id);
  if (!found) throw new AwsError('InstanceNotFound', id);
  return found;
}
