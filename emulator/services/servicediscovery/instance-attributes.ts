import { isIPv4, isIPv6 } from 'node:net';
import { invalidInput } from './errors.ts';
import { recordTypesOf } from './services.ts';
import type { ServiceRecord } from './state.ts';

const maximumCustomAttributes = 30;
const maximumTotalLength = 5_000;

/**
 * Checks an instance's attributes against its service.
 *
 * Source: API reference, RegisterInstance, Attributes.
 *
 * @throws AwsError InvalidInput
 */
export function validateAttributes(record: ServiceRecord, attributes: Readonly<Record<string, string>>): void {
  validateSize(attributes);
  validateValues(attributes);
  const types = recordTypesOf(record);
  if (attributes['AWS_ALIAS_DNS_NAME'] !== undefined) return validateAlias(record, types, attributes);
  if (attributes['AWS_EC2_INSTANCE_ID'] !== undefined) return validateEc2Instance(record, attributes);
  if (attributes['AWS_INIT_HEALTH_STATUS'] !== undefined && !record.service.HealthCheckCustomConfig) {
    throw invalidInput('AWS_INIT_HEALTH_STATUS requires a service with HealthCheckCustomConfig.');
  }
  const hasAddress = attributes['AWS_INSTANCE_IPV4'] !== undefined || attributes['AWS_INSTANCE_IPV6'] !== undefined;
  if (types.includes('A')) require(attributes, 'AWS_INSTANCE_IPV4', 'an A record');
  if (types.includes('AAAA')) require(attributes, 'AWS_INSTANCE_IPV6', 'an AAAA record');
  if (types.includes('CNAME')) require(attributes, 'AWS_INSTANCE_CNAME', 'a CNAME record');
  if (types.includes('SRV')) {
    if (!hasAddress) throw invalidInput('AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6 is required for an SRV record.');
    require(attributes, 'AWS_INSTANCE_PORT', 'an SRV record');
  }
  if (record.service.HealthCheckConfig) require(attributes, 'AWS_INSTANCE_PORT', 'a Route 53 health check');
  return undefined;
}

function validateSize(attributes: Readonly<Record<string, string>>): void {
  const custom = Object.keys(attributes).filter((name) => !name.startsWith('AWS_'));
  if (custom.length > maximumCustomAttributes) {
    throw invalidInput(`An instance can have no more than ${maximumCustomAttributes} custom attributes.`);
  }
  const total = Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (total > maximumTotalLength) {
    throw invalidInput(`The total size of all attributes must not exceed ${maximumTotalLength} characters.`);
  }
}

function validateValues(attributes: Readonly<Record<string, string>>): void {
  const {
    AWS_INSTANCE_IPV4: ipv4,
    AWS_INSTANCE_IPV6: ipv6,
    AWS_INSTANCE_PORT: port,
    AWS_INIT_HEALTH_STATUS: health,
  } = attributes;
  if (ipv4 !== undefined && !isIPv4(ipv4)) throw invalidInput('A valid IPv4 address must be supplied.');
  if (ipv6 !== undefined && !isIPv6(ipv6)) throw invalidInput('A valid IPv6 address must be supplied.');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw invalidInput('A valid port number must be supplied.');
  }
  if (health !== undefined && health !== 'HEALTHY' && health !== 'UNHEALTHY') {
    throw invalidInput('AWS_INIT_HEALTH_STATUS must be HEALTHY or UNHEALTHY.');
  }
}

function validateAlias(
  { service }: ServiceRecord,
  types: readonly string[],
  attributes: Readonly<Record<string, string>>,
): void {
  if (Object.keys(attributes).some((name) => name.startsWith('AWS_INSTANCE_'))) {
    throw invalidInput('AWS_ALIAS_DNS_NAME cannot be combined with AWS_INSTANCE attributes.');
  }
  const isAddress = types.length > 0 && types.every((type) => type === 'A' || type === 'AAAA');
  if (!isAddress || service.DnsConfig?.RoutingPolicy !== 'WEIGHTED') {
    throw invalidInput('AWS_ALIAS_DNS_NAME requires A or AAAA records with the routing policy WEIGHTED.');
  }
}

function validateEc2Instance({ service }: ServiceRecord, attributes: Readonly<Record<string, string>>): void {
  if (service.Type !== 'HTTP') throw invalidInput('AWS_EC2_INSTANCE_ID is supported in HTTP namespaces only.');
  const others = Object.keys(attributes).filter(
    (name) => name !== 'AWS_EC2_INSTANCE_ID' && name !== 'AWS_INIT_HEALTH_STATUS',
  );
  if (others.length > 0) {
    throw invalidInput('AWS_EC2_INSTANCE_ID can be combined with AWS_INIT_HEALTH_STATUS only.');
  }
}

function require(attributes: Readonly<Record<string, string>>, name: string, what: string): void {
  if (attributes[name] === undefined) throw invalidInput(`${name} is required for ${what}.`);
}
