import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { defineServiceModel } from '../../protocols/service-model.ts';
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
  refuse([violation, ...others]) {
    if (violation?.kind === 'type') return new AwsError('SerializationException', violation.constraint);
    return new AwsError('InvalidParameterException', describeViolations(violation ? [violation, ...others] : []));
  },
});
