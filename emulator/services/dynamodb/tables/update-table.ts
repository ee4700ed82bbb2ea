import type {
  GlobalSecondaryIndexUpdate,
  IndexStatus,
  ProvisionedThroughput,
  UpdateTableInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { keyAttributes } from '../storage/key-attributes.ts';
import { describeTable } from './description.ts';
import { readEncryptionChange } from './encryption.ts';
import { readDefinitions } from './key-definition.ts';
import { findNamedTable } from './lookup.ts';
import { refuseNotThere } from './not-there.ts';
import { invalid, invalidParameters } from './refusals.ts';
import { newStreamLabel, refuseMalformedStream } from './streams.ts';
import {
  none,
  readGlobalIndex,
  readIndexThroughput,
  readOnDemandThroughput,
  readTableThroughput,
  refuseTooManyProjected,
} from './table-definition.ts';
import type { GlobalIndexRecord, TableRecord, ThroughputRecord } from './table-record.ts';
import { changeWarmThroughput, initialWarmThroughput, warmest } from './warm-throughput.ts';

/**
 * UpdateTable. The answer says UPDATING, as AWS's does; everything is done by then, new indexes are filled.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException, LimitExceededException
 */
export function updateTable(state: DynamodbState, input: UpdateTableInput): unknown {
  refuseNothingToDo(input);
  refuseNotThere('UpdateTable', input);
  refuseMalformedStream(input.StreamSpecification, 'UpdateTable');
  refuseCombinations(input);
  const indexUpdates = input.GlobalSecondaryIndexUpdates ?? [];
  refuseMalformedIndexUpdates(indexUpdates);
  const table = findNamedTable(state, input.TableName ?? '');
  const now = state.clock.now();

  // All of it is checked before any of it is done.
  const billing = readBilling(table, input, now);
  const indexes = readIndexUpdates(table, input, billing.mode, now);
  refuseStreamInState(table, input.StreamSpecification?.StreamEnabled);
  const sse = input.SSESpecification && readEncryptionChange(state, table.sse, input.SSESpecification);
  const onDemandThroughput = readOnDemandThroughput(billing.mode, input.OnDemandThroughput, {
    current: { bounds: table.onDemandThroughput },
  });
  const warmThroughput = changeWarmThroughput(table.warmThroughput, input.WarmThroughput, 'table');

  if (billing.mode === 'PAY_PER_REQUEST' && table.billingMode === 'PROVISIONED') table.payPerRequestSince = now;
  table.billingMode = billing.mode;
  table.throughput = billing.throughput;
  table.onDemandThroughput = onDemandThroughput;
  table.warmThroughput = warmest(
    warmThroughput,
    initialWarmThroughput(billing.throughput, billing.mode === 'PAY_PER_REQUEST'),
  );
  const statuses = applyIndexes(table, indexes, input);
  if (input.DeletionProtectionEnabled !== undefined) table.deletionProtection = input.DeletionProtectionEnabled;
  const tableClass = table.tableClass?.name ?? 'STANDARD';
  if (input.TableClass && input.TableClass !== tableClass) table.tableClass = { name: input.TableClass, updated: now };
  if (input.SSESpecification) table.sse = sse;
  if (input.StreamSpecification) {
    const { StreamEnabled } = input.StreamSpecification;
    table.stream = StreamEnabled ? input.StreamSpecification : undefined;
    if (StreamEnabled) table.streamLabel = newStreamLabel(now);
  }
  return { TableDescription: describeTable(state, table, { table: 'UPDATING', indexes: statuses }) };
}

/** What becomes of the global indexes. */
interface IndexChanges {
  readonly created: readonly GlobalIndexRecord[];
  readonly deleted: readonly string[];
  readonly throughputs: ReadonlyMap<string, ThroughputRecord>;
  readonly settings: ReadonlyMap<string, Pick<GlobalIndexRecord, 'onDemandThroughput' | 'warmThroughput'>>;
}

function refuseNothingToDo(input: UpdateTableInput): void {
  const { TableName: _table, AttributeDefinitions: _definitions, ...changes } = input;
  const wanted = Object.values(changes).some((change) =>
    Array.isArray(change) ? change.length > 0 : change !== undefined,
  );
  if (!wanted) {
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
        'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
        'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
    );
  }
}

