import {
  BatchExecuteStatementCommand,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

test('statements insert, select, update and delete', async ({ aws, table }) => {
  const run = async (Statement: string, Parameters?: { S: string }[]) =>
    (await aws.dynamodb.send(new ExecuteStatementCommand({ Statement, Parameters }))).Items ?? [];
  await run(`INSERT INTO "${table.name}" VALUE {'pk': 'a', 'sk': '1', 'color': 'red', 'size': 3}`);
  await expect(run(`INSERT INTO "${table.name}" VALUE {'pk': 'a', 'sk': '1'}`)).toBeAwsError('DuplicateItemException');

  const select = `SELECT color, size FROM "${table.name}" WHERE pk = ? AND sk = ?`;
  expect(await run(select, [{ S: 'a' }, { S: '1' }])).toEqual([{ color: { S: 'red' }, size: { N: '3' } }]);
  await run(`UPDATE "${table.name}" SET color = 'blue' REMOVE size WHERE pk = 'a' AND sk = '1'`);
  expect(await run(select, [{ S: 'a' }, { S: '1' }])).toEqual([{ color: { S: 'blue' } }]);
  await run(`DELETE FROM "${table.name}" WHERE pk = 'a' AND sk = '1'`);
  expect(await run(select, [{ S: 'a' }, { S: '1' }])).toEqual([]);
});

test('a batch of statements answers each, a transaction all or none', async ({ aws, table }) => {
  const insert = (sk: string) => ({ Statement: `INSERT INTO "${table.name}" VALUE {'pk': 'a', 'sk': '${sk}'}` });
  const { Responses = [] } = await aws.dynamodb.send(
    new BatchExecuteStatementCommand({ Statements: [insert('1'), insert('1'), insert('2')] }),
  );
  expect(Responses.map(({ Error: error }) => error?.Code)).toEqual([undefined, 'DuplicateItem', undefined]);

  await expect(
    aws.dynamodb.send(new ExecuteTransactionCommand({ TransactStatements: [insert('3'), insert('2')] })),
  ).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'DuplicateItem' }],
  });
  const { Items = [] } = await aws.dynamodb.send(
    new ExecuteStatementCommand({ Statement: `SELECT sk FROM "${table.name}" WHERE pk = 'a'`, ConsistentRead: true }),
  );
  expect(Items.map(({ sk }) => sk?.S)).toEqual(['1', '2']);
});
