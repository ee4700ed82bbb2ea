import { rows, type ServiceOperations } from './operation.ts';

/** What belongs to one log group. Policies and destinations are the account's, and not here. */
export const logs: ServiceOperations = {
  reads: ['FilterLogEvents', 'StartQuery', 'StopQuery', 'StartLiveTail', 'TestMetricFilter', 'TestTransformer'],
  mutates: {
    CreateLogGroup: { of: ['logGroupName'], tags: { member: 'tags', form: 'map' } },
    ...rows(
      [
        'CreateLogStream',
        'DeleteLogGroup',
        'DeleteLogStream',
        'DeleteMetricFilter',
        'DeleteRetentionPolicy',
        'DeleteSubscriptionFilter',
        'PutLogEvents',
        'PutMetricFilter',
        'PutRetentionPolicy',
        'PutSubscriptionFilter',
        'TagLogGroup',
        'UntagLogGroup',
      ],
      { of: ['logGroupName'] },
    ),
    ...rows(['TagResource', 'UntagResource'], { of: ['resourceArn'] }),
  },
};
