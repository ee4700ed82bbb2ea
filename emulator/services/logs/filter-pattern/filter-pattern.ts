import { compileDelimitedPattern } from './delimited.ts';
import { compileJsonPattern } from './json.ts';
import { compileTermsPattern } from './terms.ts';

/**
 * Compiles a filter pattern: terms (`ERROR -timeout "not found"`), JSON (`{ $.level = "error" }`),
 * space-delimited (`[ip, ..., status = 4*, bytes]`), each perhaps with `%regular expressions%`. Matching
 * is case-sensitive. CloudWatch Logs user guide, "Filter pattern syntax".
 *
 * @returns whether a message matches
 * @throws AwsError InvalidParameterException when the pattern is malformed
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const trimmed = pattern.trim();
  if (trimmed.startsWith('{')) return compileJsonPattern(trimmed);
  if (trimmed.startsWith('[')) return compileDelimitedPattern(trimmed);
  return compileTermsPattern(trimmed);
}
