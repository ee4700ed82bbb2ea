import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type DynamoDBClient,
  ExecuteStatementCommand,
  type ExecuteStatementInput,
  type ExecuteStatementOutput,
  ExecuteTransactionCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test as base } from './items-test.ts';

interface PartiqlFixtures {
  /** Runs a statement, in which `T` stands for `table` and `X` for `indexed`, and gives its items. */
  run: (statement: string, parameters?: AttributeValue[]) => Promise<Record<string, AttributeValue>[]>;
  /** Runs one that has to be refused, and gives `code: message`. */
  refusal: (statement: string, parameters?: AttributeValue[], more?: Partial<ExecuteStatementInput>) => Promise<string>;
  /** Writes the names of tables into a statement. */
  named: (statement: string) => string;
}

const test = base.extend<PartiqlFixtures>({
  named: async ({ table, indexed }, use) => {
    await use((statement) => statement.replaceAll('"T"', `"${table}"`).replaceAll('"X"', `"${indexed}"`));
  },
  run: async ({ dynamodb, named }, use) => {
    await use(async (statement, Parameters) => {
      const answer = await dynamodb.send(new ExecuteStatementCommand({ Statement: named(statement), Parameters }));
      return answer.Items ?? [];
    });
  },
  refusal: async ({ dynamodb, named }, use) => {
    await use((statement, Parameters, more) =>
      refusalOf(dynamodb.send(new ExecuteStatementCommand({ Statement: named(statement), Parameters, ...more }))),
    );
  },
});

async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Error)
      return error.name === 'ValidationException' ? error.message : `${error.name}: ${error.message}`;
  }
  return 'not refused';
}

const malformed = "Statement wasn't well formed, can't be processed: ";
const leftOver = `${malformed}Unexpected token after expression`;
const noKey = 'Where clause does not contain a mandatory equality on all key attributes';

/** The position of a token, as messages have it. */
function at(statement: string, token: string, from = 0): string {
  return `1:${statement.indexOf(token, from) + 1}:${token.length}`;
}

async function seed(
  dynamodb: DynamoDBClient,
  TableName: string,
  ...items: Record<string, AttributeValue>[]
): Promise<void> {
  for (const Item of items) await dynamodb.send(new PutItemCommand({ TableName, Item }));
}

/** Reads a statement page by page, of one item each; more than ten are wrong. */
async function readAll(dynamodb: DynamoDBClient, Statement: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < 10; page += 1) {
    const answer: ExecuteStatementOutput = await dynamodb.send(
      new ExecuteStatementCommand({ Statement, Limit: 1, NextToken }),
    );
    seen.push(...(answer.Items ?? []));
    ({ NextToken } = answer);
    if (NextToken === undefined) return seen;
  }
  throw new Error(`${Statement} has no end: ${JSON.stringify(seen)}`);
}

