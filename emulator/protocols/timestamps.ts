import type { NormalizedSchema } from '@smithy/core/schema';

/** The three ways in which AWS writes a timestamp (smithy.api#timestampFormat). */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** The format that a schema asks for by trait; `fallback` is the protocol's own for that place in the message. */
export function timestampFormat(schema: NormalizedSchema, fallback: TimestampFormat): TimestampFormat {
  const type = schema.getSchema();
  return type === 5 ? 'date-time' : type === 6 ? 'http-date' : type === 7 ? 'epoch-seconds' : fallback;
}

/**
 * Writes a timestamp; epoch seconds carry milliseconds as a fraction, ISO 8601 always three digits of them.
 *
 * @throws TypeError when the value is no valid Date: a service that answers something else has a bug
 */
export function formatTimestamp(value: unknown, format: TimestampFormat): string {
  const date = assertDate(value);
  if (format === 'date-time') return date.toISOString();
  return format === 'http-date' ? date.toUTCString() : String(date.getTime() / 1000);
}

/** Reads a timestamp from text; undefined when it is none in that format. */
export function parseTimestamp(text: string, format: TimestampFormat): Date | undefined {
  const milliseconds = format === 'epoch-seconds' ? parseEpochSeconds(text) : parseCalendar(text, format);
  return dateOf(milliseconds);
}

/** A Date, unless the number is none or beyond what a Date can hold. */
export function dateOf(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function assertDate(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  throw new TypeError(`A timestamp in an output must be a valid Date, not ${String(value)}.`);
}

function parseEpochSeconds(text: string): number {
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Number.NaN;
}

function parseCalendar(text: string, format: 'date-time' | 'http-date'): number {
  const shape =
    format === 'date-time'
      ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i
      : // IMF-fixdate, and the two obsolete forms that RFC 9110 5.6.7 has a server accept.
        /^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d( GMT| \d{4})$/;
  return shape.test(text)
    ? Date.parse(format === 'http-date' && !text.endsWith('GMT') ? `${text} GMT` : text)
    : Number.NaN;
}
