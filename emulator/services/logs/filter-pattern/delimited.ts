import { AwsError } from '../../../service.ts';
import { type Condition, parseConditions, type Subject } from './condition.ts';
import { createScanner, type Scanner } from './scanner.ts';

/**
 * Compiles `[ip, user, ..., status = 4*, bytes]`: one entry per field of a message whose fields are
 * separated by spaces, where a field with spaces stands in `[]` or `""`. `...` stands for any number of
 * fields. Without it the last entry takes the rest of the line: `[w1=ERROR, w2]` matches a line of any
 * length (user guide, "Match terms in order").
 */
export function compileDelimitedPattern(pattern: string): (message: string) => boolean {
  const scanner = createScanner(pattern);
  if (!scanner.take(/\[/y)) throw scanner.refusal();
  const entries: FieldPattern[] = [];
  const budget = { regexes: 0 };
  do {
    entries.push(takeField(scanner, budget));
  } while (scanner.take(/,/y));
  if (!scanner.take(/\]/y) || !scanner.isAtEnd()) throw scanner.refusal();

  const ellipsis = entries.indexOf('...');
  if (ellipsis !== entries.lastIndexOf('...')) {
    throw new AwsError('InvalidParameterException', 'A filter pattern can hold no more than one ellipsis.');
  }
  const leading = (ellipsis === -1 ? entries : entries.slice(0, ellipsis)).filter(isCondition);
  const trailing = (ellipsis === -1 ? [] : entries.slice(ellipsis + 1)).filter(isCondition);
  return (message) => {
    const fields = splitFields(message);
    if (fields.length < leading.length + trailing.length) return false;
    const values = fields.map((field) => field.value);
    const last = fields[leading.length - 1];
    if (ellipsis === -1 && last && fields.length > leading.length) {
      values[leading.length - 1] = message.slice(last.start);
    }
    const tail = values.length - trailing.length;
    return (
      leading.every((condition, index) => condition(values[index] ?? '')) &&
      trailing.every((condition, index) => condition(values[tail + index] ?? ''))
    );
  };
}

type FieldPattern = Condition<string> | '...';

function isCondition(field: FieldPattern): field is Condition<string> {
  return field !== '...';
}

const NAME = /[\w-]+/y;

function takeField(scanner: Scanner, budget: { regexes: number }): FieldPattern {
  if (scanner.take(/\.\.\./y)) return '...';
  // An entry may be left empty, or name its field without a condition.
  if (scanner.take(/(?=[,\]])/y) ?? scanner.take(/[\w-]+(?=\s*[,\]])/y)) return () => true;
  return parseConditions(scanner, takeName, budget);
}

/** Within one entry every condition is on the entry's own field, so its name need only be there. */
function takeName(scanner: Scanner): Subject<string> {
  if (!scanner.take(NAME)) throw scanner.refusal();
  return (value) => [value];
}

function splitFields(message: string): { value: string; start: number }[] {
  return Array.from(message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g), (match) => {
    const [, bracketed, quoted, plain] = match;
    return { value: bracketed ?? quoted ?? plain ?? '', start: match.index };
  });
}
