import * as schemas from '@aws-sdk/client-servicediscovery';
import { defineServiceModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** AWS Cloud Map on the wire. */
export const servicediscoveryModel = defineServiceModel({
  name: 'servicediscovery',
  protocol: 'awsJson1_1',
  apiVersion: '2017-03-14',
  targetPrefix: 'Route53AutoNaming_v20170314',
  schemas,
  constraints,
  refuse,
});

/** Cloud Map's InvalidInput covers whatever is missing, too long or out of range, in the framework's words. */
function refuse(violations: readonly Violation[]): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('SerializationException', mismatch.constraint);
  return new AwsError('InvalidInput', describeViolations(violations));
}
