/**
 * What begins an event of several lines: `awslogs-multiline-pattern`, a regular expression, or
 * `awslogs-datetime-format`, a format as strptime takes it.
 *
 * @returns undefined when neither option is set
 * @throws Error in the driver's words when both are, or when the expression is malformed
 */
export function multilinePatternOf(options: Readonly<Record<string, string>>): RegExp | undefined {
  const format = options['awslogs-datetime-format'];
  const pattern = options['awslogs-multiline-pattern'];
  if (format && pattern) {
    throw new Error(
      "you cannot configure log opt 'awslogs-datetime-format' and 'awslogs-multiline-pattern' at the same time",
    );
  }
  if (format) return compile(format.replaceAll(/%./g, (directive) => DIRECTIVES[directive] ?? ''));
  return pattern ? compile(pattern) : undefined;
}

/** The directives that the driver knows (Docker documentation, "awslogs-datetime-format"); others match nothing. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  '%a': '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)',
  '%A': '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)',
  '%w': '[0-6]',
  '%d': '(?:0[1-9]|[12][0-9]|3[01])',
  '%b': '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  '%B': '(?:January|February|March|April|May|June|July|August|September|October|November|December)',
  '%m': '(?:0[1-9]|1[0-2])',
  '%Y': '[0-9]{4}',
  '%y': '[0-9]{2}',
  '%H': '(?:[01][0-9]|2[0-3])',
  '%I': '(?:0[0-9]|1[0-2])',
  '%p': '[AP]M',
  '%M': '[0-5][0-9]',
  '%S': '[0-5][0-9]',
  '%f': '[0-9]{6}',
  '%z': '[+-][0-9]{4}',
  '%Z': '[A-Z]{1,4}T',
  '%j': '(?:0[0-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])',
  '%L': String.raw`\.[0-9]{3}`,
};

/** Takes Go's syntax, as the driver does: flags in front, named groups with a P, and anchors of the whole text. */
function compile(pattern: string): RegExp {
  const [, flags = '', body = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? [];
  const source = body.replaceAll('(?P<', '(?<').replaceAll(/\\([Az])/g, (_, anchor) => (anchor === 'A' ? '^' : '$'));
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`awslogs could not parse multiline pattern key "${pattern}": ${problem}`, { cause: error });
  }
}
