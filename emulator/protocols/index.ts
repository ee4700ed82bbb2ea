import { awsJson } from './aws-json.ts';
import { awsQuery } from './aws-query.ts';
import type { Protocol } from './protocol.ts';
import type { ProtocolName } from './service-model.ts';

const protocols: Readonly<Partial<Record<ProtocolName, Protocol>>> = {
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
  awsQuery,
};

/** The protocol of a service, by the name in its model. */
export function protocolFor(name: ProtocolName): Protocol {
  const protocol = protocols[name];
  if (!protocol) throw new Error(`The protocol ${name} is not there.`);
  return protocol;
}
