import { z } from 'zod';
import { partitionOf, regionPattern } from '../../emulator/partition.ts';

/** What somebody has to say before a run may use an AWS account; `.env.example` documents the variables. */
export type AccountSettings = Readonly<z.output<typeof accountSchema>>;

/** What a run needs in that account besides. */
export type RunSettings = AccountSettings & Readonly<z.output<typeof placementSchema>>;

/** Settings, or a line for each of them that is missing or wrong. */
export type Parsed<T> = { readonly settings: T } | { readonly problems: readonly string[] };

const accountId = /^\d{12}$/;
const count = z.coerce.number('a whole number from 1').int('a whole number from 1').min(1, 'a whole number from 1');

const accountSchema = z
  .object({
    REAL_AWS_CONFIRM: z.string('the id of the account (12 digits) that the run may use').regex(accountId, '12 digits'),
    REAL_AWS_ALLOWED_ACCOUNTS: list(accountId, 'the ids of the accounts (12 digits each) that tests may ever use'),
    REAL_AWS_REGION: z
      .string('the region, such as eu-west-1')
      .regex(regionPattern, 'the name of a region, such as eu-west-1'),
    REAL_AWS_MAX_TASKS: count.default(50),
    REAL_AWS_MAX_JOBS: count.default(50),
    REAL_AWS_MAX_MINUTES: count.default(60),
    REAL_AWS_TEST_ENDPOINT: z
      .string()
      .refine(
        isLoopback,
        'an http:// URL of this machine (127.0.0.1, localhost or [::1]), for tests of the guards only',
      )
      .optional(),
  })
  .transform((variables) => ({
    account: variables.REAL_AWS_CONFIRM,
    allowedAccounts: variables.REAL_AWS_ALLOWED_ACCOUNTS,
    region: variables.REAL_AWS_REGION,
    partition: partitionOf(variables.REAL_AWS_REGION),
    budget: {
      tasks: variables.REAL_AWS_MAX_TASKS,
      jobs: variables.REAL_AWS_MAX_JOBS,
      minutes: variables.REAL_AWS_MAX_MINUTES,
    },
    /** An emulator in the place of AWS: there to test the guards, and loudly told wherever it is used. */
    testEndpoint: variables.REAL_AWS_TEST_ENDPOINT,
  }));

const role = z
  .string('the ARN of a role that ecs-tasks.amazonaws.com may assume')
  .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, 'the ARN of a role, arn:aws:iam::<account>:role/<name>');

const placementSchema = z
  .object({
    REAL_AWS_SUBNETS: list(
      /^subnet-[0-9a-f]{8,17}$/,
      'subnets that lead to the internet, such as subnet-0a1b2c3d4e5f60718',
    ),
    REAL_AWS_SECURITY_GROUPS: list(/^sg-[0-9a-f]{8,17}$/, 'security groups, such as sg-0a1b2c3d4e5f60718'),
    REAL_AWS_EXECUTION_ROLE_ARN: role,
    REAL_AWS_TASK_ROLE_ARN: role,
    REAL_AWS_IMAGE_REGISTRY: z
      .string()
      .regex(
        /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]+)?$/,
        'a registry without a scheme, such as <account>.dkr.ecr.eu-west-1.amazonaws.com',
      )
      .optional(),
    REAL_AWS_BATCH_COMPUTE_ENVIRONMENT: z
      .string()
      .regex(
        /^(create|arn:[^:]+:batch:.+|[A-Za-z0-9][A-Za-z0-9_-]{0,127})$/,
        'the name or ARN of a compute environment, or create',
      )
      .optional(),
  })
  .transform((variables) => ({
    subnets: variables.REAL_AWS_SUBNETS,
    securityGroups: variables.REAL_AWS_SECURITY_GROUPS,
    executionRoleArn: variables.REAL_AWS_EXECUTION_ROLE_ARN,
    taskRoleArn: variables.REAL_AWS_TASK_ROLE_ARN,
    /** Where the images `workloads/<name>` are; undefined where they are nowhere. */
    imageRegistry: variables.REAL_AWS_IMAGE_REGISTRY,
    /** Its name or ARN; `create` where tests may make one; undefined where they may use none. */
    batchComputeEnvironment: variables.REAL_AWS_BATCH_COMPUTE_ENVIRONMENT,
  }));

/** Parses what names the account and its limits; a sweep needs no more. Empty variables count as not set. */
export function parseAccountSettings(variables: Variables): Parsed<AccountSettings> {
  const parsed = parse(accountSchema, variables);
  if ('problems' in parsed) return parsed;
  const { account, allowedAccounts } = parsed.settings;
  if (allowedAccounts.includes(account)) return parsed;
  return {
    problems: [
      `REAL_AWS_CONFIRM is ${account}, which is not in REAL_AWS_ALLOWED_ACCOUNTS (${allowedAccounts.join(', ')}): ` +
        'add it there if tests may make and delete things in that account, or confirm another one.',
    ],
  };
}

/** Parses all that a run needs. Empty variables count as not set. */
export function parseRunSettings(variables: Variables): Parsed<RunSettings> {
  const account = parseAccountSettings(variables);
  const placement = parse(placementSchema, variables);
  const problems = [...problemsOf(account), ...problemsOf(placement)];
  if ('problems' in account || 'problems' in placement) return { problems };
  const settings = { ...account.settings, ...placement.settings };
  const foreign = foreignRoles(settings);
  return foreign.length > 0 ? { problems: foreign } : { settings };
}

type Variables = Readonly<Record<string, string | undefined>>;

function problemsOf(parsed: Parsed<unknown>): readonly string[] {
  return 'problems' in parsed ? parsed.problems : [];
}

function foreignRoles({ account, partition, executionRoleArn, taskRoleArn }: RunSettings): string[] {
  const start = `arn:${partition}:iam::${account}:role/`;
  return Object.entries({ REAL_AWS_EXECUTION_ROLE_ARN: executionRoleArn, REAL_AWS_TASK_ROLE_ARN: taskRoleArn })
    .filter(([, arn]) => !arn.startsWith(start))
    .map(
      ([variable, arn]) => `${variable} is ${arn}, a role of another account: ARNs of this one begin with ${start}.`,
    );
}

function parse<Schema extends z.ZodType>(schema: Schema, variables: Variables): Parsed<z.output<Schema>> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const result = schema.safeParse(given);
  if (result.success) return { settings: result.data };
  return {
    problems: result.error.issues.map((issue) => {
      const variable = String(issue.path[0]);
      const value = given[variable];
      return value === undefined
        ? `${variable} is not set: set it to ${issue.message}.`
        : `${variable} is "${value}"; accepted: ${issue.message}.`;
    }),
  };
}

/** A comma-separated list, of at least one value. */
function list(pattern: RegExp, meaning: string): z.ZodType<string[]> {
  return z
    .string(`${meaning}, separated by commas`)
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine(
      (values) => values.length > 0 && values.every((value) => pattern.test(value)),
      `${meaning}, separated by commas`,
    );
}

function isLoopback(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^https?:$/.test(protocol) && /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(hostname);
}
