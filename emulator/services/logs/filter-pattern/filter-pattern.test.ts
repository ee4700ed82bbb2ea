import { expect, test } from '@playwright/test';
import { compileFilterPattern } from './filter-pattern.ts';

/** The lines of `lines` that match. */
function matching(pattern: string, lines: readonly string[]): string[] {
  return lines.filter(compileFilterPattern(pattern));
}

test.describe('terms', () => {
  const lines = [
    '[ERROR 400] BAD REQUEST',
    '[ERROR 419] MISSING ARGUMENTS',
    '[INFO] REQUEST FAILED',
    '[ERROR 500] INTERNAL SERVER ERROR',
  ];
  const [badRequest, missingArguments, requestFailed, internal] = lines;

  for (const [pattern, expected] of [
    ['', lines],
    ['" "', lines],
    ['ERROR', [badRequest, missingArguments, internal]],
    ['error', []],
    ['ERROR ARGUMENTS', [missingArguments]],
    ['ARGUMENTS ERROR', [missingArguments]],
    ['?ARGUMENTS ?FAILED', [missingArguments, requestFailed]],
    ['?ARGUMENTS ?FAILED REQUEST', [badRequest, requestFailed]],
    ['ERROR -ARGUMENTS', [badRequest, internal]],
    ['-ERROR', [requestFailed]],
    ['"INTERNAL SERVER ERROR"', [internal]],
    ['"SERVER INTERNAL"', []],
    ['-"[ERROR 400]" REQUEST', [requestFailed]],
    ['?"[INFO]" ?"500]"', [requestFailed, internal]],
    ['%ERROR [45]00%', [badRequest, internal]],
  ] as const) {
    test(`the pattern ${pattern || '(empty)'} matches ${expected.length} of ${lines.length} lines`, () => {
      expect(matching(pattern, lines)).toEqual(expected);
    });
  }

  test('a quoted phrase may hold escaped quotes', () => {
    expect(matching(String.raw`"say \"hi\""`, ['say "hi"', 'say hi'])).toEqual(['say "hi"']);
  });

  for (const [pattern, characters] of [
    ['?Status: timeout', ':'],
    ['a,b', ','],
    ['fn(x)', '('],
    ['%a(b)%', '('],
    ['"unclosed', '"'],
  ] as const) {
    test(`${pattern} is refused for its ${characters}`, () => {
      expect(() => compileFilterPattern(pattern)).toThrow(`Invalid character(s) in term '${characters}`);
    });
  }
});

test.describe('JSON', () => {
  const event = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [{ name: 'a', id: 1 }],
    SomeObject: null,
    enabled: true,
    'cluster.name': 'c',
    errorCode: 404,
    user: { id: 1, email: 'John.Stiles@example.com' },
    users: [{ id: 2, email: 'John.Doe@example.com' }, { id: 3 }],
    actions: ['GET', 'PUT', 'DELETE'],
    coordinates: [[0, 1, 2]],
  });

  for (const [pattern, expected] of [
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{$.eventType="UpdateTrail"}', true],
    ['{ $.eventType = UpdateTrail }', true],
    ['{ $.eventType = "Update*" }', true],
    ['{ $.eventType != "UpdateTrail" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.sourceIPAddress = 111.111.* }', true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[5] = "value" }', false],
    ['{ $.eventType = %Trail% }', true],
    ['{ $.arrayKey[*] = %val.{2}% }', true],
    [String.raw`{ $.* = %111\.111\.111\.1[0-9]{1,2}% }`, true],
    [`{ $.['cluster.name'] = "c" }`, true],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.enabled IS TRUE }', true],
    ['{ $.enabled IS FALSE }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.eventType NOT EXISTS }', false],
    ['{ $.missing != "x" }', false],
    ['{ $.errorCode = 404 }', true],
    ['{ $.errorCode = 4* }', true],
    ['{ $.errorCode = 4.04e+2 }', true],
    ['{ $.errorCode > 403 && $.errorCode <= 404 }', true],
    ['{ $.errorCode < 404 }', false],
    ['{ $.eventType > 5 }', false],
    ['{ $.user = "*" }', false],
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    ['{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "no" && $.actions[2] = "no" }', true],
    ['{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "no") && $.actions[2] = "no" }', false],
    ['{ ($.user.id = 2 && $.users[0].email = "no") || $.actions[2] = "GET" }', false],
  ] as const) {
    test(`${pattern} is ${expected} of the example event`, () => {
      expect(compileFilterPattern(pattern)(event)).toBe(expected);
    });
  }

  test('messages that are no JSON do not match', () => {
    expect(matching('{ $.a NOT EXISTS }', ['a line', '{broken', '"text"', '{}'])).toEqual(['{}']);
  });

  for (const pattern of [
    '{ $.a = 1',
    '{ $.a }',
    '{ a = 1 }',
    '{ $.a EXISTS }',
    '{ $.a IS NOT NULL }',
    '{ $.a == }',
    '{ $.a > "x" }',
    '{ $.*.* = 1 }',
    '{ $."sc-status" = 5* }',
    '{ $.a = %a% && $.b = %b% && $.c = %c% }',
  ]) {
    test(`${pattern} is refused`, () => {
      expect(() => compileFilterPattern(pattern)).toThrow(
        expect.objectContaining({ code: 'InvalidParameterException' }),
      );
    });
  }
});

test.describe('space-delimited', () => {
  const access = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  for (const [pattern, expected] of [
    [String.raw`[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]`, true],
    ['[..., request =*.html*, status_code = 4*, bytes]', true],
    ['[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]', true],
    ['[ip, user, username, timestamp, request, status_code = 500, bytes]', false],
    ['[..., status_code >= 400, bytes > 2000]', false],
    ['[..., status_code = 4*]', false],
    ['[ip = "127.0.0.1", ...]', true],
    ['[ip, user, username, timestamp = "10/Oct/2000*", ...]', true],
    ['[a, b, c, d, e, f, g, h]', false],
    ['[,,,,,,]', true],
  ] as const) {
    test(`${pattern} is ${expected} of an access log line`, () => {
      expect(compileFilterPattern(pattern)(access)).toBe(expected);
    });
  }

  test('the last field takes the rest of the line', () => {
    const lines = ['ERROR 09/25/2014 12:00:02 Failed to process request', 'WARNING 09/25/2014 Invalid', 'INFO ok'];
    const [error, warning, info] = lines;
    expect(matching('[w1=ERROR, w2]', lines)).toEqual([error]);
    expect(matching('[w1=ERROR || w1=WARNING, w2]', lines)).toEqual([error, warning]);
    expect(matching('[w1!=ERROR && w1!=WARNING, w2]', lines)).toEqual([info]);
    expect(matching('[w1=ERROR]', lines)).toEqual([]);
  });

  for (const pattern of ['[a, b', '[..., a, ...]', '[a = ]', '[a] b']) {
    test(`${pattern} is refused`, () => {
      expect(() => compileFilterPattern(pattern)).toThrow(
        expect.objectContaining({ code: 'InvalidParameterException' }),
      );
    });
  }
});
