import { expect, test } from '@playwright/test';
import { openScope } from '../expressions/scope.ts';
import { normalizeValue } from './normalize.ts';
import { inCurrentWording } from './wording.ts';

const parameter = 'One or more parameter values were invalid: ';
const base64 = (text: string) => Buffer.from(text, 'base64');

test.describe('some refusals of values have two wordings', () => {
  const cases: readonly [string, unknown, string, string][] = [
    [
      'text that is no number',
      { N: '' },
      'The parameter cannot be converted to a numeric value',
      'The parameter cannot be converted to a numeric value: ',
    ],
    [
      'a magnitude past a 32-bit integer',
      { N: '1e2147483647' },
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    ],
    [
      'the same text twice',
      { SS: ['b', 'a', 'b'] },
      `${parameter}Input collection [b, a, b] contains duplicates.`,
      `${parameter}Input collection ["a", "b", "b"] contains duplicates.`,
    ],
    [
      'the same bytes twice',
      { BS: [base64('/w=='), base64('AA=='), base64('AA==')] },
      `${parameter}Input collection [/w==, AA==, AA==]of type BS contains duplicates.`,
      `${parameter}Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
    ],
    [
      'the same number twice',
      { NS: ['2', '1', '2'] },
      'Input collection contains duplicates',
      `${parameter}Input collection contains duplicates.`,
    ],
  ];
  for (const [what, value, older, current] of cases) {
    test(what, () => {
      const read = () => normalizeValue(value);
      const open = () => openScope({ ExpressionAttributeValues: { ':v': value } });
      const exactly = (message: string) => expect.objectContaining({ message });
      expect(read).toThrow(exactly(older));
      expect(() => inCurrentWording(read)).toThrow(exactly(current));
      expect(open).toThrow(exactly(`ExpressionAttributeValues contains invalid value: ${older} for key :v`));
      expect(() => inCurrentWording(open)).toThrow(exactly(current));
    });
  }
});