test('statements that cannot be read are refused as AWS words it', async ({ refusal }) => {
  const cases: [string, string][] = [
    ['SLECT * FROM "T" WHERE pk = \'a\'', `${malformed}Expected data manipulation`],
    ['SELECTT * FROMM "T"', leftOver],
    ['SELECT * FROM "T" WHERE pk = \'a\' foo', leftOver],
    ['SELECT * FROM "T" WHERE pk = 1 e5', leftOver],
    ['SELECT * FROM "T" WHERE pk = 1)', leftOver],
    ['SELECT * FROM "T" ORDER BY pk WHERE pk = 1', leftOver],
    ["INSERT INTO \"T\" VALUE {'pk': 'a'} foo", leftOver],
    ["INSERT INTO \"T\" t VALUE {'pk': 'a'}", leftOver],
    ['UPDATE "T" SET a = 9 WHERE pk = \'a\' foo', leftOver],
    ['DELETE FROM "T" WHERE pk = \'a\' ORDER BY pk', leftOver],
    ['SELECT * FROM "T" WHERE pk = 1e2147483648', malformed],
    ['SELECT * FROM "T" WHERE pk = 1.5e-2147483647', malformed],
    ['SELECT * FROM "T" WHERE pk = 1 # note', malformed],
    ['SELECT * FROM "T" WHERE pk = 1 /* note', malformed],
    ['SELECT * FROM "T', malformed],
    ['SELECT * FROM "T" t WHERE pk = \'x\'', 'Aliasing is not supported'],
    ['SELECT * FROM "T" AS t WHERE pk = \'x\'', 'Aliasing is not supported'],
    ['UPDATE "T" t SET a = 3 WHERE pk = \'x\'', 'Aliasing is not supported'],
    ['DELETE FROM "T" t WHERE pk = \'x\'', 'Aliasing is not supported'],
    ['SELECT * FROM "T" WHERE', `${malformed}Unexpected term`],
    ['SELECT * FROM "T" WHERE;', `${malformed}Unexpected term`],
    ['UPDATE "T" SET a = 1 WHERE', `${malformed}Unexpected term`],
    ['SELECT * FROM "T" WHERE NOT', `${malformed}Unexpected term`],
    ['SELECT * FROM "T" WHERE (', `${malformed}Unexpected term`],
    ['SELECT * FROM "never-made" WHERE', `${malformed}Unexpected term`],
    ['SELECT * FROM', `${malformed}Unexpected term`],
    ['SELECT * FROM "T" WHERE pk = \'a\' AND', `${malformed}Missing right-hand side expression of infix operator`],
    ['SELECT * FROM "T" WHERE ORDER BY pk', `${malformed}Unexpected keyword`],
    ['SELECT * FROM "T" WHERE IS NULL', `${malformed}Unexpected operator`],
    ['SELECT * FROM "T" WHERE pk = LIKE', `${malformed}Unexpected operator`],
    ['SELECT * FROM "T" WHERE pk = \'a\' AND x IS FOO', `${malformed}Expected type name`],
    ['x IS DOUBLE PRECISION', 'Unsupported operation: IsType'],
    ['x IS CHARACTER VARYING', 'Unsupported operation: IsType'],
    ['x IS INT4', 'Unsupported operation: IsType'],
    ['DELETE FROM', `${malformed}Expected identifier for simple path`],
    ['DELETE FROM;', `${malformed}Expected identifier for simple path`],
    ["DELETE FROM WHERE pk = 'a'", `${malformed}Expected identifier for simple path`],
    ['FROM "T" SET c = 1', noKey],
    ['FROM "T" REMOVE a', noKey],
    ['FROM "T" WHERE a = 1 SET c = 1', noKey],
    ['FROM "T" SET c = 1 WHERE pk = \'a\'', leftOver],
    ['FROM "T" SET c = 1 WHERE pk = \'a\' SET d = 2', leftOver],
    ['FROM "never-made" WHERE pk = \'a\' SET c = 1', 'ResourceNotFoundException: Requested resource not found'],
    ['SELECT * FROM "X"."none" WHERE pk = \'a\'', 'The table does not have the specified index'],
    ['SELECT * FROM "X"."by-user"."x"', 'A path may contain at most 2 components in the FROM clause'],
    ['SELECT * FROM "X"."" WHERE pk = \'a\'', 'Path component cannot be an empty string'],
    ['SELECT * FROM "" WHERE pk = \'a\'', 'Path component cannot be an empty string'],
    ['INSERT INTO "X"."by-user" VALUE {\'pk\': \'a\'}', 'FROM clause may only contain a single table name'],
    ['UPDATE "X"."by-user" SET a = 1 WHERE pk = \'a\'', 'This operation is not supported on an index'],
    ['DELETE FROM "X"."by-user" WHERE pk = \'a\'', 'This operation is not supported on an index'],
    ['DELETE FROM "T"', noKey],
  ];
  for (const [statement, message] of cases) expect(await refusal(statement), statement).toBe(message);
  for (const clause of ['MODIFIED OLD', 'ALL NEW', 'MODIFIED NEW']) {
    expect(await refusal(`DELETE FROM "T" WHERE pk = 'x' RETURNING ${clause} *`)).toBe(
      `Invalid returning clause: RETURNING ${clause} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    );
  }
});

test('values that DynamoDB cannot hold are refused where they stand', async ({ refusal, named }) => {
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  const nesting = `${"{'a':".repeat(32)}1${'}'.repeat(32)}`;
  const update = (set: string) => `UPDATE "T" SET ${set} WHERE pk = 'a'`;
  const where = (condition: string) => `SELECT * FROM "T" WHERE pk = 'a' AND ${condition}`;
  const incorrect = 'Incorrect operand type for operator or function; operator or function: ';
  const cases: [string, string, AttributeValue[]?][] = [
    [where('n = 1e126'), `${overflow} under root`],
    ["INSERT INTO \"T\" VALUE {'pk': 'a', 'm': {'x': 1e126}}", `${overflow} under root.x`],
    ["INSERT INTO \"T\" VALUE {'pk': 'a', 'l': [1, 1e126]}", `${overflow} under root[1]`],
    [update(`d = ${nesting}`), `Nesting Levels have exceeded supported limits under root${'.a'.repeat(32)}`],
    [update('ss = set_add(ss, <<>>)'), 'Empty bags are not supported'],
    [
      update("ss = set_add(ss, <<'x', 'x'>>)"),
      'One or more parameter values were invalid: Input collection [x, x] contains duplicates.',
    ],
    [
      update('n = set_add(n, <<2, 2.0>>)'),
      'One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root',
    ],
    [update("n = 'a' + 1"), `${incorrect}+, operand type: S`],
    [where('val < ?'), `${incorrect}<, operand type: BOOL`, [{ BOOL: true }]],
    [where('val BETWEEN ? AND ?'), `${incorrect}BETWEEN, operand type: M`, [{ M: {} }, { M: {} }]],
    [where('attribute_type(l, 1)'), `${incorrect}attribute_type, operand type: N`],
    [where('attribute_exists(n) > false'), `${incorrect}>, operand type: BOOL`],
    [
      where("attribute_exists('ss')"),
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      where('attribute_exists()'),
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 0',
    ],
    [where('attribute_exists(m.inner)'), `${malformed}Invalid path dot component`],
    [where('n = ?'), 'The parameter cannot be converted to a numeric value: 1e2147483648', [{ N: '1e2147483648' }]],
    [
      where('n = ?'),
      'The parameter cannot be converted to a numeric value: 1e99999999999',
      [{ M: { x: { N: '1e99999999999' } } }],
    ],
    [where('n = ?'), 'The parameter cannot be converted to a numeric value', [{ N: '' }]],
    [
      where('n = ?'),
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
      [{ N: '1e2147483647' }],
    ],
    [where('n = ?'), "Number of parameters in request and statement don't match."],
    [
      'SELECT * FROM "T" WHERE pk = 1',
      "Key attribute's data type should match its data type in table's schema: Key pk",
    ],
  ];
  for (const [statement, message, parameters] of cases) {
    expect(await refusal(statement, parameters), statement).toBe(message);
  }

  const positioned: [string, string, string, string?][] = [
    [where('EXISTS(ss)'), 'Unrecognized function: exists', 'EXISTS'],
    [where("set_add(ss, <<'x'>>) = ss"), 'Unrecognized function: set_add', 'set_add'],
    ['SELECT attribute_exists(ss) FROM "T"', 'Unexpected path component', 'attribute_exists'],
    [update("t = set_add(ss, <<'x'>>)"), 'The first argument to SET_ADD must equal the assignment value', 'set_add'],
    [
      update("ss = set_delete(ss, 'x')"),
      'The second argument to SET_DELETE must be a value with type SET',
      'ss',
      'set_delete(',
    ],
    [update('ss = set_add(ss)'), 'SET_ADD must have exactly two arguments', 'set_add'],
    [
      "INSERT INTO \"T\" VALUE {'pk': 'a', 'ss': set_add(<<'a'>>, <<'b'>>)}",
      'Unsupported data type: set_add under key root',
      'set_add',
    ],
    [update('x = [?]'), 'Unsupported data type: Parameter under key root[0]', '?'],
    ['SELECT l[-1] FROM "T"', 'List index is not within the allowable range; index: [-1]', '1'],
  ];
  for (const [statement, message, token, behind = ''] of positioned) {
    const text = named(statement);
    // Parameters that a statement lacks do no harm.
    expect(await refusal(statement, [{ S: 'v' }]), statement).toBe(
      `${message} at ${at(text, token, text.indexOf(behind))}`,
    );
  }
});

test('a SELECT reads by key, filters, projects and orders', async ({ dynamodb, run, refusal, indexed }) => {
  await seed(
    dynamodb,
    indexed,
    { pk: { S: 'a' }, sk: { S: '1' }, m: { M: { k: { L: [{ S: 'c' }] } } }, flag: { S: 'one' }, n: { N: '1' } },
    { pk: { S: 'a' }, sk: { S: '2' }, flag: { S: 'two' }, nul: { NULL: true } },
    { pk: { S: 'a' }, sk: { S: '3' }, yes: { BOOL: true } },
    { pk: { S: 'b' }, sk: { S: '1' } },
  );
  const keys = async (where: string, order = '') =>
    (await run(`SELECT pk, sk FROM "X" WHERE ${where} ${order}`)).map(({ pk, sk }) => `${pk?.S}${sk?.S}`);
  expect(await keys("pk = 'a' AND sk BETWEEN '1' AND '2'")).toEqual(['a1', 'a2']);
  expect(await keys("pk = 'a' AND sk IN ['3', '1']")).toEqual(['a1', 'a3']);
  expect(await keys("pk IN ('b', 'a') AND sk = '1'")).toEqual(['a1', 'b1']);
  expect(await keys("pk = 'a'", 'ORDER BY sk DESC')).toEqual(['a3', 'a2', 'a1']);
  expect(await keys("pk = 'a'", 'ORDER BY pk ASC')).toEqual(['a3', 'a2', 'a1']);
  expect(await keys("pk IN ['a', 'b']", 'ORDER BY pk DESC, sk')).toEqual(['b1', 'a1', 'a2', 'a3']);
  expect(await keys("pk = 'a' AND NOT sk = '1' OR pk = 'a' AND sk = '2'")).toEqual(['a2', 'a3']);
  expect(await keys("pk = 'a' AND sk <> '1'")).toEqual(['a2', 'a3']);
  expect((await keys("pk = 'a' OR sk = '1'")).toSorted()).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(await keys("pk = 'a' AND flag IS NOT MISSING AND NOT begins_with(flag, 't')")).toEqual(['a1']);
  expect(await keys("pk = 'a' AND nul IS NULL")).toEqual(['a2']);
  expect(await keys("pk = 'a' AND yes IS BOOL AND yes = true")).toEqual(['a3']);
  expect(await keys("pk = 'a' AND size(flag) = 3 AND contains(flag, 'w')")).toEqual(['a2']);
  expect(await keys("pk = 'a' AND (attribute_exists(flag) = true) = false")).toEqual(['a3']);
  expect(await keys("pk = 'a' AND n = - - 1 -- a note\n AND n > -/* c */2")).toEqual(['a1']);
  expect(await run(`select m.k[0], flag from "X" where pk = 'a' and sk = '1';`)).toEqual([
    { 'k[0]': { S: 'c' }, flag: { S: 'one' } },
  ]);
  const overlapping = 'Overlapping conditions with range keys are not supported in where clause';
  for (const where of [
    "pk IN ['a', 'a']",
    "pk = 'a' AND (sk > '0' OR sk < '5')",
    "pk = 'a' AND x <> '1' OR pk = 'a' AND sk = '2'",
  ]) {
    expect(await refusal(`SELECT * FROM "X" WHERE ${where}`), where).toBe(overlapping);
  }
  const many = Array.from({ length: 51 }, (_, value) => `'v${value}'`).join();
  expect(await refusal(`SELECT * FROM "X" WHERE pk IN [${many}]`)).toBe(
    'Too many decomposed read operations for a given query.',
  );
  expect(await refusal('SELECT * FROM "X" ORDER BY sk')).toBe(
    'Must have WHERE clause in the statement when using ORDER BY clause.',
  );
  expect(await refusal(`SELECT * FROM "X" WHERE pk = 'a' ORDER BY flag`)).toBe(
    'Attribute flag in ORDER BY clause must be part of the primary key',
  );
  expect(await refusal(`SELECT * FROM "X" WHERE pk > 'a' ORDER BY sk`)).toBe(
    'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
  );
  expect(await refusal(`SELECT * FROM "X" WHERE pk IN ['a', 'b'] ORDER BY sk`)).toBe(
    'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
  );
  expect(await refusal(`EXISTS(SELECT * FROM "X" WHERE pk = 'a' AND sk = '1' AND n = 1)`)).toBe(
    'EXISTS can only be used in ExecuteTransaction write requests.',
  );
});

test('a SELECT pages over all of its reads with a token of its own', async ({ dynamodb, indexed, refusal }) => {
  const items = ['a1', 'a2', 'b1'].map((text) => ({ pk: { S: text.charAt(0) }, sk: { S: text.charAt(1) } }));
  await seed(dynamodb, indexed, ...items);
  for (const where of ["WHERE pk IN ['a', 'b']", '', "WHERE pk = 'a' OR pk = 'b'"]) {
    const Statement = `SELECT * FROM "${indexed}" ${where}`;
    const seen = await readAll(dynamodb, Statement);
    expect(seen, where).toHaveLength(3);
    expect(seen).toEqual(expect.arrayContaining(items));
  }
  const first = await dynamodb.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${indexed}"`, Limit: 1 }));
  expect(await refusal('SELECT pk FROM "X"', undefined, { NextToken: first.NextToken })).toBe(
    'NextToken does not match request',
  );
  expect(await refusal('SELECT pk FROM "X"', undefined, { NextToken: 'abc' })).toBe('Invalid NextToken');
});

