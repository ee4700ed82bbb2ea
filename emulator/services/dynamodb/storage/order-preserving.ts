import type { KeyValue } from '../values/attribute-value.ts';

/**
 * A text that sorts, by JavaScript's own `<`, as DynamoDB sorts the value: strings and binaries by their
 * bytes, numbers by their value. Values of different types are never compared.
 */
export function sortableText(value: KeyValue): string {
  if ('S' in value) return sortableString(value.S);
  if ('N' in value) return sortableNumber(value.N);
  return Buffer.from(value.B.buffer, value.B.byteOffset, value.B.byteLength).toString('latin1');
}

/** The least text above all that begin with a prefix; undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end -= 1) {
    const last = prefix.charCodeAt(end - 1);
    if (last < 0xffff) return prefix.slice(0, end - 1) + String.fromCharCode(last + 1);
  }
  return undefined;
}

/** One text of several, which sorts by the first, then by the second, and so on. */
export function joinSortable(parts: readonly string[]): string {
  return parts.map((part) => `${escaped(part)}\0\0`).join('');
}

/** What all that `joinSortable` makes begins with, where the first parts are these and the next begins with a prefix. */
export function joinedPrefix(parts: readonly string[], prefix: string): string {
  return joinSortable(parts) + escaped(prefix);
}

/** So that an end of a part comes before all that a part may go on with. */
function escaped(part: string): string {
  return part.replaceAll('\0', '\0\u0001');
}

/** UTF-16 and UTF-8 differ only in where surrogates stand: below U+E000, or above U+FFFF as what they mean. */
function sortableString(text: string): string {
  if (!/[\ud800-\uffff]/.test(text)) return text;
  let sortable = '';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    sortable += String.fromCharCode(unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
  }
  return sortable;
}

/** Sign, then exponent, then digits; those of a negative number turned round. */
function sortableNumber(text: string): string {
  const negative = text.startsWith('-');
  const { digits, exponent } = scientific(negative ? text.slice(1) : text);
  if (digits === '') return 'b';
  if (!negative) return `c${String.fromCharCode(0x200 + exponent)}${digits}`;
  let complement = '';
  for (const digit of digits) complement += String.fromCharCode(0x69 - digit.charCodeAt(0));
  // A colon comes after all digits: -12 is more than -123.
  return `a${String.fromCharCode(0x200 - exponent)}${complement}:`;
}

/** Digits without zeros at either end, none for zero; and the power of ten of the first of them. */
function scientific(text: string): { digits: string; exponent: number } {
  const mark = text.search(/e/i);
  const mantissa = mark < 0 ? text : text.slice(0, mark);
  const shift = mark < 0 ? 0 : Number(text.slice(mark + 1));
  const point = mantissa.indexOf('.');
  const all = point < 0 ? mantissa : mantissa.slice(0, point) + mantissa.slice(point + 1);
  let start = 0;
  while (all.charCodeAt(start) === 0x30) start += 1;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === 0x30) end -= 1;
  return { digits: all.slice(start, end), exponent: (point < 0 ? all.length : point) - 1 - start + shift };
}
