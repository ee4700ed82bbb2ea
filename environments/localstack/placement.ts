import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import { partitionOf } from '../../emulator/partition.ts';
import type { Environment, EnvironmentCredentials } from '../environment.ts';

/** Milliseconds for one call. */
const callTimeout = 30_000;

/**
 * Makes what tasks are placed in, for a server that looks whether it is there: a VPC with a subnet and a
 * security group, and the two roles. By plain calls of the query APIs: nobody else needs clients for EC2 and IAM.
 *
 * @throws Error with the server's words where it refuses one of them
 */
export async function makePlacement(server: {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly credentials: EnvironmentCredentials;
}): Promise<Pick<Environment, 'partition' | 'network' | 'roles'>> {
  const ec2 = (action: string, parameters: Record<string, string>): Promise<string> =>
    call(server, 'ec2', '2016-11-15', action, parameters);
  const iam = (action: string, parameters: Record<string, string>): Promise<string> =>
    call(server, 'iam', '2010-05-08', action, parameters);
  const vpc = idIn(await ec2('CreateVpc', { CidrBlock: '10.77.0.0/16' }), 'vpcId');
  const subnet = idIn(await ec2('CreateSubnet', { VpcId: vpc, CidrBlock: '10.77.0.0/20' }), 'subnetId');
  const group = idIn(
    await ec2('CreateSecurityGroup', { VpcId: vpc, GroupName: 'testbed', GroupDescription: 'tasks of tests' }),
    'groupId',
  );
  const role = async (name: string): Promise<string> =>
    idIn(await iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: tasksMayAssume }), 'Arn');
  return {
    partition: partitionOf(server.region),
    network: { subnets: [subnet], securityGroups: [group] },
    roles: {
      executionRoleArn: await role('testbed-execution'),
      taskRoleArn: await role('testbed-task'),
    },
  };
}

const tasksMayAssume = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

async function call(
  {
    endpoint,
    region,
    credentials,
  }: { readonly endpoint: string; readonly region: string; readonly credentials: EnvironmentCredentials },
  service: string,
  version: string,
  action: string,
  parameters: Record<string, string>,
): Promise<string> {
  const url = new URL('/', endpoint);
  const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: '/',
    query: {},
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
  });
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(callTimeout) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${service} ${action} at ${endpoint}: status ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/** Each of these answers has one element of the name that matters, and it comes first. */
function idIn(xml: string, element: string): string {
  const value = new RegExp(`<${element}>([^<]+)</${element}>`).exec(xml)?.[1];
  if (value === undefined) throw new Error(`The answer has no ${element}: ${xml.slice(0, 300)}`);
  return value;
}

/** As the signer wants its hash. */
class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function bytesOf(data: SourceData): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
