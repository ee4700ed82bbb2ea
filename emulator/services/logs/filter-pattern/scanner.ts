import { AwsError } from '../../../service.ts';

/** Reads a filter pattern from left to right. */
export interface Scanner {
  /** Skips white space, then takes what `pattern`, a sticky expression, matches here, if it does. */
  take(pattern: RegExp): RegExpExecArray | undefined;
  /** True when nothing but white space is left. */
  isAtEnd(): boolean;
  /** The refusal that names what stands here. */
  refusal(): AwsError;
}

export function createScanner(text: string): Scanner {
  let position = 0;
  const skipSpace = () => {
    while (/\s/.test(text.charAt(position))) position += 1;
  };
  return {
    take(pattern) {
      skipSpace();
      pattern.lastIndex = position;
      const match = pattern.exec(text);
      if (!match) return undefined;
      position = pattern.lastIndex;
      return match;
    },
    isAtEnd() {
      skipSpace();
      return position >= text.length;
    },
    refusal() {
      skipSpace();
      const offending = /^[^\w\s]+/.exec(text.slice(position))?.[0] ?? text.slice(position).split(/\s/, 1)[0] ?? '';
      return invalidCharacters(offending);
    },
  };
}

/** A double-quoted phrase with `\"` and `\\` in it. */
export const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

/** A regular expression between percent signs. */
export const PERCENT_REGEX = /%((?:[^%\\]|\\.)*)%/sy;

export function unescapeQuoted(content: string): string {
  return content.replaceAll(/\\(["\\])/g, '$1');
}

export function invalidCharacters(characters: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid character(s) in term '${characters}'`);
}
