import { expect, test } from '@playwright/test';
import { linksOf } from './links.ts';

const binding = { bindIP: '127.0.0.1', containerPort: 5432, hostPort: 40_001, protocol: 'tcp' as const };
const definition = { name: 'app', links: ['postgres:my-db'] };

test('a linked container is known by alias and name, and its ports by variables', () => {
  const running = new Map([['postgres', { networkBindings: [binding], privateIpv4Address: '172.18.0.4' }]]);
  expect(linksOf(definition, running)).toEqual({
    extraHosts: [
      { hostname: 'my-db', ipAddress: '172.18.0.4' },
      { hostname: 'postgres', ipAddress: '172.18.0.4' },
    ],
    environment: {
      MY_DB_NAME: '/app/my-db',
      MY_DB_PORT: 'tcp://172.18.0.4:5432',
      MY_DB_PORT_5432_TCP: 'tcp://172.18.0.4:5432',
      MY_DB_PORT_5432_TCP_ADDR: '172.18.0.4',
      MY_DB_PORT_5432_TCP_PORT: '5432',
      MY_DB_PORT_5432_TCP_PROTO: 'tcp',
    },
  });
});

test('a container without an address of its own is linked by its host ports', () => {
  const { extraHosts, environment } = linksOf(definition, new Map([['postgres', { networkBindings: [binding] }]]));
  expect(extraHosts).toEqual([]);
  expect(environment).toMatchObject({
    MY_DB_PORT_5432_TCP_ADDR: '127.0.0.1',
    MY_DB_PORT_5432_TCP_PORT: '40001',
  });
});