test('an index is read as it holds its items', async ({ dynamodb, indexed, run, refusal, named }) => {
  const own = { pk: { S: 'p' }, sk: { S: 's1' }, who: { S: 'y' }, shown: { S: 'yes' }, hidden: { S: 'h1' } };
  await seed(dynamodb, indexed, own, { pk: { S: 'p' }, sk: { S: 's2' }, hidden: { S: 'h2' } });
  const { hidden: _, ...projected } = own;
  const byUser = (rest: string) => `SELECT * FROM "X"."by-user" WHERE ${rest}`;
  expect(await run(byUser("who = 'y'"))).toEqual([projected]);
  expect(await run(byUser("pk = 'p'"))).toEqual([projected]);
  expect(await run(byUser("hidden = 'h1'"))).toEqual([]);
  expect(await run(byUser("NOT hidden = 'h1'"))).toEqual([projected]);
  expect(await run(byUser("(who = 'y' AND hidden = 'h1') OR who = 'z'"))).toEqual([]);
  const unprojected =
    'One or more parameter values were invalid: Secondary index by-user does not project one or more filter attributes: ';
  expect(await refusal(byUser("who = 'y' AND hidden IS MISSING"))).toBe(`${unprojected}[hidden]`);
  expect(await refusal(byUser("who IN ['y', 'z'] AND hidden = 'h1'"))).toBe(`${unprojected}[hidden]`);
  expect(await refusal('SELECT hidden, sk, other FROM "X"."by-user"')).toBe(
    'One or more parameter values were invalid: Global secondary index by-user does not project [hidden, other]',
  );
  expect(await refusal(byUser("who = 'y'"), undefined, { ConsistentRead: true })).toBe(
    'Strongly consistent read is not supported on Global Secondary Indexes',
  );
  const { ConsumedCapacity } = await dynamodb.send(
    new ExecuteStatementCommand({ Statement: named(byUser("who = 'y'")), ReturnConsumedCapacity: 'INDEXES' }),
  );
  expect(ConsumedCapacity).toEqual({
    TableName: indexed,
    CapacityUnits: 0.5,
    Table: { CapacityUnits: 0 },
    GlobalSecondaryIndexes: { 'by-user': { CapacityUnits: 0.5 } },
  });
});

