import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { defineServiceModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** Amazon CloudWatch Logs on the wire. */
export const logsModel = defineServiceModel({
  name: 'logs',
  protocol: 'awsJson1_1',
  apiVersion: '2014-03-28',
  targetPrefix: 'Logs_20140328',
  schemas,
  constraints,
  refuse,
});

/** CloudWatch Logs passes on the framework's words: `1 validation error detected: Value '' at 'logGroupName' …`. */
function refuse(violations: readonly Violation[]): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('SerializationException', mismatch.constraint);
  return new AwsError('InvalidParameterException', describeViolations(violations));
}
