/** Thrown inside a decoder when a value is of another type than its schema says; parsing ends at the first one. */
export class TypeMismatch extends Error {
  override readonly name = 'TypeMismatch';
  readonly path: string;
  readonly value: unknown;
  readonly expected: ExpectedType;

  constructor(path: string, value: unknown, expected: ExpectedType, message: string) {
    super(message);
    this.path = path;
    this.value = value;
    this.expected = expected;
  }
}

/** The name that AWS's deserialiser has for a type. */
export type ExpectedType =
  | 'Structure'
  | 'List'
  | 'Map'
  | 'String'
  | 'Boolean'
  | 'Integer'
  | 'Long'
  | 'Float'
  | 'Double'
  | 'Blob'
  | 'Timestamp';
