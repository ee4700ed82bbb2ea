import type {
  DeleteAccountSettingRequest,
  ListAccountSettingsRequest,
  PutAccountSettingDefaultRequest,
  PutAccountSettingRequest,
  Setting,
} from '@aws-sdk/client-ecs';
import { partitionOf } from '../../partition.ts';
import type { Operation, RequestContext } from '../../service.ts';
import { paginate } from './pagination.ts';
import { invalidParameter } from './errors.ts';
import type { EcsState } from './state.ts';

type SettingName = NonNullable<Setting['name']>;

interface SettingRule {
  /** What AWS has it at when nobody set it. */
  readonly initial: string;
  readonly values: readonly string[];
}

const SWITCH = ['enabled', 'disabled', 'on', 'off'];

/** Names and values as in the API reference, PutAccountSetting; the initial ones from the developer guide's "Account settings". */
const rules: Readonly<Record<string, SettingRule>> = {
  awsvpcTrunking: { initial: 'disabled', values: SWITCH },
  containerInsights: { initial: 'disabled', values: ['enabled', 'disabled', 'enhanced'] },
  containerInstanceLongArnFormat: { initial: 'enabled', values: SWITCH },
  defaultLogDriverMode: { initial: 'non-blocking', values: ['blocking', 'non-blocking'] },
  dualStackIPv6: { initial: 'enabled', values: SWITCH },
  fargateEventWindows: { initial: 'disabled', values: SWITCH },
  fargateFIPSMode: { initial: 'disabled', values: SWITCH },
  fargateTaskRetirementWaitPeriod: { initial: '7', values: ['0', '7', '14'] },
  guardDutyActivate: { initial: 'off', values: [] },
  serviceLongArnFormat: { initial: 'enabled', values: SWITCH },
  tagResourceAuthorization: { initial: 'on', values: SWITCH },
  taskLongArnFormat: { initial: 'enabled', values: SWITCH },
};

/** PutAccountSetting, PutAccountSettingDefault, DeleteAccountSetting, ListAccountSettings. */
export const accountSettingOperations = {
  PutAccountSetting: (state, input: PutAccountSettingRequest, context) =>
    put(state, input.principalArn ?? principalOf(context), input),

  PutAccountSettingDefault: (state, input: PutAccountSettingDefaultRequest) => put(state, rootOf(state), input),

  DeleteAccountSetting: (state, input: DeleteAccountSettingRequest, context) => {
    const name = requireName(input.name);
    const principal = input.principalArn ?? principalOf(context);
    validatePrincipal(principal);
    state.accountSettings.get(principal)?.delete(name);
    return { setting: describe(name, effectiveSetting(state, principal, name), principal) };
  },

  ListAccountSettings: (state, input: ListAccountSettingsRequest, context) => {
    const name = input.name === undefined ? undefined : requireName(input.name);
    if (input.value !== undefined && name === undefined) {
      throw invalidParameter('You must specify an account setting name to filter by value.');
    }
    const principal = input.principalArn ?? principalOf(context);
    validatePrincipal(principal);
    const settings =
      input.effectiveSettings === true
        ? Object.keys(rules).map((known) => describe(known, effectiveSetting(state, principal, known), principal))
        : [...(state.accountSettings.get(principal)?.values() ?? [])];
    const matching = settings
      .filter((setting) => name === undefined || setting.name === name)
      .filter((setting) => input.value === undefined || setting.value === input.value)
      .toSorted((left, right) => ((left.name ?? '') < (right.name ?? '') ? -1 : 1));
    const { items, nextToken } = paginate(matching, input, { maximum: 10 });
    return { settings: items, nextToken };
  },
} satisfies Record<string, Operation<EcsState>>;

/**
 * What a setting is for a principal: its own, else the account's default, else AWS's.
 *
 * @param principal the ARN of a user, a role or the root user
 */
export function effectiveSetting(state: EcsState, principal: string, name: string): string {
  return (
    state.accountSettings.get(principal)?.get(name)?.value ??
    state.accountSettings.get(rootOf(state))?.get(name)?.value ??
    rules[name]?.initial ??
    'disabled'
  );
}

/** The IAM principal behind a caller: of an assumed role the role. */
export function principalOf({ caller }: RequestContext): string {
  const role = /^arn:([\w-]+):sts::(\d+):assumed-role\/(.+)\/[^/]+$/.exec(caller.arn);
  return role ? `arn:${role[1]}:iam::${role[2]}:role/${role[3]}` : caller.arn;
}

function put(
  state: EcsState,
  principal: string,
  input: { readonly name?: string | undefined; readonly value?: string | undefined },
): { setting: Setting } {
  const name = requireName(input.name);
  const { value = '' } = input;
  validatePrincipal(principal);
  if (name === 'guardDutyActivate') {
    throw invalidParameter('guardDutyActivate is managed by AWS and cannot be modified.');
  }
  const values = rules[name]?.values ?? [];
  if (!values.includes(value)) {
    throw invalidParameter(`Invalid value '${value}' for ${name}. Valid values: [${values.join(', ')}]`);
  }
  const setting = describe(name, value, principal);
  const settings = state.accountSettings.get(principal) ?? new Map<string, Setting>();
  settings.set(name, setting);
  state.accountSettings.set(principal, settings);
  return { setting };
}

/** The account's defaults are the settings of its root user. */
function rootOf(state: EcsState): string {
  return `arn:${partitionOf(state.region)}:iam::${state.dependencies.account}:root`;
}

function requireName(name: string | undefined): string {
  if (name === undefined || !(name in rules)) {
    throw invalidParameter(`${name ?? 'null'} should be one of [${Object.keys(rules).join(',')}]`);
  }
  return name;
}

function validatePrincipal(arn: string): void {
  if (!/^arn:aws[\w-]*:iam::\d{12}:(?:root|(?:user|role)\/.+)$/.test(arn)) {
    throw invalidParameter(`Invalid principal ARN: ${arn}`);
  }
}

function describe(name: string, value: string, principalArn: string): Setting {
  return {
    // `dualStackIPv6` is documented, but the SDK's type lacks it.
    name: name as SettingName,
    value,
    principalArn,
    type: name === 'guardDutyActivate' ? 'aws_managed' : 'user',
  };
}
