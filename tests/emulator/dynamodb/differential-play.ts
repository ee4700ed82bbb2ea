import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  type Answer,
  answerOfError,
  compareAnswers,
  inComparableForm,
  sorted,
  withCanonicalNumbers,
} from './differential-answers.ts';
import { type Call, createTableInput, type Scenario, tableName } from './differential-calls.ts';

/** Milliseconds that a table may take to be there. */
const tableTimeout = 10_000;

/** Plays a scenario to both, to the first call that they answer differently. */
export async function firstDifference(
  ours: DynamoDBClient,
  theirs: DynamoDBClient,
  scenario: Scenario,
  compare: typeof compareAnswers = compareAnswers,
): Promise<string | undefined> {
  const table = `differential-${randomBytes(8).toString('hex')}`;
  const clients = [ours, theirs] as const;
  await Promise.all(clients.map((client) => createTable(client, table, scenario)));
  try {
    for (const call of [...scenario.calls, ...looks(scenario)]) {
      const [our, their] = await Promise.all([
        answer(ours, table, call, (output) => output),
        answer(theirs, table, call, withCanonicalNumbers),
      ]);
      const comparison = compare(call, our, their);
      if ('difference' in comparison) return comparison.difference;
      if ('known' in comparison && comparison.apart) return undefined;
    }
    return undefined;
  } finally {
    await Promise.all(clients.map((client) => client.send(new DeleteTableCommand({ TableName: table }))));
  }
}

/** What is in the table and its indexes at the end. */
function looks({ shape: { global, local } }: Scenario): Call[] {
  const indexes = [undefined, ...(global ? ['by-g'] : []), ...(local ? ['by-x'] : [])];
  return indexes.map((IndexName) => ({
    operation: 'Scan',
    input: { TableName: tableName, ...(IndexName !== undefined && { IndexName }) },
  }));
}

async function createTable(client: DynamoDBClient, TableName: string, { shape }: Scenario): Promise<void> {
  await client.send(new CreateTableCommand({ ...createTableInput(shape), TableName }));
  await waitUntilTableExists({ client, maxWaitTime: tableTimeout / 1000, minDelay: 1, maxDelay: 1 }, { TableName });
}

/** @param amend what is to be done with the output before it is compared */
async function answer(
  client: DynamoDBClient,
  table: string,
  { operation, input }: Call,
  amend: typeof withCanonicalNumbers,
): Promise<Answer> {
  const named = withTableName(input, table) as never;
  try {
    if (operation === 'Query' || operation === 'Scan')
      return { output: inComparableForm(await readPages(client, operation, named, amend)) };
    // Which command it is, only the table of commands knows.
    const output = await client.send(new (commands[operation] as typeof PutItemCommand)(named));
    return { output: inComparableForm(withTableName(amend(output), tableName, table)) };
  } catch (error) {
    return answerOfError(error);
  }
}

const commands = {
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  BatchGetItem: BatchGetItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  TransactGetItems: TransactGetItemsCommand,
} as const;

/** Reads to the end. Which items come first where nothing orders them, everybody decides alone. */
async function readPages(
  client: DynamoDBClient,
  operation: 'Query' | 'Scan',
  input: QueryCommandInput & ScanCommandInput,
  amend: typeof withCanonicalNumbers,
): Promise<unknown> {
  const pages: { count: number | undefined; scanned: number | undefined }[] = [];
  const items: Record<string, AttributeValue>[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const parameters = { ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) };
    const page = await client.send(operation === 'Query' ? new QueryCommand(parameters) : new ScanCommand(parameters));
    pages.push({ count: page.Count, scanned: page.ScannedCount });
    items.push(...(page.Items ?? []).map(amend));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && pages.length < 200);
  const sortKey = { 'by-g': 'h', 'by-x': 'x' }[input.IndexName ?? ''];
  const ordered = operation === 'Query' && input.IndexName === undefined;
  return {
    items: ordered ? items.map(inComparableForm) : sorted(items),
    order: operation === 'Query' && sortKey ? items.map((item) => inComparableForm(item[sortKey]) ?? null) : [],
    scanned: pages.map((page) => page.scanned),
    // A filter finds as many in all; how many on which page is a question of order, too.
    count: ordered ? pages.map((page) => page.count) : pages.reduce((sum, page) => sum + (page.count ?? 0), 0),
  };
}

/** Parameters or an answer with another name of the table, wherever it stands. */
function withTableName(value: unknown, name: string, instead: string = tableName): unknown {
  if (value === instead) return name;
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => withTableName(element, name, instead));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key === instead ? name : key, withTableName(member, name, instead)]),
  );
}
