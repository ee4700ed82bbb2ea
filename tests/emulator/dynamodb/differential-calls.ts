import type { AttributeValue, CreateTableInput, KeySchemaElement, Projection } from '@aws-sdk/client-dynamodb';
import { type Arbitrary, array, boolean, constantFrom, integer, oneof, record, tuple } from 'fast-check';
import { expressions, keyCondition, placeholdersOf, placeholderValues } from './differential-expressions.ts';
import { attributes, keyValue, type KeyType, maybe, roughKeyValue } from './differential-values.ts';

/** The keys of a table: `pk` and maybe `sk`; indexes are the global `by-g` (`g`, maybe `h`) and the local `by-x` (`x`). */
export interface TableShape {
  readonly pk: KeyType;
  readonly sk: KeyType | undefined;
  readonly global: { readonly g: KeyType; readonly h: KeyType | undefined; readonly shows: Projection } | undefined;
  readonly local: { readonly x: KeyType; readonly shows: Projection } | undefined;
}

/** A call without the name of the table, which differs from run to run. */
export interface Call {
  readonly operation: (typeof operations)[number];
  readonly input: Readonly<Record<string, unknown>>;
}

/** A table and what is done with it. */
export interface Scenario {
  readonly shape: TableShape;
  readonly calls: readonly Call[];
}

export const operations = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'GetItem',
  'Query',
  'Scan',
  'BatchWriteItem',
  'BatchGetItem',
  'TransactWriteItems',
  'TransactGetItems',
] as const;

/** Stands for the table's name in the parameters of calls. */
export const tableName = 'the-table';

const keyType = constantFrom<KeyType>('S', 'N', 'B');
const shows: Arbitrary<Projection> = constantFrom<Projection>(
  { ProjectionType: 'ALL' },
  { ProjectionType: 'KEYS_ONLY' },
  { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'b'] },
);
const shape: Arbitrary<TableShape> = record({
  pk: keyType,
  sk: maybe(7, keyType),
  global: maybe(6, record({ g: keyType, h: maybe(5, keyType), shows })),
  local: maybe(5, record({ x: keyType, shows })),
}).map((made) => (made.sk ? made : { ...made, local: undefined }));

/** Tables of every shape, and calls that suit them. */
export const scenarios: Arbitrary<Scenario> = shape.chain((made) =>
  record({ shape: shapeAsIs(made), calls: array(callOf(made), { minLength: 1, maxLength: 25, size: 'max' }) }),
);

/** The parameters of CreateTable. */
export function createTableInput({ pk, sk, global, local }: TableShape): CreateTableInput {
  const types = { pk, sk, g: global?.g, h: global?.h, x: local?.x };
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: Object.entries(types).flatMap(([AttributeName, AttributeType]) =>
      AttributeType ? [{ AttributeName, AttributeType }] : [],
    ),
    KeySchema: schema('pk', sk && 'sk'),
    ...(global && {
      GlobalSecondaryIndexes: [
        { IndexName: 'by-g', KeySchema: schema('g', global.h && 'h'), Projection: global.shows },
      ],
    }),
    ...(local && {
      LocalSecondaryIndexes: [{ IndexName: 'by-x', KeySchema: schema('pk', 'x'), Projection: local.shows }],
    }),
  };
}

function schema(partition: string, sort: string | undefined): KeySchemaElement[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    ...(sort ? [{ AttributeName: sort, KeyType: 'RANGE' as const }] : []),
  ];
}

function shapeAsIs(made: TableShape): Arbitrary<TableShape> {
  return constantFrom(made);
}

type Attributes = Record<string, AttributeValue>;

function callOf(made: TableShape): Arbitrary<Call> {
  const key = keyOf(made);
  const item = itemOf(made, key);
  const call = (operation: Call['operation'], input: Arbitrary<Record<string, unknown>>): Arbitrary<Call> =>
    input.map((parameters) => ({ operation, input: withoutUndefined(parameters) }));

  const condition = maybe(4, expressions.condition);
  const put = write({ Item: item, ConditionExpression: condition });
  const remove = write({ Key: key, ConditionExpression: condition });
  const updating = write({ Key: key, UpdateExpression: maybe(9, expressions.update), ConditionExpression: condition });
  // In a transaction it is required, to the SDK's types as well.
  const updatingForSure = write({ Key: key, UpdateExpression: expressions.update, ConditionExpression: condition });
  const check = write({ Key: key, ConditionExpression: expressions.condition });
  const get = read({ Key: key, ProjectionExpression: maybe(4, expressions.projection) });
  const returning = (input: Arbitrary<Record<string, unknown>>, values: readonly string[]) =>
    tuple(input, maybe(6, constantFrom(...values)), maybe(3, constantFrom('ALL_OLD'))).map(
      ([parameters, ReturnValues, ReturnValuesOnConditionCheckFailure]) => ({
        ...parameters,
        TableName: tableName,
        ReturnValues,
        ReturnValuesOnConditionCheckFailure,
      }),
    );
  const named = (input: Arbitrary<Record<string, unknown>>) =>
    input.map((parameters) => withoutUndefined({ TableName: tableName, ...parameters }));
  const updateValues = ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'];

  return oneof(
    { weight: 8, arbitrary: call('PutItem', returning(put, ['NONE', 'ALL_OLD'])) },
    { weight: 8, arbitrary: call('UpdateItem', returning(updating, updateValues)) },
    { weight: 2, arbitrary: call('DeleteItem', returning(remove, ['NONE', 'ALL_OLD'])) },
    { weight: 3, arbitrary: call('GetItem', named(get)) },
    { weight: 6, arbitrary: call('Query', queryOf(made)) },
    { weight: 4, arbitrary: call('Scan', scanOf(made)) },
    {
      weight: 1,
      arbitrary: call(
        'BatchWriteItem',
        array(oneof(record({ PutRequest: record({ Item: item }) }), record({ DeleteRequest: record({ Key: key }) })), {
          minLength: 1,
          maxLength: 4,
        }).map((requests) => ({ RequestItems: { [tableName]: requests } })),
      ),
    },
    {
      weight: 1,
      arbitrary: call(
        'BatchGetItem',
        array(key, { minLength: 1, maxLength: 4 }).map((Keys) => ({ RequestItems: { [tableName]: { Keys } } })),
      ),
    },
    {
      weight: 3,
      arbitrary: call(
        'TransactWriteItems',
        array(
          oneof(
            named(put).map((Put) => ({ Put })),
            named(updatingForSure).map((Update) => ({ Update })),
            named(remove).map((Delete) => ({ Delete })),
            named(check).map((ConditionCheck) => ({ ConditionCheck })),
          ),
          { minLength: 1, maxLength: 3 },
        ).map((TransactItems) => ({ TransactItems })),
      ),
    },
    {
      weight: 1,
      arbitrary: call(
        'TransactGetItems',
        array(named(get), { minLength: 1, maxLength: 3 }).map((gets) => ({
          TransactItems: gets.map((Get) => ({ Get })),
        })),
      ),
    },
  );
}

