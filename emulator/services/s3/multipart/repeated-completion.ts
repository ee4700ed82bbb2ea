import { createHash } from 'node:crypto';
import type { CompleteMultipartUploadOutput, CompleteMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { BucketRecord } from '../state.ts';

/**
 * The answer that a completed upload got, when its request comes again: an SDK whose connection broke sends it
 * twice. S3 forgets it after a while, the emulator after many others.
 */
export function repeatedCompletion(
  bucket: BucketRecord,
  input: CompleteMultipartUploadRequest,
): CompleteMultipartUploadOutput | undefined {
  const known = completions.get(bucket)?.get(input.UploadId ?? '');
  return known?.request === requestOf(input) ? known.output : undefined;
}

/** Keeps the answer of an upload that was just completed. */
export function rememberCompletion(
  bucket: BucketRecord,
  input: CompleteMultipartUploadRequest,
  output: CompleteMultipartUploadOutput,
): void {
  const known = completions.get(bucket) ?? new Map<string, Completion>();
  completions.set(bucket, known);
  known.set(input.UploadId ?? '', { request: requestOf(input), output });
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}

interface Completion {
  readonly request: string;
  readonly output: CompleteMultipartUploadOutput;
}

/** Per bucket. */
const KEPT = 100;

const completions = new WeakMap<BucketRecord, Map<string, Completion>>();

/** Bounded, however many parts there are. */
function requestOf({ Key, MultipartUpload }: CompleteMultipartUploadRequest): string {
  const parts = (MultipartUpload?.Parts ?? []).map(({ PartNumber, ETag }) => [PartNumber, ETag?.replaceAll('"', '')]);
  return createHash('sha256')
    .update(JSON.stringify([Key, parts]))
    .digest('base64');
}
