/** A value of an attribute, as it travels; numbers in DynamoDB's canonical form, sets without duplicates. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** An item, or a map inside of one. Never changed: what updates it makes another one. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A value that can be part of a key. */
export type KeyValue = Extract<AttributeValue, { S: string } | { N: string } | { B: Uint8Array }>;

/** Which of the types a value has; it has exactly one. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new TypeError('An attribute value without a type.');
}

/** Sets an attribute of an item in the making. Names are the caller's: `__proto__` is one like any other. */
export function setAttribute(item: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === '__proto__') {
    Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true });
  } else item[name] = value;
}

/** An attribute of an item or map by its name, be the name `constructor`. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}