test('writes change one item that is there and answer RETURNING', async ({ dynamodb, table, run, refusal }) => {
  const stored = async (pk: string) =>
    (await dynamodb.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } } }))).Item;
  expect(
    await run("INSERT INTO \"T\" VALUE {'pk': ?, 'n': 1, 's': 'it''s', 'l': [1], 'ss': <<'a', 'b'>>}", [{ S: 'a' }]),
  ).toEqual([]);
  expect(await stored('a')).toEqual({
    pk: { S: 'a' },
    n: { N: '1' },
    s: { S: "it's" },
    l: { L: [{ N: '1' }] },
    ss: { SS: ['a', 'b'] },
  });
  expect(await refusal("INSERT INTO \"T\" VALUE {'pk': 'a'}")).toBe(
    'DuplicateItemException: Duplicate primary key exists in table',
  );
  const update = "SET n = n + 1, l = list_append(l, ['x']) SET ss = set_add(ss, <<'c'>>) REMOVE s";
  expect(await run(`UPDATE "T" ${update} WHERE pk = 'a' RETURNING MODIFIED NEW *`)).toEqual([
    { n: { N: '2' }, l: { L: [{ N: '1' }, { S: 'x' }] }, ss: { SS: ['a', 'b', 'c'] } },
  ]);
  expect(await run(`UPDATE "T" SET n = 5 WHERE pk = 'a' AND n = 2 RETURNING MODIFIED OLD *`)).toEqual([
    { n: { N: '2' } },
  ]);
  expect(
    await run(`from "T" where pk = 'a' remove l set ss = set_delete(ss, <<'a', 'b', 'c'>>) returning all new *`),
  ).toEqual([{ pk: { S: 'a' }, n: { N: '5' } }]);
  expect(await run(`UPDATE "T" REMOVE nope WHERE pk = 'a' RETURNING MODIFIED NEW *`)).toEqual([]);
  const failed = 'ConditionalCheckFailedException: The conditional request failed';
  expect(await refusal(`UPDATE "T" SET n = 9 WHERE pk = 'a' AND n = 1`)).toBe(failed);
  expect(await refusal(`UPDATE "T" SET n = 9 WHERE pk = 'none' AND attribute_not_exists(pk)`)).toBe(failed);
  expect(await stored('none')).toBeUndefined();
  expect(await refusal(`DELETE FROM "T" WHERE pk = 'a' AND n = 1`)).toBe(failed);
  expect(await run(`DELETE FROM "T" WHERE pk = 'none' AND n = 1 RETURNING ALL OLD *`)).toEqual([]);
  expect(await refusal(`UPDATE "T" SET a = 1 WHERE pk = 'a' AND pk = 'b'`)).toBe(
    'Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported',
  );
  expect(await refusal(`UPDATE "T" SET pk = 'b' WHERE pk = 'a'`)).toBe(
    'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
  );
  const wrongType = 'An operand in the update expression has an incorrect data type';
  expect(await refusal(`UPDATE "T" SET n = set_add(n, <<1>>) WHERE pk = 'a'`)).toBe(wrongType);
  await expect(
    dynamodb.send(
      new ExecuteStatementCommand({
        Statement: `DELETE FROM "${table}" WHERE pk = 'a' AND n = 1`,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { n: { N: '5' } } });
  expect(await run(`DELETE FROM "T" WHERE pk = 'a' RETURNING ALL OLD *`)).toEqual([{ pk: { S: 'a' }, n: { N: '5' } }]);
});

