import type { StoredBody } from '../bodies/body-store.ts';
import type { ChecksumAlgorithm } from '../bodies/checksums.ts';

/** One version of an object; replaced as a whole, but for what has operations of its own. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` where the bucket was not versioned when it was made. */
  readonly versionId: string;
  /** A delete marker has no body: size 0, no ETag. */
  readonly deleteMarker: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly lastModified: number;
  readonly body: StoredBody;
  /** Without quotes: the MD5 in hex, with `-<number of parts>` behind for a multipart upload. */
  readonly etag: string;
  readonly checksum: StoredChecksum | undefined;
  /** The parts of a multipart upload, in order; GetObject reads single ones by number. */
  readonly parts: readonly ObjectPart[] | undefined;
  readonly headers: SystemHeaders;
  /** `x-amz-meta-*` without that prefix, in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: ObjectEncryption | undefined;
  readonly websiteRedirectLocation: string | undefined;
  /** Set by PutObjectTagging and its kin. */
  tags: ReadonlyMap<string, string>;
  /** As AccessControlPolicy; undefined is the default, full control by the owner. */
  acl: unknown;
  retention: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly retainUntil: number } | undefined;
  legalHold: boolean;
  /** Whether anybody ever said whether there is a legal hold: `OFF` is not the same as nothing. */
  legalHoldSet?: boolean;
}

/** What a write says of an object besides its content. */
export type ObjectAttributes = Pick<
  ObjectVersion,
  | 'headers'
  | 'metadata'
  | 'storageClass'
  | 'encryption'
  | 'websiteRedirectLocation'
  | 'tags'
  | 'acl'
  | 'retention'
  | 'legalHold'
>;

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; for type COMPOSITE with `-<number of parts>` behind. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface ObjectPart {
  readonly partNumber: number;
  readonly size: number;
  /** Where it begins in the object; bytes. */
  readonly offset: number;
  readonly checksum: string | undefined;
}

/** What HTTP itself knows; stored with an object and sent with it. */
export interface SystemHeaders {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  /** `binary/octet-stream` where the client gave none. */
  readonly ContentType: string;
  readonly Expires?: string | undefined;
}

/** Kept and answered; nothing is encrypted. */
export interface ObjectEncryption {
  readonly ServerSideEncryption?: 'AES256' | 'aws:kms' | 'aws:kms:dsse' | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}
