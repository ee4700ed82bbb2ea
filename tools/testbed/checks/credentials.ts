import type { CheckContext, Finding } from './check.ts';

/**
 * Looks whether credentials have the form that they must have. Whether they are good, only their issuer knows;
 * of none of them more than its name is told.
 */
export function checkCredentials({ environment, settings, variables }: CheckContext): Finding[] {
  if (environment === 'local') return [];
  return environment === 'localstack' ? localstackFindings(settings) : awsFindings(variables);
}

function localstackFindings({
  localstackAuthToken: token,
  localstackCredentials,
}: CheckContext['settings']): Finding[] {
  const name = 'credentials';
  const { accessKeyId, secretAccessKey } = localstackCredentials;
  if (/[\s,/]/.test(accessKeyId) || /\s/.test(secretAccessKey)) {
    const remedy = 'an access key id is one word without slashes and commas, a secret access key one word';
    return [{ name, status: 'missing', found: 'the key pair of LOCALSTACK_ACCESS_KEY_ID has not the form', remedy }];
  }
  const findings: Finding[] = [{ name, status: 'ok', found: 'a key pair of the right form' }];
  if (token === undefined) return findings;
  // https://docs.localstack.cloud/aws/getting-started/auth-token/ shows them as ls-…
  return /^ls-\S{8,}$/.test(token)
    ? [...findings, { name: 'LOCALSTACK_AUTH_TOKEN', status: 'ok', found: 'a token of the right form' }]
    : [
        ...findings,
        {
          name: 'LOCALSTACK_AUTH_TOKEN',
          status: 'warning',
          found: 'not of the form ls-…',
          remedy: 'copy it again from the page "Auth Tokens" of your account with LocalStack, or unset it',
        },
      ];
}

function awsFindings(variables: NodeJS.ProcessEnv): Finding[] {
  const name = 'credentials';
  const id = variables['AWS_ACCESS_KEY_ID'];
  const secret = variables['AWS_SECRET_ACCESS_KEY'];
  const remedy = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for the AWS CLI';
  if (!id && !secret) {
    const source = ['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'].find(
      (variable) => variables[variable],
    );
    return source
      ? [{ name, status: 'ok', found: `those of ${source}` }]
      : [
          {
            name,
            status: 'warning',
            found: 'none in the environment: the default profile is taken, if there is one',
            remedy,
          },
        ];
  }
  if (!id || !secret) {
    const missing = id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID';
    return [{ name, status: 'missing', found: `half a key pair: ${missing} is not set`, remedy }];
  }
  // IAM's unique id prefixes: AKIA for long-term keys, ASIA for temporary ones.
  if (!/^A[KS]IA[A-Z2-7]{12,}$/.test(id) || !/^[\w+/=]{40}$/.test(secret)) {
    return [
      { name, status: 'missing', found: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are no key pair of AWS', remedy },
    ];
  }
  if (id.startsWith('ASIA') && !variables['AWS_SESSION_TOKEN']) {
    const found = 'a temporary key pair without AWS_SESSION_TOKEN';
    return [{ name, status: 'missing', found, remedy: 'set AWS_SESSION_TOKEN, which came with it' }];
  }
  return [{ name, status: 'ok', found: 'a key pair of the right form' }];
}