function keyOf({ pk, sk }: TableShape): Arbitrary<Attributes> {
  return sk ? record({ pk: roughKeyValue(pk), sk: roughKeyValue(sk) }) : record({ pk: roughKeyValue(pk) });
}

function itemOf({ global, local }: TableShape, key: Arbitrary<Attributes>): Arbitrary<Attributes> {
  const indexed: Record<string, Arbitrary<AttributeValue>> = {
    ...(global && { g: roughKeyValue(global.g) }),
    ...(global?.h && { h: roughKeyValue(global.h) }),
    ...(local && { x: roughKeyValue(local.x) }),
  };
  return tuple(key, record(indexed, { requiredKeys: [] }), attributes).map((parts) => Object.assign({}, ...parts));
}

/** Parameters with expressions, and the placeholders that these have. */
function write(parameters: Record<string, Arbitrary<unknown>>): Arbitrary<Record<string, unknown>> {
  return tuple(record(parameters), placeholderValues).map(([input, values]) => ({
    ...input,
    ...placeholdersOf([textOf(input['UpdateExpression']), textOf(input['ConditionExpression'])], values),
  }));
}

function read(parameters: Record<string, Arbitrary<unknown>>): Arbitrary<Record<string, unknown>> {
  return record(parameters).map((input) => ({
    ...input,
    ...placeholdersOf([textOf(input['ProjectionExpression'])], []),
  }));
}

function queryOf(made: TableShape): Arbitrary<Record<string, unknown>> {
  const targets = [
    { IndexName: undefined, partition: ['pk', made.pk], sort: made.sk && ['sk', made.sk] },
    ...(made.global
      ? [{ IndexName: 'by-g', partition: ['g', made.global.g], sort: made.global.h && ['h', made.global.h] }]
      : []),
    ...(made.local ? [{ IndexName: 'by-x', partition: ['pk', made.pk], sort: ['x', made.local.x] }] : []),
  ] as readonly { IndexName: string | undefined; partition: [string, KeyType]; sort: [string, KeyType] | undefined }[];
  return constantFrom(...targets).chain(({ IndexName, partition, sort }) =>
    tuple(
      readParameters(IndexName),
      keyCondition(partition[0], sort?.[0]),
      tuple(keyValue(partition[1]), roughKeyValue(sort?.[1] ?? 'S'), roughKeyValue(sort?.[1] ?? 'S')),
      placeholderValues,
      maybe(4, boolean()),
    ).map(([parameters, KeyConditionExpression, keys, values, ScanIndexForward]) => ({
      ...parameters,
      KeyConditionExpression,
      ScanIndexForward,
      ...placeholdersOf(
        [KeyConditionExpression, parameters.FilterExpression, parameters.ProjectionExpression],
        values,
        keys,
      ),
    })),
  );
}

function scanOf(made: TableShape): Arbitrary<Record<string, unknown>> {
  const indexes = [undefined, ...(made.global ? ['by-g'] : []), ...(made.local ? ['by-x'] : [])];
  return constantFrom(...indexes).chain((IndexName) =>
    tuple(readParameters(IndexName), placeholderValues).map(([parameters, values]) => ({
      ...parameters,
      ...placeholdersOf([parameters.FilterExpression, parameters.ProjectionExpression], values),
    })),
  );
}

function readParameters(IndexName: string | undefined) {
  return record({
    FilterExpression: maybe(4, expressions.condition),
    ProjectionExpression: maybe(3, expressions.projection),
    Select: maybe(2, constantFrom('ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES')),
    Limit: maybe(4, integer({ min: 1, max: 3 })),
    ConsistentRead: maybe(2, boolean()),
  }).map((parameters) => ({ ...parameters, IndexName, TableName: tableName }));
}

function textOf(expression: unknown): string | undefined {
  return typeof expression === 'string' ? expression : undefined;
}

function withoutUndefined(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}
