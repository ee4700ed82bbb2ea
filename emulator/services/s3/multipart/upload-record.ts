import type { StoredBody } from '../bodies/body-store.ts';
import type { ChecksumAlgorithm } from '../bodies/checksums.ts';
import type { ObjectAttributes, ObjectVersion } from '../objects/object-version.ts';

/** A multipart upload in progress. */
export interface UploadRecord {
  readonly uploadId: string;
  readonly key: string;
  /** Milliseconds since the Unix epoch. */
  readonly initiated: number;
  /** What the object gets when the upload is completed. */
  readonly attributes: ObjectAttributes;
  /** As MultipartUpload tells it: the canonical user id of an account, the ARN of an IAM user. */
  readonly initiator: string;
  /**
   * The newest version of the key when the upload was begun, where it was no delete marker: a conditional write
   * fails when that is another one at the end. Weak, so that it keeps no body.
   */
  readonly existing: WeakRef<ObjectVersion> | undefined;
  /** What the upload was begun with; without it the object gets S3's default, a CRC64NVME of its whole. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: 'FULL_OBJECT' | 'COMPOSITE' } | undefined;
  /** By part number. */
  readonly parts: Map<number, UploadedPart>;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly body: StoredBody;
  /** Without quotes. */
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, Buffer>;
  /** Milliseconds since the Unix epoch. */
  readonly lastModified: number;
}
