import * as schemas from '@aws-sdk/client-ecs';
import { defineServiceModel, type OperationModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/**
 * The API reference documents the account setting `dualStackIPv6`, which the enumeration of botocore's
 * model lacks; account-settings.ts knows every name.
 */
const structures = Object.fromEntries(
  Object.entries(constraints.structures).filter(([name]) => !/^(?:Put|Delete|List)AccountSetting/.test(name)),
);

/** Amazon ECS on the wire. */
export const ecsModel = defineServiceModel({
  name: 'ecs',
  protocol: 'awsJson1_1',
  apiVersion: '2014-11-13',
  targetPrefix: 'AmazonEC2ContainerServiceV20141113',
  javaPackage: 'com.amazonaws.madison.frontend',
  schemas,
  constraints: { ...constraints, structures },
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
  if (!missing) {
    const [first] = violations;
    return first?.kind === 'enum' ? refuseValue(code, first) : new AwsError(code, describeViolations(violations));
  }
  const member = missing.path.slice(missing.path.lastIndexOf('.') + 1);
  return new AwsError(code, `${member.slice(0, 1).toUpperCase()}${member.slice(1)} can not be blank.`);
}

/** ECS words a value that is none of an enumeration's in its own way. */
function refuseValue(code: string, { path, value, constraint }: Violation): AwsError {
  const values = /\[([^[\]]*)\]\]?$/.exec(constraint)?.[1]?.replaceAll(', ', ',') ?? '';
  // The launch type alone is a client's error: "launch type should be one of [EC2,FARGATE,EXTERNAL]".
  if (path === 'launchType') return new AwsError('ClientException', `launch type should be one of [${values}]`);
  return new AwsError(code, `${strangers(value, values)} should be one of [${values}]`);
}

/** Of a list only the elements that are none of the values. */
function strangers(value: unknown, values: string): string {
  const known = values.split(',');
  return (Array.isArray(value) ? value.filter((element) => !known.includes(String(element))) : [value]).join(', ');
}
