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

/**
 * CloudWatch Logs passes on the framework's words: `1 validation error detected: Value '' at 'logGroupName' …`.
 * Two of its answers differ, as AWS was seen to give them: names that are too long have words of their own,
 * and identifiers, which may be ARNs, are not shown.
 */
function refuse(violations: readonly Violation[]): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('SerializationException', mismatch.constraint);
  const message = violations.some(isTooLongName)
    ? `Invalid LogGroup or LogStream, both must have length less than or equal to ${longestName}.`
    : describeViolations(violations.map(withoutIdentifier));
  return new AwsError('InvalidParameterException', message);
}

const longestName = 512;

function isTooLongName({ kind, path, value }: Violation): boolean {
  const isName = path === 'logGroupName' || path === 'logStreamName';
  return kind === 'length' && isName && typeof value === 'string' && value.length > longestName;
}

function withoutIdentifier(violation: Violation): Violation {
  return /^logGroupIdentifiers?$/.test(violation.path) ? { ...violation, sensitive: true } : violation;
}
