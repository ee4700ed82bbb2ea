import { expect, test } from '@playwright/test';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StructureSchema } from './schema-types.ts';
import { xmlDecoders } from './xml-input.ts';
import { escapeXml, xmlWriters } from './xml-output.ts';
import { parseXml } from './xml-reader.ts';

function structure(name: string, members: Readonly<Record<string, unknown>>, traits = {}): NormalizedSchema {
  const refs = Object.values(members) as StructureSchema[5];
  return NormalizedSchema.of([3, 'test', name, traits, Object.keys(members), refs]);
}

/** Every form that the traits of the XML protocols can give a member. */
const example = structure('Example', {
  Id: [0, { xmlAttribute: 1, xmlName: 'xsi:id' }],
  Text: 0,
  Renamed: [0, { xmlName: 'Other' }],
  Number: 1,
  Flag: 2,
  Bytes: 21,
  Moment: 4,
  Epoch: 7,
  List: 64,
  Named: [[1, 'test', 'Named', 0, [0, { xmlName: 'Item' }]], 0],
  Flat: [64, { xmlFlattened: 1, xmlName: 'F' }],
  Map: 128,
  FlatMap: [[2, 'test', 'FlatMap', 0, [0, { xmlName: 'K' }], [1, { xmlName: 'V' }]], { xmlFlattened: 1 }],
  Inner: [() => structure('Inner', { A: 0 }).getSchema(), { xmlNamespace: ['p', 'urn:p'] }],
});

const value = {
  Id: 'a"b',
  Text: ' <&> ',
  Renamed: '',
  Number: 1.5,
  Flag: false,
  Bytes: Buffer.from([255, 0]),
  Moment: new Date(250),
  Epoch: new Date(1250),
  List: ['a', 'b'],
  Named: ['c'],
  Flat: ['d', 'e'],
  Map: { k: 'v' },
  FlatMap: { x: 1, y: 2 },
  Inner: { A: 'z' },
};

const written =
  '<Example xsi:id="a&quot;b"><Text> &lt;&amp;&gt; </Text><Other></Other><Number>1.5</Number><Flag>false</Flag>' +
  '<Bytes>/wA=</Bytes><Moment>1970-01-01T00:00:00.250Z</Moment><Epoch>1.25</Epoch>' +
  '<List><member>a</member><member>b</member></List><Named><Item>c</Item></Named><F>d</F><F>e</F>' +
  '<Map><entry><key>k</key><value>v</value></entry></Map>' +
  '<FlatMap><K>x</K><V>1</V></FlatMap><FlatMap><K>y</K><V>2</V></FlatMap>' +
  '<Inner xmlns:p="urn:p"><A>z</A></Inner></Example>';

test('a structure is written as its traits say', () => {
  expect(xmlWriters().element('Example', example)(value)).toBe(written);
});

test('what was written is read back', () => {
  const decode = xmlDecoders({ structures: { Example: { Number: { fractional: true } } } })(example);
  expect(decode(parseXml(written), '')).toEqual(value);
});

test('members without a value, or unknown to the schema, are not written', () => {
  expect(xmlWriters().element('Example', example)({ Text: undefined, Flag: null, Unknown: 1, List: [] })).toBe(
    '<Example><List></List></Example>',
  );
});

test('characters that XML cannot carry raw become references', () => {
  expect(escapeXml('a\r\n\t\u0001\u2028"<')).toBe('a&#xD;\n\t&#x1;&#x2028;&quot;&lt;');
});
