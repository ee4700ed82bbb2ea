import { type Input, rows, type ServiceOperations } from './operation.ts';

const tags = { member: 'tags', form: 'map' } as const;

/** Jobs have ids that say nothing: whose they are, `call-guard.ts` looks up. */
export const batch: ServiceOperations = {
  reads: [],
  mutates: {
    CreateComputeEnvironment: { of: ['computeEnvironmentName'], tags },
    CreateJobQueue: { of: ['jobQueueName'], tags },
    CreateSchedulingPolicy: { of: ['name'], tags },
    CreateConsumableResource: { of: ['consumableResourceName'], tags },
    RegisterJobDefinition: { of: ['jobDefinitionName'], tags },
    SubmitJob: { of: ['jobQueue', 'jobDefinition'], tags, spends: { kind: 'jobs', count: jobsOf } },
    ...rows(['CancelJob', 'TerminateJob'], { of: ['jobId'] }),
    DeregisterJobDefinition: { of: ['jobDefinition'] },
    ...rows(['UpdateComputeEnvironment', 'DeleteComputeEnvironment'], { of: ['computeEnvironment'] }),
    ...rows(['UpdateJobQueue', 'DeleteJobQueue'], { of: ['jobQueue'] }),
    ...rows(['UpdateSchedulingPolicy', 'DeleteSchedulingPolicy'], { of: ['arn'] }),
    ...rows(['UpdateConsumableResource', 'DeleteConsumableResource'], { of: ['consumableResource'] }),
    ...rows(['TagResource', 'UntagResource'], { of: ['resourceArn'] }),
  },
};

/** An array job is as many as it has children. */
function jobsOf({ arrayProperties }: Input): number {
  return (arrayProperties as { size?: number } | undefined)?.size ?? 1;
}
