import { findPreset } from '../../environments/localstack/presets/index.ts';
import { type ControlPlane, controlPlanes } from '../../environments/localstack/presets/preset.ts';
import type { Settings } from '../../environments/settings.ts';
import type { CommandContext, Run } from './context.ts';
import { runPlaywright } from './playwright.ts';
import { statusOf } from './status.ts';

/**
 * Runs the scenarios. What they need and is not up, the run starts for itself and ends: `local` is in every
 * worker's own process, `localstack` is a container per worker unless one is kept up.
 */
export const test: Run = async (context) => {
  const { environment = 'local' } = context.command;
  return runPlaywright(environment, context, environment === 'localstack' ? await attach(context) : {});
};

/** The variables that lead the run to the kept container; none where there is none, or it is not to be used. */
async function attach(context: CommandContext): Promise<Record<string, string>> {
  const { settings, tell } = context;
  // Somebody's own server goes first.
  if (settings.localstackEndpoint) return {};
  const { state, endpoint, image, detail } = await statusOf('localstack', context);
  const otherwise = 'the run starts containers of its own';
  if (state === 'down') return {};
  if (state !== 'healthy' || endpoint === undefined || image === undefined) {
    tell(`localstack: ${state}, ${detail}; ${otherwise}`);
    return {};
  }
  const variables = attachingVariables(image, endpoint, settings);
  if (typeof variables === 'string') {
    tell(`localstack: ${variables}; ${otherwise}`);
    return {};
  }
  tell(`localstack: the run uses ${image} at ${endpoint}`);
  return variables;
}

/**
 * What a run has to be told of a kept container.
 *
 * @returns the variables, or why it cannot be used
 */
export function attachingVariables(
  image: string,
  endpoint: string,
  { localstackControlPlanes: chosen }: Pick<Settings, 'localstackControlPlanes'>,
): Record<string, string> | string {
  const preset = findPreset(image, false)?.preset;
  if (!preset) return `${image} is an image that we do not know`;
  const whose = (name: ControlPlane): string => chosen[name] ?? (preset.native.includes(name) ? 'native' : 'testbed');
  if (preset.checksPlacement && whose('ecs') === 'native') {
    return `${preset.title} wants subnets, security groups and roles of its own, which a kept container has not`;
  }
  // A server that somebody else started gets nothing of ours in front; this one is ours.
  const planes = controlPlanes.map((name) => [`LOCALSTACK_${name.toUpperCase()}`, whose(name)] as const);
  return { LOCALSTACK_ENDPOINT: endpoint, ...Object.fromEntries(planes) };
}
