import { awsJson } from './aws-json.ts';
import { awsQuery } from './aws-query.ts';
import type { Protocol } from './protocol.ts';
import { restJson } from './rest-json.ts';
import { restXml } from './rest-xml.ts';
import type { ProtocolName } from './service-model.ts';

const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
  restJson1: restJson,
  restXml,
  awsQuery,
};

/** The protocol of a service, by the name in its model. */
export function protocolFor(name: ProtocolName): Protocol {
  return protocols[name];
}