test('a batch answers each of its statements', async ({ dynamodb, table, indexed, named }) => {
  await seed(dynamodb, table, { pk: { S: 'a' }, n: { N: '1' } }, { pk: { S: 'b' } });
  const batch = (...statements: (string | BatchStatementRequest)[]) =>
    dynamodb.send(
      new BatchExecuteStatementCommand({
        Statements: statements.map((each) =>
          typeof each === 'string' ? { Statement: named(each) } : { ...each, Statement: named(each.Statement ?? '') },
        ),
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
  const byKey = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.';
  const reads = await batch(
    { Statement: 'SELECT * FROM "T" WHERE pk = ?', Parameters: [{ S: 'a' }], ConsistentRead: true },
    'SELECT * FROM "T" WHERE pk IN [\'b\']',
    'SELECT * FROM "T" WHERE pk = \'a\' AND n = 1',
    'SELECT * FROM "X" WHERE pk = \'a\'',
    'SELECT * FROM "X"."by-user" WHERE pk = \'a\' AND sk = \'b\'',
    'SELECT * FROM "never-made" WHERE pk = \'a\'',
    'SLECT * FROM "T"',
  );
  expect(reads.Responses).toEqual([
    { TableName: table, Item: { pk: { S: 'a' }, n: { N: '1' } } },
    { TableName: table, Item: { pk: { S: 'b' } } },
    { Error: { Code: 'ValidationError', Message: byKey } },
    { Error: { Code: 'ValidationError', Message: byKey } },
    { Error: { Code: 'ValidationError', Message: byKey } },
    { Error: { Code: 'ResourceNotFound', Message: 'Requested resource not found' } },
    { Error: { Code: 'ValidationError', Message: `${malformed}Expected data manipulation` } },
  ]);
  expect(reads.ConsumedCapacity).toEqual([{ TableName: table, CapacityUnits: 1.5 }]);

  const writes = await batch(
    "INSERT INTO \"T\" VALUE {'pk': 'a'}",
    { Statement: 'UPDATE "T" SET n = 2 WHERE pk = \'a\' AND n = 5', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    'UPDATE "T" SET n = 2 WHERE pk = \'a\' RETURNING ALL NEW *',
    'UPDATE "T" REMOVE n WHERE pk = \'a\' RETURNING MODIFIED NEW *',
    'DELETE FROM "X" WHERE pk = \'a\'',
  );
  expect(writes.Responses).toEqual([
    { TableName: table, Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } },
    {
      TableName: table,
      Error: {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'a' }, n: { N: '1' } },
      },
    },
    { TableName: table, Item: { pk: { S: 'a' }, n: { N: '2' } } },
    { TableName: table },
    { Error: { Code: 'ValidationError', Message: noKey } },
  ]);
  expect(await refusalOf(batch('SELECT * FROM "T" WHERE pk = \'a\'', 'DELETE FROM "T" WHERE pk = \'a\''))).toContain(
    'both read and write operations',
  );
  expect(indexed).not.toBe(table);
});

test('a transaction does all of its statements or none', async ({ dynamodb, table, named, run }) => {
  await seed(dynamodb, table, { pk: { S: 'a' }, n: { N: '1' } }, { pk: { S: 'b' }, n: { N: '1' } });
  const transact = (statements: string[], ClientRequestToken?: string) =>
    dynamodb.send(
      new ExecuteTransactionCommand({
        TransactStatements: statements.map((Statement) => ({ Statement: named(Statement) })),
        ReturnConsumedCapacity: 'TOTAL',
        ClientRequestToken,
      }),
    );
  const exists = (condition: string) => `EXISTS(SELECT * FROM "T" WHERE pk = 'b' AND ${condition})`;
  const increment = 'UPDATE "T" SET n = n + 1 WHERE pk = \'a\'';
  const token = crypto.randomUUID();
  const first = await transact([increment, exists('n = 1')], token);
  expect(first).toMatchObject({
    Responses: [],
    ConsumedCapacity: [{ TableName: table, CapacityUnits: 4, WriteCapacityUnits: 4 }],
  });
  const repeated = await transact([increment, exists('n = 1')], token);
  expect(repeated).toMatchObject({ Responses: [], ConsumedCapacity: [{ CapacityUnits: 4, ReadCapacityUnits: 4 }] });
  await expect(transact([increment], token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  expect(await run('SELECT n FROM "T" WHERE pk = \'a\'')).toEqual([{ n: { N: '2' } }]);

  const read = await transact(['SELECT n FROM "T" WHERE pk = \'a\'', 'SELECT * FROM "T" WHERE pk = \'none\'']);
  expect(read.Responses).toEqual([{ Item: { n: { N: '2' } } }, {}]);

  await expect(transact([increment, exists('n = 5')])).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  await expect(
    transact([
      "INSERT INTO \"T\" VALUE {'pk': 'a'}",
      'UPDATE "T" SET a = 1 WHERE n = 1',
      'DELETE FROM "T" WHERE pk = 1',
    ]),
  ).rejects.toMatchObject({
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ],
  });
  await expect(transact([increment, 'DELETE FROM "never-made" WHERE pk = \'x\''])).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'None' }, { Code: 'ResourceNotFound', Message: 'Requested resource not found' }],
  });
  const refused: [string[], string][] = [
    [[`${increment} RETURNING ALL NEW *`], 'RETURNING clause is not supported in ExecuteTransaction.'],
    [['SELECT * FROM "X"."by-user" WHERE who = \'x\''], 'Reads on indices are not supported within transactions.'],
    [
      ['SELECT * FROM "T" WHERE pk = \'a\' AND attribute_exists(n)'],
      'Select statements within ExecuteTransaction must specify the primary key in the where clause.',
    ],
    [
      ['EXISTS(SELECT * FROM "T" WHERE pk = \'a\')', increment],
      'EXISTS() must contain a single item read with additional condition',
    ],
    [['SELECT * FROM "T" WHERE'], `${malformed}Unexpected term`],
  ];
  for (const [statements, message] of refused) {
    expect(await refusalOf(transact(statements))).toBe(`Validation failed in TransactStatements[0]: ${message}`);
  }
  expect(await refusalOf(transact([increment, 'SELECT * FROM "T" WHERE pk = \'b\'']))).toBe(
    'ExecuteTransaction API does not support both read and write operations in the same request.',
  );
  expect(await refusalOf(transact([increment, 'DELETE FROM "T" WHERE pk = \'a\'']))).toBe(
    'Transaction request cannot include multiple operations on one item',
  );
  expect(await run('SELECT n FROM "T" WHERE pk = \'a\'')).toEqual([{ n: { N: '2' } }]);
});
