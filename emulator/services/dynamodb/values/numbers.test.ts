import { expect, test } from '@playwright/test';
import { Decimal } from 'decimal.js';
import { assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { addNumbers, canonicalNumber, compareNumbers, numberSize, subtractNumbers } from './numbers.ts';

const Exact = Decimal.clone({ precision: 300, toExpNeg: -400, toExpPos: 400 });

test.describe('numbers are brought into the form that DynamoDB answers with', () => {
  const cases: readonly [string, string][] = [
    ['0', '0'],
    ['-0', '0'],
    ['0.00', '0'],
    ['0e125', '0'],
    ['00042', '42'],
    ['+7', '7'],
    ['1.0', '1'],
    ['3.1400', '3.14'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.5E2', '150'],
    ['12e-1', '1.2'],
    ['-0015.789e6', '-15789000'],
    ['100', '100'],
    ['0000012345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['-00001.23456789012345678901234567890123456780000', '-1.2345678901234567890123456789012345678'],
    ['9.9999999999999999999999999999999999999e125', '9'.repeat(38) + '0'.repeat(88)],
    ['-1E-130', `-0.${'0'.repeat(129)}1`],
  ];
  for (const [written, canonical] of cases) {
    test(`${written} becomes ${canonical}`, () => expect(canonicalNumber(written)).toBe(canonical));
  }

  test('any number keeps its value, and is written as decimal.js would write it', () => {
    const digits = string({ unit: constantFrom('0', '1', '5', '9'), minLength: 1, maxLength: 25 });
    const sign = constantFrom('', '-', '+');
    assert(
      property(tuple(sign, digits, digits, integer({ min: -90, max: 90 })), ([minus, whole, fraction, exponent]) => {
        const written = `${minus}${whole}.${fraction}e${exponent}`;
        expect(outcome(() => canonicalNumber(written))).toBe(expected(new Exact(written)));
      }),
    );
  });
});

test.describe('what is no number that can be stored is refused', () => {
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  const underflow = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
  const digits = 'Attempting to store more than 38 significant digits in a Number';
  const noNumber = 'The parameter cannot be converted to a numeric value';
  const cases: readonly [string, string][] = [
    ['', noNumber],
    ['b', `${noNumber}: b`],
    ['.', `${noNumber}: .`],
    [' 1', `${noNumber}:  1`],
    ['1 ', `${noNumber}: 1 `],
    ['0x10', `${noNumber}: 0x10`],
    ['1e', `${noNumber}: 1e`],
    ['1.2.3', `${noNumber}: 1.2.3`],
    ['NaN', `${noNumber}: NaN`],
    ['Infinity', `${noNumber}: Infinity`],
    ['1e9223372036854775808', `${noNumber}: 1e9223372036854775808`],
    ['123456789012345678901234567890123456789', digits],
    ['-1.23456789012345678901234567890123456789', digits],
    ['1e126', overflow],
    ['-1e126', overflow],
    ['0e126', overflow],
    ['1e99999999999', overflow],
    ['1e-131', underflow],
    ['-1e-131', underflow],
    ['0e-131', underflow],
  ];
  for (const [written, message] of cases) {
    test(`'${written}': ${message}`, () => expect(() => canonicalNumber(written)).toThrow(message));
  }
});

test('numbers are ordered by value', () => {
  const ordered = ['-1e125', '-123456789012345678', '-10', '-9.5', '-1e-130', '0', '1e-130', '0.05', '0.5', '2', '10']
    .concat(['123456789012345678', '123456789012345678.5', '123456789012345679', '1e125'])
    .map(canonicalNumber);
  for (const [index, a] of ordered.entries()) {
    for (const [other, b] of ordered.entries()) {
      expect(Math.sign(compareNumbers(a, b)), `${a} and ${b}`).toBe(Math.sign(index - other));
    }
  }
});

test('sums and differences are exact, as decimal.js has them', () => {
  const number = tuple(integer(), integer({ min: -40, max: 40 })).map(([n, e]) => canonicalNumber(`${n}e${e}`));
  assert(
    property(number, number, (a, b) => {
      const difference = new Exact(a).minus(b);
      expect(outcome(() => addNumbers(a, b))).toBe(expected(new Exact(a).plus(b)));
      expect(outcome(() => subtractNumbers(a, b))).toBe(expected(difference));
      expect(Math.sign(compareNumbers(a, b))).toBe(difference.isZero() ? 0 : difference.s);
    }),
  );
  expect(() => addNumbers(canonicalNumber('9.9e125'), canonicalNumber('9.9e125'))).toThrow('Number overflow');
});

test.describe('a number counts with its significant digits, as measured at the 400 KB limit', () => {
  const cases: readonly [string, number][] = [
    ['0', 1],
    ['-0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['1234', 3],
    ['12345678901234567890123456789012345678', 20],
    ['0042', 2],
    ['100', 2],
    ['1010', 3],
    ['0.0000001', 2],
    ['1E125', 2],
    ['1E-100', 2],
    ['1.5', 3],
    ['15', 2],
    ['1.200', 3],
    ['1.234', 4],
    ['3.14159', 5],
    ['123456', 4],
    ['100.5', 4],
    ['0.15', 2],
    ['-42', 3],
  ];
  for (const [written, bytes] of cases) {
    test(`${written}: ${bytes}`, () => expect(numberSize(canonicalNumber(written))).toBe(bytes));
  }
});

/** What a number as decimal.js has it should become. */
function expected(number: Decimal): string {
  if (number.isZero()) return '0';
  return number.sd() > 38 ? 'Attempting to store more than 38 significant digits in a Number' : number.toFixed();
}

function outcome(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}
