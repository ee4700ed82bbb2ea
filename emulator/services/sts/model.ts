import * as schemas from '@aws-sdk/client-sts';
import { defineServiceModel } from '../../protocols/service-model.ts';
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
  refuse([violation, ...others]) {
    if (violation?.kind === 'type') return new AwsError('MalformedInput', violation.constraint);
    return new AwsError('ValidationError', describeViolations(violation ? [violation, ...others] : []));
  },
});
