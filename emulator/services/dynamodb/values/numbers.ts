import { Decimal } from 'decimal.js';
import type { AwsError } from '../../../service.ts';
import { refusedValue } from './wording.ts';
import { invalid } from '../refusals.ts';

// Numbers of up to 38 significant digits, from 1E-130 to 9.9…E+125, positive or negative, or zero
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).

/**
 * Brings a number into the form that DynamoDB answers with: no exponent, no plus sign, no zeros that say nothing.
 *
 * @throws AwsError ValidationException when it is no number, or has too many digits or too large or small a magnitude
 */
export function canonicalNumber(text: string): string {
  // Nearly every number is an integer that is canonical as it comes.
  if (canonicalInteger.test(text)) return text;
  const match = numeral.exec(text);
  if (!match) throw notNumeric(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  // AWS reads the exponent as a 64-bit integer.
  if (exponent.length > 18 && BigInt(exponent) !== BigInt.asIntN(64, BigInt(exponent))) throw notNumeric(text);
  const written = whole + fraction;
  const start = firstNonZero(written);
  if (start === written.length) {
    // Zero has no magnitude, but AWS goes by the exponent that it is written with.
    refuseMagnitude(Number(exponent));
    return '0';
  }
  const end = lastNonZero(written) + 1;
  const digits = written.slice(start, end);
  /** How many digits stand before the point; zero or less for a number below one. */
  const point = whole.length - start + Number(exponent);
  refuseMagnitude(point - 1);
  if (digits.length > maximumDigits) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  return (sign === '-' ? '-' : '') + withPoint(digits, point);
}

/** Orders two canonical numbers by value. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  // Up to 15 digits a double tells any two apart.
  if (a.length <= 15 && b.length <= 15) return Number(a) - Number(b);
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  return negative ? compareMagnitudes(b.slice(1), a.slice(1)) : compareMagnitudes(a, b);
}

/**
 * Adds two canonical numbers, exactly.
 *
 * @throws AwsError ValidationException when the sum is no number that DynamoDB can store
 */
export function addNumbers(a: string, b: string): string {
  return exact(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x.plus(y),
  );
}

/** Subtracts the second from the first. @throws AwsError as `addNumbers` */
export function subtractNumbers(a: string, b: string): string {
  return exact(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x.minus(y),
  );
}

/**
 * Bytes that a canonical number counts with: one, one for a minus, and one for every two significant digits, those
 * before and those behind the point counted apart. The developer guide has it roughly ("1 byte per two significant
 * digits, plus 1 byte"); that digits straddling the point cost one more was measured against the 400 KB limit.
 */
export function numberSize(number: string): number {
  if (number === '0') return 1;
  const negative = number.startsWith('-') ? 1 : 0;
  const point = number.indexOf('.');
  if (point === -1) return 1 + negative + half(lastNonZero(number) + 1 - negative);
  const below = number.charCodeAt(negative) === zero;
  const whole = below ? 0 : point - negative;
  const fraction = below ? number.length - firstNonZero(number, point + 1) : number.length - point - 1;
  return 1 + negative + half(whole) + half(fraction);
}

const maximumDigits = 38;
const maximumExponent = 125;
const minimumExponent = -130;
const zero = 0x30;

const canonicalInteger = /^(?:0|-?[1-9][0-9]{0,37})$/;
const numeral = /^([+-])?(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

/** Any sum of two numbers that can be stored has at most 257 digits. */
const Exact = Decimal.clone({ precision: 300, toExpNeg: -400, toExpPos: 400 });

function exact(
  a: string,
  b: string,
  small: (x: number, y: number) => number,
  large: (x: Decimal, y: Decimal) => Decimal,
): string {
  if (smallInteger.test(a) && smallInteger.test(b)) return String(small(Number(a), Number(b)));
  return canonicalNumber(large(new Exact(a), new Exact(b)).toFixed());
}

/** Sums of these are exact in a double. */
const smallInteger = /^-?[0-9]{1,15}$/;

function compareMagnitudes(a: string, b: string): number {
  const wholeOfA = wholeLength(a);
  const wholeOfB = wholeLength(b);
  if (wholeOfA !== wholeOfB) return wholeOfA - wholeOfB;
  // With as many digits before the point and no zeros at the end, the order is that of the text.
  return a < b ? -1 : 1;
}

function wholeLength(number: string): number {
  const point = number.indexOf('.');
  return point === -1 ? number.length : point;
}

/** @param exponent of the first significant digit */
function refuseMagnitude(exponent: number): void {
  if (exponent > maximumExponent) {
    // Where the older wording is used, the digits before the point are counted in 32 bits.
    throw refusedValue(exponent + 1 === 2 ** 31 ? underflow : overflow, overflow);
  }
  if (exponent < minimumExponent) throw invalid(underflow);
}

const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const underflow = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';

function withPoint(digits: string, point: number): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function firstNonZero(digits: string, from = 0): number {
  let index = from;
  while (index < digits.length && digits.charCodeAt(index) === zero) index++;
  return index;
}

function lastNonZero(digits: string): number {
  let index = digits.length - 1;
  while (index >= 0 && digits.charCodeAt(index) === zero) index--;
  return index;
}

function half(count: number): number {
  return (count + 1) >> 1;
}

function notNumeric(text: string): AwsError {
  const refusal = 'The parameter cannot be converted to a numeric value';
  return refusedValue(text === '' ? refusal : `${refusal}: ${text}`, `${refusal}: ${text}`);
}
