import type { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint } from './constraints.ts';
import { parseTimestamp, timestampFormat, type TimestampFormat } from './timestamps.ts';
import { TypeMismatch } from './type-mismatch.ts';

/** Reads a value that is text on the wire: a query parameter, a header, a label, the content of an XML element. */
export type TextDecoder = (text: string, path: string) => unknown;

/**
 * Compiles a simple schema into a reader of text.
 *
 * @param timestamps the format of timestamps in this place, unless the schema names its own
 * @returns the reader; it throws `TypeMismatch` when the text is no such value
 */
export function textDecoder(
  schema: NormalizedSchema,
  constraint: Constraint | undefined,
  timestamps: TimestampFormat,
): TextDecoder {
  if (schema.isBooleanSchema()) return boolean;
  if (schema.isTimestampSchema()) return timestamp(timestampFormat(schema, timestamps));
  if (schema.isBlobSchema()) return (text) => Buffer.from(text, 'base64');
  if (schema.isNumericSchema()) return number(constraint?.number);
  return (text) => text;
}

const boolean: TextDecoder = (text, path) => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new TypeMismatch(path, text, 'Boolean', `'${text}' can not be converted to a Boolean`);
};

function timestamp(format: TimestampFormat): TextDecoder {
  return (text, path) => {
    const date =
      parseTimestamp(text, format) ?? parseTimestamp(text, 'date-time') ?? parseTimestamp(text, 'epoch-seconds');
    if (!date) throw new TypeMismatch(path, text, 'Timestamp', `'${text}' can not be converted to a Timestamp`);
    return date;
  };
}

function number(kind: Constraint['number']): TextDecoder {
  const integer = kind === undefined || kind === 'long';
  const expected = kind === 'float' ? 'Float' : kind === 'double' ? 'Double' : kind === 'long' ? 'Long' : 'Integer';
  const shape = integer ? /^[+-]?\d+$/ : /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|-?Infinity)$/;
  return (text, path) => {
    if (shape.test(text)) return Number(text);
    const article = expected === 'Integer' ? 'an' : 'a';
    throw new TypeMismatch(path, text, expected, `'${text}' can not be converted to ${article} ${expected}`);
  };
}
