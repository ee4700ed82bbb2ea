import type { ExecuteCommandRequest } from '@aws-sdk/client-ecs';
import { AwsError, type Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../clusters/lookup.ts';
import type { EcsState } from '../state.ts';
import { findTask } from './describe-task.ts';

/** Why no agent for ECS Exec runs: a session is a WebSocket of Session Manager, and a made-up one would only fail later. */
export const NO_EXECUTE_COMMAND_AGENT = 'Sessions of Systems Manager Session Manager are not emulated.';

/** ExecuteCommand: every check that ECS makes, up to the session itself. */
export const executeCommandOperations = {
  ExecuteCommand: (state, input: ExecuteCommandRequest) => {
    const { cluster } = requireCluster(state, input.cluster);
    const record = findTask(state, cluster, input.task ?? '');
    if (!record || record.task.lastStatus === 'STOPPED') throw invalidParameter('The referenced task was not found.');
    const containers = record.task.containers ?? [];
    if (input.container === undefined && containers.length > 1) {
      throw invalidParameter('A container name must be specified for tasks that have multiple containers.');
    }
    const container = containers.find(({ name }) => input.container === undefined || name === input.container);
    if (!container) throw invalidParameter('The specified container was not found in the task.');
    if (input.interactive !== true)
      throw invalidParameter('Interactive must be set to true. ECS only supports interactive sessions.');
    if (!record.task.enableExecuteCommand || container.lastStatus !== 'RUNNING') {
      throw invalidParameter(
        "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn't running. Wait and try again or run a new task with execute command enabled and try again.",
      );
    }
    throw new AwsError(
      'TargetNotConnectedException',
      `The execute command failed for container ${container.name}: ${NO_EXECUTE_COMMAND_AGENT} Run the command as the container's own command, or as its health check.`,
    );
  },
} satisfies Record<string, Operation<EcsState>>;
