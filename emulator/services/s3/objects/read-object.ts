import { text } from 'node:stream/consumers';
import { findBucket, findObject } from '../errors.ts';
import type { S3State } from '../state.ts';

/**
 * Reads an object as text, for another service of the emulator.
 *
 * @throws AwsError NoSuchBucket, NoSuchKey
 */
export async function readObjectAsText(state: S3State, bucket: string, key: string): Promise<string> {
  const content = findObject(findBucket(state, bucket), key, undefined).body.read();
  return Buffer.isBuffer(content) ? content.toString() : text(content);
}
