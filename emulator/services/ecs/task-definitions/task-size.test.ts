import { expect, test } from '@playwright/test';
import { isFargateSize, readTaskSize } from './task-size.ts';

for (const [given, kept] of [
  [
    { cpu: '256', memory: '512' },
    { cpu: '256', memory: '512' },
  ],
  [
    { cpu: '1 vCPU', memory: '2 GB' },
    { cpu: '1024', memory: '2048' },
  ],
  [
    { cpu: '1vcpu', memory: '2GB' },
    { cpu: '1024', memory: '2048' },
  ],
  [
    { cpu: '.25 vCPU', memory: '0.5GB' },
    { cpu: '256', memory: '512' },
  ],
  [
    { cpu: '0.5 vCPU', memory: '1 gb' },
    { cpu: '512', memory: '1024' },
  ],
  [{}, { cpu: undefined, memory: undefined }],
] as const) {
  test(`a task size of ${JSON.stringify(given)} is kept in CPU units and MiB`, () => {
    expect(readTaskSize(given)).toEqual(kept);
  });
}

for (const wrong of [
  { cpu: '' },
  { cpu: 'much' },
  { cpu: '1 core' },
  { cpu: '127' },
  { cpu: '196609' },
  { cpu: '256.5' },
  { cpu: '-256' },
  { cpu: '1 GB' },
  { memory: '1 vCPU' },
  { memory: '0' },
  { memory: '1.0001 GB' },
]) {
  test(`a task size of ${JSON.stringify(wrong)} is refused by the setting's name`, () => {
    const [setting] = Object.keys(wrong);
    expect(() => readTaskSize(wrong)).toThrow(`Invalid '${setting}' setting for task.`);
  });
}

for (const [cpu, memory] of [
  ['256', '512'],
  ['256', '2048'],
  ['512', '4096'],
  ['1024', '2048'],
  ['1024', '8192'],
  ['2048', '16384'],
  ['4096', '30720'],
  ['8192', '20480'],
  ['8192', '61440'],
  ['16384', '122880'],
] as const) {
  test(`Fargate has tasks of ${cpu} CPU units and ${memory} MiB`, () => {
    expect(isFargateSize(cpu, memory)).toBe(true);
  });
}

for (const [cpu, memory] of [
  ['256', '4096'],
  ['256', '1536'],
  ['512', '512'],
  ['512', '1025'],
  ['1024', '1024'],
  ['4096', '31744'],
  ['8192', '18432'],
  ['16384', '36864'],
  ['128', '512'],
  ['32768', '65536'],
] as const) {
  test(`Fargate has no tasks of ${cpu} CPU units and ${memory} MiB`, () => {
    expect(isFargateSize(cpu, memory)).toBe(false);
  });
}
