import { client } from '../errors.ts';

/** A task's size as ECS keeps it: CPU units and MiB, in digits. */
export interface TaskSize {
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
}

/**
 * Reads the size of a task definition: `1024`, `1 vCPU`, `.5 vcpu`; `2048`, `2GB`, `0.5 GB`.
 * API reference, RegisterTaskDefinition: "String values are converted to an integer".
 *
 * @throws AwsError ClientException when it is no number with a known unit
 */
export function readTaskSize(input: { cpu?: string | undefined; memory?: string | undefined }): TaskSize {
  return {
    cpu: input.cpu === undefined ? undefined : readUnits('cpu', input.cpu, /^vcpus?$/i),
    memory: input.memory === undefined ? undefined : readUnits('memory', input.memory, /^gb$/i),
  };
}

/** The sizes that Fargate has, by CPU units: the memory from, to and in steps of so many MiB. */
const fargateSizes: Readonly<Record<string, readonly [least: number, most: number, step: number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/** Whether Fargate runs tasks of this size; developer guide, "Task size". */
export function isFargateSize(cpu: string, memory: string): boolean {
  const size = Number(memory);
  if (cpu === '256') return [512, 1024, 2048].includes(size);
  if (cpu === '32768') return [61_440, 122_880, 249_856].includes(size);
  const range = fargateSizes[cpu];
  if (!range) return false;
  const [least, most, step] = range;
  return size >= least && size <= most && (size - least) % step === 0;
}

/** Both units, vCPU and GB, are 1024 of the small ones. */
function readUnits(setting: 'cpu' | 'memory', text: string, unit: RegExp): string {
  const [, amount = '', suffix = ''] = /^\s*(\d+|\d*\.\d+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const value = suffix === '' ? Number(amount) : unit.test(suffix) ? Number(amount) * 1024 : Number.NaN;
  // 128 to 196608 CPU units: API reference, RegisterTaskDefinition, `cpu`.
  const isInRange = setting === 'memory' ? value >= 4 : value >= 128 && value <= 196_608;
  if (amount === '' || !Number.isInteger(value) || !isInRange) {
    throw client(
      `Invalid '${setting}' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
    );
  }
  return String(value);
}
