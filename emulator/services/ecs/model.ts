import * as schemas from '@aws-sdk/client-ecs';
import { defineServiceModel } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** Amazon ECS on the wire. */
export const ecsModel = defineServiceModel({
  name: 'ecs',
  protocol: 'awsJson1_1',
  apiVersion: '2014-11-13',
  targetPrefix: 'AmazonEC2ContainerServiceV20141113',
  schemas,
  constraints,
  refuse([violation, ...others]) {
    if (violation?.kind === 'type') return new AwsError('SerializationException', violation.constraint);
    return new AwsError('InvalidParameterException', describeViolations(violation ? [violation, ...others] : []));
  },
});
