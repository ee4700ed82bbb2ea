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
  if (schema.isNumericSchema()) return number(constraint);
  return (text) => text;
}

const boolean: TextDecoder = (text, path) => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new TypeMismatch(path, text, 'Boolean');
};

function timestamp(format: TimestampFormat): TextDecoder {
  return (text, path) => {
    const date =
      parseTimestamp(text, format) ?? parseTimestamp(text, 'date-time') ?? parseTimestamp(text, 'epoch-seconds');
    if (!date) throw new TypeMismatch(path, text, 'Timestamp');
    return date;
  };
}

function number({ long, fractional }: Constraint = {}): TextDecoder {
  const expected = fractional ? 'Double' : long ? 'Long' : 'Integer';
  const shape = fractional ? /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|-?Infinity)$/ : /^[+-]?\d+$/;
  return (text, path) => {
    if (shape.test(text)) return Number(text);
    throw new TypeMismatch(path, text, expected);
  };
}
