import { AwsError } from '../../../service.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { ObjectVersion } from './object-version.ts';

/** The bytes of an object that a read wants. */
export interface ByteRange {
  readonly start: number;
  /** The byte behind the last one. */
  readonly end: number;
  /** The part, where one was asked for by its number. */
  readonly part?: number;
}

/**
 * What `Range` or `partNumber` asks for.
 *
 * @returns undefined for the whole: also where the header is none that S3 understands, or has several ranges
 * @throws AwsError InvalidRange, InvalidPartNumber, InvalidRequest, InvalidArgument
 */
export function wantedRange(
  version: ObjectVersion,
  { Range, PartNumber }: { readonly Range?: string | undefined; readonly PartNumber?: number | undefined },
): ByteRange | undefined {
  if (PartNumber === undefined) return Range === undefined ? undefined : byteRange(Range, version.body.size);
  if (Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  return partRange(version, PartNumber);
}

/** `bytes 0-4/10` */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

function byteRange(header: string, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    if (Number(last) === 0 || size === 0) throw invalidRange(header, size);
    return { start: Math.max(0, size - Number(last)), end: size };
  }
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) throw invalidRange(header, size);
  return { start: Number(first), end: last === '' ? size : Math.min(size, Number(last) + 1) };
}

/** An object that was not uploaded in parts has one. */
function partRange({ parts, body }: ObjectVersion, number: number): ByteRange | undefined {
  if (number < 1 || number > 10_000) {
    throw invalidArgument(
      'partNumber',
      String(number),
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  }
  if (!parts && number === 1) return { start: 0, end: body.size, part: 1 };
  const part = parts?.find(({ partNumber }) => partNumber === number);
  if (part) return { start: part.offset, end: part.offset + part.size, part: number };
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    statusCode: 416,
    members: { ActualPartCount: parts?.length ?? 1, PartNumberRequested: number },
  });
}

function invalidRange(header: string, size: number): AwsError {
  return new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    statusCode: 416,
    members: { RangeRequested: header, ActualObjectSize: size },
    headers: { 'content-range': `bytes */${size}` },
  });
}
