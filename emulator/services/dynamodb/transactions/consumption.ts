import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import {
  addConsumption,
  type Consumption,
  describeConsumption,
  doubled,
  readUnits,
  tableConsumption,
  writeConsumption,
} from '../capacity.ts';
import type { Write } from '../items/write.ts';
import type { TableRecord } from '../tables/table-record.ts';

/** What one action consumes. */
export interface ActionConsumption {
  readonly table: TableRecord;
  readonly consumption: Consumption;
}

/** What a write consumes in a transaction: twice, to prepare and to commit. */
export function writeInTransaction({ table, before, after }: Write): ActionConsumption {
  return { table, consumption: doubled(writeConsumption(table, before, after)) };
}

/** What a read consumes in a transaction. @param bytes of the item, zero when there is none */
export function readInTransaction(table: TableRecord, bytes: number): ActionConsumption {
  return { table, consumption: doubled(tableConsumption(readUnits(bytes, true))) };
}

/** The ConsumedCapacity of a transaction's answer, one for each table; undefined unless asked for. */
export function describeActions(
  wanted: ReturnConsumedCapacity | undefined,
  actions: readonly ActionConsumption[],
  kind: 'read' | 'write',
): readonly ConsumedCapacity[] | undefined {
  if (wanted === undefined || wanted === 'NONE') return undefined;
  const byTable = new Map<TableRecord, Consumption>();
  for (const { table, consumption } of actions) {
    const sum = byTable.get(table);
    byTable.set(table, sum ? addConsumption(sum, consumption) : consumption);
  }
  return [...byTable].flatMap(([table, sum]) => describeConsumption(wanted, table, sum, kind) ?? []);
}
