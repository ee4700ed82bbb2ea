import * as schemas from '@aws-sdk/client-dynamodb';
import { defineServiceModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** The shapes of DynamoDB's API live in this Java package, which its errors name. */
const javaPackage = 'com.amazonaws.dynamodb.v20120810';

/** Amazon DynamoDB on the wire. */
export const dynamodbModel = defineServiceModel({
  name: 'dynamodb',
  protocol: 'awsJson1_0',
  apiVersion: '2012-08-10',
  targetPrefix: 'DynamoDB_20120810',
  javaPackage,
  schemas,
  constraints,
  refuse,
  errorType,
});

/** DynamoDB refuses with a ValidationException in the framework's words. */
function refuse(violations: readonly Violation[]): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('SerializationException', mismatch.constraint);
  return new AwsError('ValidationException', describeViolations(violations));
}

/** Errors of the framework around DynamoDB; all others are DynamoDB's own. */
const frameworkErrors: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]);

function errorType(code: string): string {
  if (code === 'ValidationException') return `com.amazon.coral.validate#${code}`;
  return frameworkErrors.has(code) ? `com.amazon.coral.service#${code}` : `${javaPackage}#${code}`;
}