/** One call changes one thing, but for a few that go together. */
function refuseCombinations(input: UpdateTableInput): void {
  const { TableName: _table, AttributeDefinitions: _definitions, ...rest } = input;
  const changed = new Set(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  for (const [member, named] of alone) {
    if (changed.has(member) && changed.size > 1) {
      throw invalidParameters(`${named} must be the only operation in the request`);
    }
  }
  if (changed.has('OnDemandThroughput') && changed.size > (changed.has('BillingMode') ? 2 : 1)) {
    throw invalidParameters('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request');
  }
  const throughput = changed.has('ProvisionedThroughput') || input.BillingMode === 'PROVISIONED';
  const stream = changed.has('StreamSpecification');
  const indexes = input.GlobalSecondaryIndexUpdates?.some(({ Update }) => !Update) ?? false;
  if (stream && throughput) throw invalidParameters('You cannot modify stream status while updating table IOPS');
  if (indexes && throughput) throw invalidParameters('You cannot create or delete index while updating table IOPS');
  if (indexes && stream) throw invalidParameters('You cannot create or delete index while changing stream status');
}

const alone: readonly (readonly [member: string, named: string])[] = [
  ['SSESpecification', 'Server-Side Encryption modification'],
  ['TableClass', 'TableClass modification'],
  ['DeletionProtectionEnabled', 'DeletionProtection modification'],
  ['WarmThroughput', 'WarmThroughput'],
];

function refuseMalformedIndexUpdates(updates: readonly GlobalSecondaryIndexUpdate[]): void {
  const names = new Set<string>();
  for (const { Create, Update, Delete } of updates) {
    const actions = [Create, Update, Delete].filter((action) => action !== undefined);
    if (actions.length > 1) {
      throw invalidParameters(
        'Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object',
      );
    }
    const name = actions[0]?.IndexName;
    if (name === undefined) {
      throw invalidParameters(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (names.has(name)) {
      throw invalidParameters(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    }
    names.add(name);
  }
  if (updates.filter(({ Update }) => !Update).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
}

function readBilling(
  table: TableRecord,
  { BillingMode, ProvisionedThroughput: wanted }: UpdateTableInput,
  now: number,
): { mode: TableRecord['billingMode']; throughput: ThroughputRecord } {
  const mode = BillingMode ?? table.billingMode;
  if (mode === 'PAY_PER_REQUEST') return { mode, throughput: readTableThroughput(mode, wanted) };
  const switching = table.billingMode !== mode;
  if (!wanted && !switching) return { mode, throughput: table.throughput };
  if (!wanted) throw invalidParameters('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  const throughput = readTableThroughput(mode, wanted);
  return { mode, throughput: switching ? throughput : changed(table.throughput, throughput, 'table', 'table', now) };
}

function readIndexUpdates(
  table: TableRecord,
  input: UpdateTableInput,
  mode: TableRecord['billingMode'],
  now: number,
): IndexChanges {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const attributes = mergedDefinitions(table, input);
  const definitions = readDefinitions(attributes);
  const names = new Set(table.localIndexes.map(({ name }) => name));
  const created: GlobalIndexRecord[] = [];
  const deleted: string[] = [];
  const settings = new Map<string, Pick<GlobalIndexRecord, 'onDemandThroughput' | 'warmThroughput'>>();
  const wanted = new Map<string, ProvisionedThroughput>();
  for (const { Create, Update, Delete } of updates) {
    if (Create) {
      if (table.globalIndexes.has(Create.IndexName ?? '')) {
        throw invalid('Attempting to create an index which already exists');
      }
      if (!input.AttributeDefinitions?.length) {
        throw invalidParameters(`AttributeDefinitions is not specified for index: ${Create.IndexName}`);
      }
      created.push(readGlobalIndex(Create, mode, definitions, attributes, names));
    }
    const existing = Delete?.IndexName ?? Update?.IndexName;
    if (existing !== undefined && !table.globalIndexes.has(existing)) {
      if (names.has(existing)) {
        const verb = Delete ? 'delete' : 'update';
        throw invalid(`Cannot ${verb} an index that is not a GlobalSecondaryIndex: ${existing}`);
      }
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
    if (Delete?.IndexName !== undefined) deleted.push(Delete.IndexName);
    if (Update?.IndexName !== undefined) {
      const index = table.globalIndexes.get(Update.IndexName);
      if (index) settings.set(Update.IndexName, readIndexSettings(index, Update, mode));
      if (Update.ProvisionedThroughput) wanted.set(Update.IndexName, Update.ProvisionedThroughput);
    }
  }
  const remaining = [...table.globalIndexes.values()].filter(({ schema }) => !deleted.includes(schema.name));
  if (remaining.length + created.length > 20) {
    throw new AwsError('LimitExceededException', 'GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
  refuseTooManyProjected([...table.localIndexes, ...[...remaining, ...created].map(({ schema }) => schema)]);
  return { created, deleted, settings, throughputs: readIndexThroughputs(table, remaining, wanted, mode, now) };
}

function readIndexSettings(
  { schema: { name }, onDemandThroughput, warmThroughput }: GlobalIndexRecord,
  { OnDemandThroughput, WarmThroughput }: NonNullable<GlobalSecondaryIndexUpdate['Update']>,
  mode: TableRecord['billingMode'],
): Pick<GlobalIndexRecord, 'onDemandThroughput' | 'warmThroughput'> {
  return {
    onDemandThroughput: readOnDemandThroughput(mode, OnDemandThroughput, {
      index: name,
      current: { bounds: onDemandThroughput },
    }),
    warmThroughput: changeWarmThroughput(warmThroughput, WarmThroughput, `index ${name}`),
  };
}

function readIndexThroughputs(
  table: TableRecord,
  remaining: readonly GlobalIndexRecord[],
  wanted: ReadonlyMap<string, ProvisionedThroughput>,
  mode: TableRecord['billingMode'],
  now: number,
): Map<string, ThroughputRecord> {
  const throughputs = new Map<string, ThroughputRecord>();
  for (const { schema, throughput } of remaining) {
    const asked = wanted.get(schema.name);
    if (mode === 'PAY_PER_REQUEST' || table.billingMode !== mode) {
      if (mode === 'PAY_PER_REQUEST' && asked) {
        throw invalidParameters(
          `The only Updates for index: ${schema.name} when TableThroughputMode is PAY_PER_REQUEST can be to ` +
            'OnDemandThroughput, WarmThroughput',
        );
      }
      if (mode === 'PROVISIONED' && !asked) {
        throw invalidParameters(`ProvisionedThroughput must be specified for index: ${schema.name}`);
      }
      throughputs.set(schema.name, readIndexThroughput(schema.name, mode, asked));
    } else if (asked) {
      const read = readIndexThroughput(schema.name, mode, asked);
      throughputs.set(schema.name, changed(throughput, read, 'index', `index ${schema.name}`, now));
    }
  }
  return throughputs;
}

/** A table's definitions with those that an update brings along. */
function mergedDefinitions(table: TableRecord, { AttributeDefinitions = [] }: UpdateTableInput) {
  const merged = new Map(table.attributeDefinitions.map((definition) => [definition.AttributeName, definition]));
  for (const definition of AttributeDefinitions) {
    // AWS ignores another type for an attribute that it knows.
    if (!merged.has(definition.AttributeName)) merged.set(definition.AttributeName, definition);
  }
  return [...merged.values()];
}

function applyIndexes(table: TableRecord, changes: IndexChanges, input: UpdateTableInput): Map<string, IndexStatus> {
  const statuses = new Map<string, IndexStatus>();
  const definitions = mergedDefinitions(table, input);
  for (const name of changes.deleted) {
    table.globalIndexes.delete(name);
    table.store.removeIndex(name);
  }
  for (const [name, throughput] of changes.throughputs) {
    const index = table.globalIndexes.get(name);
    if (!index || (index.throughput === none && throughput === none)) continue;
    index.throughput = throughput;
    index.warmThroughput = warmest(index.warmThroughput, initialWarmThroughput(throughput, throughput === none));
    statuses.set(name, 'UPDATING');
  }
  for (const [name, { onDemandThroughput, warmThroughput }] of changes.settings) {
    const index = table.globalIndexes.get(name);
    if (index) index.onDemandThroughput = onDemandThroughput;
    if (index) index.warmThroughput = warmThroughput;
    statuses.set(name, 'UPDATING');
  }
  for (const index of changes.created) {
    table.globalIndexes.set(index.schema.name, index);
    table.store.addIndex(index.schema);
    statuses.set(index.schema.name, 'CREATING');
  }
  const keys = [
    table.key,
    ...table.localIndexes.map(({ key }) => key),
    ...[...table.globalIndexes.values()].map(({ schema }) => schema.key),
  ];
  const used = new Set(keys.flatMap((key) => keyAttributes(key).map(({ name }): string | undefined => name)));
  table.attributeDefinitions = definitions.filter(({ AttributeName }) => used.has(AttributeName));
  return statuses;
}

/** A throughput after a change; what does not change is refused, as on AWS. */
function changed(
  current: ThroughputRecord,
  wanted: ThroughputRecord,
  kind: 'table' | 'index',
  owner: string,
  now: number,
): ThroughputRecord {
  const read = wanted.ReadCapacityUnits - current.ReadCapacityUnits;
  const write = wanted.WriteCapacityUnits - current.WriteCapacityUnits;
  if (read === 0 && write === 0) {
    throw invalid(
      `The provisioned throughput for the ${owner} will not change. The requested value equals the current value. ` +
        `Current ReadCapacityUnits provisioned for the ${kind}: ${current.ReadCapacityUnits}. ` +
        `Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. ` +
        `Current WriteCapacityUnits provisioned for the ${kind}: ${current.WriteCapacityUnits}. ` +
        `Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  }
  const decreased = read < 0 || write < 0;
  return {
    ...wanted,
    increased: read > 0 || write > 0 ? now : current.increased,
    decreased: decreased ? now : current.decreased,
    decreasesToday: decreasesOfToday(current, now) + (decreased ? 1 : 0),
  };
}

/** API reference, ProvisionedThroughputDescription: "for this calendar day, in UTC". */
function decreasesOfToday({ decreased, decreasesToday = 0 }: ThroughputRecord, now: number): number {
  const day = 24 * 60 * 60 * 1000;
  return decreased !== undefined && Math.floor(decreased / day) === Math.floor(now / day) ? decreasesToday : 0;
}

function refuseStreamInState(table: TableRecord, enable: boolean | undefined): void {
  if (enable === true && table.stream) throw invalid(`Table already has an enabled stream: TableName: ${table.name}`);
  if (enable === false && !table.stream) throw invalid(`Table has no stream to disable: TableName: ${table.name}`);
}
