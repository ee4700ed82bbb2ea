import { arn, type ArnScope } from './arns.ts';

/**
 * The ARN under which a `MISSING` failure names a resource: the one that was asked for, or for a name
 * the ARN without the cluster, which is how ECS still writes it
 * (https://github.com/aws-actions/amazon-ecs-deploy-task-definition/issues/544).
 */
export function missingArn(scope: ArnScope, resource: 'service' | 'container-instance', reference: string): string {
  return reference.startsWith('arn:') ? reference : arn(scope, resource, reference);
}
