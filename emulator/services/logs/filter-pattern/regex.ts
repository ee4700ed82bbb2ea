import { AwsError } from '../../../service.ts';
import { invalidCharacters } from './scanner.ts';

/**
 * Compiles the regular expression between two percent signs, of which CloudWatch Logs takes only part:
 * no parentheses, no characters of several bytes, few symbols (user guide, "Supported
 * regular expressions").
 *
 * @throws AwsError InvalidParameterException
 */
export function compileRegex(source: string): RegExp {
  const unescaped = source.replaceAll(/\\./gs, '');
  const unsupported = /[^\w :#=@/;,\-^$?[\]{}|*+.]+/.exec(unescaped)?.[0];
  if (unsupported !== undefined) throw invalidCharacters(unsupported);
  try {
    // A bound of `{m,n}` may be left out on either side; JavaScript wants the lower one.
    return new RegExp(source.replaceAll('{,', '{0,'));
  } catch {
    throw new AwsError('InvalidParameterException', `Invalid regular expression in filter pattern: %${source}%`);
  }
}

/** The most regular expressions that a JSON or a space-delimited pattern may hold. */
export const MAXIMUM_REGEXES = 2;
