import { expect, test } from '@playwright/test';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { AwsError } from '../../../service.ts';
import { parseQuery, type QueryFacts } from './query-language.ts';

const facts: QueryFacts = {
  agentConnected: true,
  agentVersion: '1.98.0',
  ec2InstanceId: 'i-0abc',
  registeredAt: Date.UTC(2026, 5, 18, 22, 28, 28),
  runningTasksCount: 3,
  attributes: new Map([
    ['ecs.instance-type', 't2.small'],
    ['ecs.availability-zone', 'us-east-1a'],
    ['stack', 'production blue'],
    ['slots', '12'],
    ['team/owner', 'payments'],
    ['drained', undefined],
  ]),
  taskGroups: ['service:production', 'family:batch'],
};

const matching = [
  // The developer guide's own examples.
  'attribute:ecs.instance-type == t2.small',
  'attribute:ecs.availability-zone in [us-east-1a, us-east-1b]',
  'task:group == service:production',
  'not(task:group == database)',
  'runningTasksCount == 3',
  "ec2InstanceId in ['i-0abc', 'i-wxyx7890']",
  'attribute:ecs.instance-type =~ t2.* and attribute:ecs.availability-zone != us-east-1d',
  // Every operator, by sign and by name.
  'attribute:ecs.instance-type equals t2.small',
  'attribute:ecs.instance-type not_equals t3.small',
  'attribute:ecs.instance-type !in [t3.small,t3.large]',
  'attribute:ecs.instance-type not_in [t3.small]',
  'attribute:ecs.instance-type matches (t2|t3)\\.(small|large)',
  'attribute:ecs.instance-type !~ t2',
  'attribute:ecs.instance-type not_matches m5.*',
  'attribute:ecs.instance-type =~ (?i)T2.*',
  'attribute:stack exists',
  'attribute:drained exists',
  'attribute:gpu !exists',
  'attribute:gpu not_exists',
  'attribute:slots > 9',
  'attribute:slots greater_than_equal 12',
  'attribute:slots < 100',
  'attribute:slots less_than_equal 12',
  // An instance without the attribute has none that is equal to anything.
  'attribute:gpu != v100',
  // Subjects that are not attributes.
  'agentConnected == true',
  'agentVersion >= 1.97.2',
  'agentVersion < 1.100.0',
  'registeredAt > 2026-06-18',
  'registeredAt == 2026-06-18T22:28:28',
  'registeredAt <= 2026-06-18T22:28:28Z',
  'registeredAt == 2026-06-19T00:28:28+02:00',
  'runningTasksCount >= 3 && runningTasksCount < 4',
  'task:group =~ family:.*',
  // Values, spaces and precedence.
  "attribute:stack == 'production blue'",
  'attribute:stack in ["production blue"]',
  'attribute:team/owner==payments&&attribute:slots==12',
  'attribute:gpu exists or attribute:slots == 12 and runningTasksCount == 3',
  '(attribute:gpu exists || attribute:slots == 12) && !(runningTasksCount == 0)',
  'not attribute:gpu exists',
  'NOT (attribute:gpu exists) AND attribute:stack exists',
];

for (const expression of matching) {
  test(`the query ${expression} selects the instance`, () => {
    expect(parseQuery(expression)(facts)).toBe(true);
  });
}

const notMatching = [
  'attribute:ecs.instance-type == t2.smal',
  'attribute:ecs.instance-type =~ t2',
  'attribute:gpu == v100',
  'attribute:gpu =~ .*',
  'task:group != service:production',
  'agentConnected != true',
  'agentVersion > 1.98.0',
  'registeredAt < 2026-06-18',
  '!(attribute:stack exists)',
  'attribute:gpu exists and (attribute:stack exists or attribute:slots exists)',
];

for (const expression of notMatching) {
  test(`the query ${expression} leaves the instance out`, () => {
    expect(parseQuery(expression)(facts)).toBe(false);
  });
}

const malformed: readonly (readonly [string, RegExp])[] = [
  ['', /it is empty/],
  ['attribute:a', /expected an operator after "attribute:a" but the expression ended/],
  ['attribute:a ==', /"==" needs an argument/],
  ['attribute:a === b', /expected|unexpected/],
  ['attribute:a is b', /expected an operator/],
  ['attribute: == b', /unknown subject "attribute:"/],
  ['colour == red', /unknown subject "colour"/],
  ['attribute:a in b', /square brackets/],
  ['attribute:a in [b', /not closed/],
  ['attribute:a in []', /the argument list is empty/],
  ["attribute:a == 'b", /quote/],
  ['attribute:a == b and', /expected a subject/],
  ['(attribute:a == b', /closing parenthesis is missing/],
  ['attribute:a == b)', /unexpected "\)"/],
  ['attribute:a == b attribute:c == d', /unexpected "attribute:c"/],
  ['attribute:a =~ t2[', /not a regular expression/],
  ['runningTasksCount == many', /"many" is not a number/],
  ['runningTasksCount =~ 1', /cannot be used/],
  ['registeredAt > yesterday', /"yesterday" is not a date/],
  ['agentVersion in [1.0.0]', /cannot be used/],
  ['ec2InstanceId > i-1', /cannot be used/],
];

for (const [expression, reason] of malformed) {
  test(`the malformed query "${expression}" is refused and says why`, () => {
    expect(() => parseQuery(expression)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringMatching(reason) }),
    );
  });
}

test('whatever it is given, the parser answers with a query or a refusal', () => {
  const pieces = ['attribute:a', 'task:group', '==', '!in', '=~', '[a, b]', "'", '(', ')', '!', '&&', 'or', 'not', '2'];
  const sentences = array(constantFrom(...pieces)).map((parts) => parts.join(' '));
  expect(() => assert(property(oneof(string(), sentences), isQueryOrRefusal))).not.toThrow();
});

function isQueryOrRefusal(expression: string): boolean {
  try {
    return typeof parseQuery(expression)(facts) === 'boolean';
  } catch (error) {
    return error instanceof AwsError && error.code === 'InvalidParameterException';
  }
}
