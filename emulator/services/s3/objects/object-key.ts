import { AwsError } from '../../../service.ts';

/** @throws AwsError KeyTooLongError; InvalidURI for one that climbs above its root, as `../d` does */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', {
      statusCode: 400,
      members: { Size: size, MaxSizeAllowed: 1024 },
    });
  }
  if (climbsAboveRoot(key)) {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { statusCode: 400, members: { URI: key } });
  }
}

/**
 * Whether, from left to right, more `..` than other segments have come at some point
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
 */
function climbsAboveRoot(key: string): boolean {
  if (!key.includes('..')) return false;
  let depth = 0;
  return key.split('/').some((segment) => {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    return depth < 0;
  });
}
