import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { EnvironmentCredentials } from '../environment.ts';
import { endpointVariables, foreignHosts } from './local-endpoints.ts';
import type { AccountSettings, Parsed } from './settings.ts';

/** An account that may be used, and how. */
export interface Consent<Settings extends AccountSettings> {
  readonly settings: Settings;
  /** Who the credentials are, e.g. `arn:aws:sts::123456789012:assumed-role/tester/me`. */
  readonly identity: string;
  /** The SDK's own chain, which renews what expires. */
  readonly credentials: () => Promise<EnvironmentCredentials>;
}

/** Milliseconds for the one call of the guard. */
const callTimeout = 10_000;

/**
 * Looks whether an AWS account may be used. The only call that it makes, and only when everything that can be
 * checked without one is right, is STS's GetCallerIdentity, which changes nothing.
 *
 * @param parsed what `REAL_AWS_*` says
 * @param variables where AWS_ENDPOINT_URL and its like are looked for
 * @throws Refusal that names all that is missing and what to set
 */
export async function askConsent<Settings extends AccountSettings>(
  parsed: Parsed<Settings>,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Consent<Settings>> {
  const problems = 'problems' in parsed ? [...parsed.problems] : [];
  const leading = endpointVariables(variables);
  if (leading.length > 0) {
    problems.push(
      `${leading.join(' and ')} lead${leading.length > 1 ? '' : 's'} calls away from AWS: unset ${leading.length > 1 ? 'them' : 'it'}.`,
    );
  }
  if ('problems' in parsed || problems.length > 0) throw new Refusal(problems);

  const { settings } = parsed;
  const hosts = settings.testEndpoint ? [] : await foreignHosts(settings.region);
  if (hosts.length > 0) {
    throw new Refusal([
      `The SDK would not call AWS (${hosts.join(', ')}): remove endpoint_url from the profile in the shared config file, or choose another AWS_PROFILE.`,
    ]);
  }

  // Which Node versions run is said in package.json.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ||= 'true';
  const sts = new STSClient({
    region: settings.region,
    maxAttempts: 2,
    requestHandler: { requestTimeout: callTimeout, throwOnRequestTimeout: true, connectionTimeout: callTimeout },
    ...(settings.testEndpoint && { endpoint: settings.testEndpoint }),
  });
  try {
    const { credentials } = sts.config;
    await credentials().catch((error: unknown) => {
      throw new Refusal([
        `No credentials were found (${messageOf(error)}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with the AWS CLI.`,
      ]);
    });
    const { Account, Arn = 'nobody' } = await sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
      throw new Refusal([
        `STS GetCallerIdentity did not say whose the credentials are (${messageOf(error)}): renew them.`,
      ]);
    });
    if (Account !== settings.account) {
      throw new Refusal([
        `The credentials are those of account ${Account} (${Arn}), and REAL_AWS_CONFIRM is ${settings.account}: use credentials of that account, ` +
          `or set REAL_AWS_CONFIRM=${Account} if that is the one you mean.`,
      ]);
    }
    return { settings, identity: Arn, credentials };
  } finally {
    sts.destroy();
  }
}

/** The account may not be used; nothing was made, changed or deleted. Its message is one sentence for each reason. */
export class Refusal extends Error {
  override name = 'Refusal';

  constructor(problems: readonly string[]) {
    super(`no AWS account is touched. ${problems.join(' ')} See docs/real-aws.md.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.replace(/[.\s]+$/, '') : String(error);
}
