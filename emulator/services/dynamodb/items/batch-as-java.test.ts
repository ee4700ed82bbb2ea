import { expect, test } from '@playwright/test';
import { requestAsJava } from './batch-as-java.ts';

const value = (content: Readonly<Record<string, string>>): string => {
  const fields = 's n b iNT dECIMAL dOUBLE sS nS bS iNTSET dECIMALSET dOUBLESET m l nULL bOOL'.split(' ');
  return `AttributeValue(${fields.map((field) => `${field}=${content[field] ?? 'null'}`).join(', ')})`;
};

test('a batch is printed as Java prints it', () => {
  const puts = [{ PutRequest: { Item: { pk: { S: 'a' }, n: { NS: ['1', '2'] } } } }];
  const removals = [{ DeleteRequest: { Key: { pk: { B: new Uint8Array(3) } } } }];
  expect(requestAsJava({ one: puts, two: removals })).toBe(
    `{one=[WriteRequest(putRequest=PutRequest(item={pk=${value({ s: 'a' })}, n=${value({ nS: '[1, 2]' })}}, ` +
      'workloadProfileName=null), deleteRequest=null)], ' +
      'two=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={pk=' +
      `${value({ b: 'java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]' })}}, workloadProfileName=null))]}`,
  );
});

test('lists and maps are printed with the values in them', () => {
  const Item = { m: { M: { x: { BOOL: true } } }, l: { L: [{ NULL: true as const }] } };
  const printed = requestAsJava({ one: [{ PutRequest: { Item } }] });
  expect(printed).toContain(`m=${value({ m: `{x=${value({ bOOL: 'true' })}}` })}`);
  expect(printed).toContain(`l=${value({ l: `[${value({ nULL: 'true' })}]` })}`);
});
