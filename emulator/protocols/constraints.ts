/**
 * What the SDK's schemas leave out: lengths, ranges, patterns and enums, generated from botocore's
 * public service models by `npm run generate:constraints` into one data file per service.
 */
export interface ServiceConstraints {
  /** The model that it was generated from. */
  readonly source?: string;
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
  /** The kind of a number, of which the SDK's schemas say nothing: 64 bits wide, or with a fraction; else an integer. */
  readonly long?: boolean;
  readonly fractional?: boolean;
  /** For lists: of each element. For maps: of each value. */
  readonly member?: Constraint;
  /** For maps: of each key. */
  readonly key?: Constraint;
}
