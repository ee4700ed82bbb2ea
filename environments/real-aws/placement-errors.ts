import type { RunSettings } from './settings.ts';

/** The variables whose values ECS may find wrong. */
type Placement = Pick<RunSettings, 'subnets' | 'securityGroups' | 'executionRoleArn' | 'taskRoleArn'>;

/**
 * Adds, to the message of a refusal by AWS that names a subnet, security group or role of the settings, the
 * variable that it is from.
 *
 * @param error is changed, so that it stays an error of its class
 */
export function explainPlacement(error: unknown, settings: Placement): void {
  if (!(error instanceof Error)) return;
  const named = Object.entries({
    REAL_AWS_SUBNETS: settings.subnets,
    REAL_AWS_SECURITY_GROUPS: settings.securityGroups,
    REAL_AWS_EXECUTION_ROLE_ARN: [settings.executionRoleArn],
    REAL_AWS_TASK_ROLE_ARN: [settings.taskRoleArn],
  }).filter(([, values]) => values.some((value) => error.message.includes(value)));
  if (named.length > 0) error.message += ` (from ${named.map(([variable]) => variable).join(', ')})`;
}
