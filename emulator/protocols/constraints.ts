/**
 * What the SDK's schemas leave out: lengths, ranges, patterns and enums, generated from botocore's
 * public service models by `npm run generate:constraints` into one data file per service.
 */
export interface ServiceConstraints {
  /** By structure name, then by member name. */
  readonly structures: Readonly<Record<string, Readonly<Record<string, Constraint>>>>;
}

export interface Constraint {
  /** Least length (strings in characters, blobs in bytes, lists and maps in entries) or least value of a number. */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole value matches. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Which kind of number it is; the SDK's schemas know only "number". None: an integer. */
  readonly number?: 'long' | 'float' | 'double';
  /** For lists: of each element. For maps: of each value. */
  readonly member?: Constraint;
  /** For maps: of each key. */
  readonly key?: Constraint;
}
