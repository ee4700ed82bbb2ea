import { expect, test } from '@playwright/test';
import { parseXml, XmlSyntaxError } from './xml-reader.ts';

test('elements, attributes and text are read, prefixes dropped', () => {
  const root = parseXml(
    '\uFEFF<?xml version="1.0"?>\n<!-- hello --><s3:Delete xmlns:s3="urn:x">' +
      `<Grantee xsi:type="CanonicalUser" note='a &quot;b&quot;'/><Key>a b</Key><Key/></s3:Delete>\n`,
  );
  expect(root.name).toBe('Delete');
  expect(root.children.map(({ name }) => name)).toEqual(['Grantee', 'Key', 'Key']);
  expect(root.children[0]?.attributes.get('xsi:type')).toBe('CanonicalUser');
  expect(root.children[0]?.attributes.get('note')).toBe('a "b"');
  expect(root.children.map(({ text }) => text)).toEqual(['', 'a b', '']);
});

test('references and CDATA become their characters, whitespace in text stays', () => {
  const { text } = parseXml('<a> &lt;&amp;&gt;&apos;&#65;&#x1F600;<![CDATA[<b>&amp;]]> </a>');
  expect(text).toBe(` <&>'A😀<b>&amp; `);
});

test('a document that is not well-formed is refused', () => {
  for (const document of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>tail',
    '<a b=c/>',
    '<a>&nbsp;</a>',
    '<a>& </a>',
    '<a>&#x110000;</a>',
    '<a><b></a></b>',
    '</a>',
  ]) {
    expect(() => parseXml(document), document).toThrow(XmlSyntaxError);
  }
});

test('a reference to what is no character of XML, or to no entity, is refused', () => {
  for (const reference of [
    '#0',
    '#11',
    '#x1F',
    '#xD800',
    '#xDFFF',
    '#xFFFE',
    '#xFFFF',
    '#',
    'constructor',
    '__proto__',
  ])
    expect(() => parseXml(`<a>&${reference};</a>`), reference).toThrow(XmlSyntaxError);
  expect(parseXml('<a>&#9;&#10;&#13;&#x20;&#xD7FF;&#xE000;&#xFFFD;&#x10FFFF;</a>').text).toBe(
    '\t\n\r \uD7FF\uE000\uFFFD\u{10FFFF}',
  );
});

test('a DTD is refused, so that no entity can grow', () => {
  expect(() => parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toThrow(XmlSyntaxError);
});

test('nesting deeper than any AWS input is refused', () => {
  expect(() => parseXml('<a>'.repeat(100_000))).toThrow(/more than 64 levels/);
});
