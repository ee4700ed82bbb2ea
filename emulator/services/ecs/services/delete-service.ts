import type { DeleteServiceRequest, Service } from '@aws-sdk/client-ecs';
import { requireCluster } from '../clusters/lookup.ts';
import { invalidParameter, serviceNotFound } from '../errors.ts';
import type { EcsState, ServiceRecord } from '../state.ts';
import { serviceTasks, settleDeployments } from './deployments.ts';
import { requireService } from './lookup.ts';
import { cancelTimers } from './service-rollout.ts';

/**
 * DeleteService: the service is DRAINING until its last task is stopping, then INACTIVE.
 *
 * @returns the service as it is while it drains, which is what AWS answers even when there are no tasks
 * @throws AwsError ServiceNotFoundException; InvalidParameterException when it is scaled above 0 and the
 *   request does not force
 */
export function deleteService(state: EcsState, input: DeleteServiceRequest): Service {
  const { clusterName } = requireCluster(state, input.cluster).cluster;
  const record = requireService(state, clusterName, input.service ?? '');
  const { service } = record;
  if (service.status === 'INACTIVE') throw serviceNotFound();
  if (service.status === 'DRAINING') return service;
  settleDeployments(record);
  if (input.force !== true && service.schedulingStrategy !== 'DAEMON') {
    if ((service.desiredCount ?? 0) > 0) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    if ((service.deployments ?? []).length > 1) {
      throw invalidParameter('The service cannot be stopped while deployments are active.');
    }
  }
  drain(state, record);
  settleDeployments(record);
  const draining = structuredClone(service);
  inactivateOnceDrained(state, record);
  return draining;
}

function drain(state: EcsState, record: ServiceRecord): void {
  Object.assign(record.service, { status: 'DRAINING', desiredCount: 0 });
  cancelTimers(record.rollout);
  for (const scheduled of record.rollout.tasks.values()) {
    scheduled.isLeaving = true;
    state.supervisor.stop(scheduled.record, {
      code: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${scheduled.deploymentId})`,
    });
  }
}

function inactivateOnceDrained(state: EcsState, record: ServiceRecord): void {
  if (finish(state, record)) return;
  const unsubscribe = state.supervisor.onChange(() => {
    if (finish(state, record)) unsubscribe();
  });
}

/** API reference, DeleteService: it is INACTIVE "after all tasks have transitioned to either STOPPING or STOPPED". */
function finish(state: EcsState, record: ServiceRecord): boolean {
  if (serviceTasks(record).some(({ task }) => !ending.has(task.lastStatus))) return false;
  settleDeployments(record);
  record.rollout.deployments.clear();
  Object.assign(record.service, { status: 'INACTIVE', deployments: [] });
  state.tags.delete(record.service.serviceArn);
  return true;
}

const ending: ReadonlySet<string | undefined> = new Set(['STOPPING', 'DEPROVISIONING', 'STOPPED']);
