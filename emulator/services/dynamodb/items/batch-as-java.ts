import type { WriteRequest } from '@aws-sdk/client-dynamodb';

/**
 * The RequestItems of a BatchWriteItem as AWS's messages print them, the way Java prints objects:
 * `{name=[WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=a, n=null, …)}, …), deleteRequest=null)]}`.
 */
export function requestAsJava(requests: Readonly<Record<string, readonly WriteRequest[]>>): string {
  const tables = Object.entries(requests).map(([name, writes]) => `${name}=[${writes.map(writeAsJava).join(', ')}]`);
  return `{${tables.join(', ')}}`;
}

function writeAsJava({ PutRequest: put, DeleteRequest: removal }: WriteRequest): string {
  const printedPut = put ? `PutRequest(item=${mapAsJava(put.Item)}, workloadProfileName=null)` : null;
  const printedRemoval = removal ? `DeleteRequest(key=${mapAsJava(removal.Key)}, workloadProfileName=null)` : null;
  return `WriteRequest(putRequest=${printedPut}, deleteRequest=${printedRemoval})`;
}

/** As AWS names its fields, among them types that the API does not have. */
const fields = 's n b iNT dECIMAL dOUBLE sS nS bS iNTSET dECIMALSET dOUBLESET m l nULL bOOL'.split(' ');

function valueAsJava(value: Readonly<Record<string, unknown>>): string {
  const printed = fields.map((field) => `${field}=${contentAsJava(value[field.toUpperCase()])}`);
  return `AttributeValue(${printed.join(', ')})`;
}

function contentAsJava(content: unknown): string {
  if (content === undefined || content === null) return 'null';
  if (content instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${content.byteLength} cap=${content.byteLength}]`;
  }
  if (Array.isArray(content)) return `[${content.map(elementAsJava).join(', ')}]`;
  if (typeof content === 'object') return mapAsJava(content);
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** Lists hold values, sets what the values hold. */
function elementAsJava(element: unknown): string {
  const isValue = typeof element === 'object' && element !== null && !(element instanceof Uint8Array);
  return isValue ? valueAsJava(element as Readonly<Record<string, unknown>>) : contentAsJava(element);
}

function mapAsJava(map: object = {}): string {
  const entries = Object.entries(map as Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  return `{${entries.map(([name, value]) => `${name}=${valueAsJava(value)}`).join(', ')}}`;
}
