/** An element of a parsed document; names come without their namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** The character data between the tags, in one piece. */
  text: string;
}

/** The document is not well-formed, or has what AWS does not take in a request: a DTD, or very deep nesting. */
export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError';
}

/** Deeper than any input of AWS. */
const maximumDepth = 64;

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;

/**
 * Parses a document of the size and kind that requests have; no DTD, hence no entities but the five of XML.
 *
 * @throws XmlSyntaxError
 */
export function parseXml(document: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: { element: XmlElement; tag: string }[] = [];
  let current = root;
  token.lastIndex = document.startsWith('\uFEFF') ? 1 : 0;
  while (token.lastIndex < document.length) {
    const position = token.lastIndex;
    const match = token.exec(document);
    if (!match) throw new XmlSyntaxError(`unexpected character at ${position}`);
    const [whole, cdata, closing, opening, attributes, empty] = match;
    if (opening !== undefined) {
      const element: XmlElement = {
        name: localName(opening),
        attributes: attributes ? parseAttributes(attributes) : new Map(),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (empty !== '/') {
        open.push({ element: current, tag: opening });
        if (open.length > maximumDepth) throw new XmlSyntaxError(`more than ${maximumDepth} levels of elements`);
        current = element;
      }
    } else if (closing !== undefined) {
      const parent = open.pop();
      if (parent?.tag !== closing) throw new XmlSyntaxError(`</${closing}> at ${position} closes nothing that is open`);
      current = parent.element;
    } else if (cdata !== undefined) {
      current.text += cdata;
    } else if (!whole.startsWith('<')) {
      current.text += decodeReferences(whole);
    }
  }
  const [element] = root.children;
  if (open.length > 0 || !element || root.children.length > 1 || root.text.trim() !== '') {
    throw new XmlSyntaxError('a document is one element, opened and closed');
  }
  return element;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(name, decodeReferences(double ?? single ?? ''));
  }
  return attributes;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));|&/g, (reference, hex, decimal, name) => {
    const named = typeof name === 'string' ? entities.get(name) : undefined;
    if (named !== undefined) return named;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    if (!isXmlCharacter(code)) throw new XmlSyntaxError(`${reference} is no reference`);
    return String.fromCodePoint(code);
  });
}

/** XML 1.0, 2.2: no controls but tab and line ends, no halves of characters, nothing above Unicode; NaN is none. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7_ff || (code >= 0xe0_00 && code <= 0x10_ff_ff && code !== 0xff_fe && code !== 0xff_ff);
}
