import * as schemas from '@aws-sdk/client-ecs';
import { defineServiceModel, type OperationModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** Amazon ECS on the wire. */
export const ecsModel = defineServiceModel({
  name: 'ecs',
  protocol: 'awsJson1_1',
  apiVersion: '2014-11-13',
  targetPrefix: 'AmazonEC2ContainerServiceV20141113',
  javaPackage: 'com.amazonaws.madison.frontend',
  schemas,
  constraints,
  refuse,
});

/**
 * ECS calls bad input an InvalidParameterException, but a ClientException when it comes with a task
 * definition. What is missing "can not be blank", one member at a time.
 */
function refuse(violations: readonly Violation[], operation: OperationModel): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('SerializationException', mismatch.constraint);
  const code = operation.name === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException';
  const missing = violations.find(({ kind }) => kind === 'required');
  if (!missing) return new AwsError(code, describeViolations(violations));
  const member = missing.path.slice(missing.path.lastIndexOf('.') + 1);
  return new AwsError(code, `${member.slice(0, 1).toUpperCase()}${member.slice(1)} can not be blank.`);
}
