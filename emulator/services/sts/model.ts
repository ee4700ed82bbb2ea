import * as schemas from '@aws-sdk/client-sts';
import { defineServiceModel, type Violation } from '../../protocols/service-model.ts';
import { describeViolations } from '../../protocols/violations.ts';
import { AwsError } from '../../service.ts';
import constraints from './constraints.json' with { type: 'json' };

/** AWS Security Token Service on the wire. */
export const stsModel = defineServiceModel({
  name: 'sts',
  protocol: 'awsQuery',
  apiVersion: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  schemas,
  constraints,
  refuse,
});

/** The query services share a ValidationError in the framework's words, and MalformedInput for text of the wrong kind. */
function refuse(violations: readonly Violation[]): AwsError {
  const mismatch = violations.find(({ kind }) => kind === 'type');
  if (mismatch) return new AwsError('MalformedInput', mismatch.constraint);
  return new AwsError('ValidationError', describeViolations(violations));
}
