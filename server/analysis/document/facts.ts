/**
 * What a signature and a body say that belongs into documentation: parameters with types and defaults, what is
 * returned, what is thrown and when. It must not know any comment style.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import { type Declared, parameterName } from '../declarations.ts';
import { type Structure, structureOf } from '../structure/structure.ts';
import type { FileView } from '../view.ts';

export interface ParameterFact {
  readonly name: string;
  readonly type: string | undefined;
  readonly fallback: string | undefined;
}

export interface Facts {
  readonly summary: string;
  readonly parameters: readonly ParameterFact[];
  /** Type of the result as declared. */
  readonly returnType: string | undefined;
  /** What is returned where that is short to say. */
  readonly returned: string | undefined;
  readonly returnsValue: boolean;
  readonly yields: boolean;
  readonly thrown: readonly { readonly type: string; readonly when: string | undefined }[];
}

export function factsOf(view: FileView, item: Declared): Facts {
  const structure = structureOf(view.grammar);
  const value = item.node.child('value');
  const source =
    item.kind === 'function' && item.node.child('parameters') === undefined && value ? value : item.node;
  const typeNode =
    source.child('return_type') ??
    source.child('result') ??
    (item.kind === 'method' ? source.child('type') : undefined);
  const returnType = typeNode?.text
    .replace(/^\s*(?::|->)\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const seen =
    structure && item.body ? bodyFacts(structure, item.body) : { returned: [], thrown: [], yields: false };
  const values = seen.returned.filter(text => text !== '' && !/^(?:undefined|null|None|nil)$/.test(text));
  const distinct = new Set(values);
  const [only] = values;
  const empty = /^(?:void|None|\(\)|Promise<void>|never|Task)$/.test(returnType ?? '');
  return {
    summary: summaryOf(item),
    parameters: item.parameters
      .map(parameterFact)
      .filter(row => row.name !== '' && !/^(?:self|cls|this|&(?:mut )?self|mut self)$/.test(row.name)),
    returnType: empty ? undefined : returnType,
    returned: distinct.size === 1 && only && only.length <= 50 && !/[\n{]/.test(only) ? only : undefined,
    returnsValue: !empty && (values.length > 0 || returnType !== undefined),
    yields: seen.yields,
    thrown: seen.thrown,
  };
}

function parameterFact(node: SyntaxNode): ParameterFact {
  const type = node
    .child('type')
    ?.text.replace(/^\s*:\s*/, '')
    .replace(/\s+/g, ' ');
  const fallback = node.child('value')?.text ?? node.child('right')?.text;
  const name = parameterName(node);
  // What is taken apart has no name of its own.
  const plain = /^[{[]/.test(name) ? 'options' : name.replace(/^\.\.\./, '');
  return { name: plain, type, fallback: fallback && fallback.length <= 40 ? fallback : undefined };
}

interface BodyFacts {
  readonly returned: string[];
  readonly thrown: { type: string; when: string | undefined }[];
  yields: boolean;
}

function bodyFacts(structure: Structure, body: SyntaxNode): BodyFacts {
  const facts: BodyFacts = { returned: [], thrown: [], yields: false };
  if (!/block|body/.test(body.type)) facts.returned.push(body.text);
  body.visit(node => {
    const kind = structure.declarations[node.type];
    if (
      !node.same(body) &&
      (kind === 'function' || kind === 'method' || kind === 'class' || node.type === 'lambda')
    )
      return false;
    if (structure.returns.includes(node.type) && node.named)
      facts.returned.push(node.namedChildren[0]?.text ?? '');
    if (structure.yields.includes(node.type)) facts.yields = true;
    if (structure.throws.includes(node.type) && node.named) {
      const type = /^(?:new\s+)?([\p{L}_$][\p{L}\p{N}_$.]*)\s*(?:\(|$)/u.exec(
        node.namedChildren[0]?.text ?? '',
      )?.[1];
      if (type && /^(?:\w+\.)*[A-Z]/.test(type) && !facts.thrown.some(row => row.type === type))
        facts.thrown.push({ type, when: conditionOf(structure, node, body) });
    }
    return true;
  });
  return facts;
}

/** The condition of the `if` that a `throw` stands directly in. */
function conditionOf(structure: Structure, node: SyntaxNode, body: SyntaxNode): string | undefined {
  for (let up = node.parent; up && !up.same(body); up = up.parent) {
    if (!structure.branches.includes(up.type)) continue;
    const within = up.child('consequence');
    if (!within || node.start < within.start || node.end > within.end) return undefined;
    const text = up
      .child('condition')
      ?.text.replace(/^\(([\s\S]*)\)$/, '$1')
      .replace(/\s+/g, ' ');
    return text && text.length <= 70 ? text : undefined;
  }
  return undefined;
}

const prefixes: readonly (readonly [RegExp, (rest: string) => string])[] = [
  [/^(?:is|are|was)$/, rest => `Tells whether it is ${rest}.`],
  [/^(?:has|have)$/, rest => `Tells whether there is ${rest}.`],
  [/^(?:can|should|must|may)$/, rest => `Tells whether to ${rest}.`],
  [/^(?:to|as|into)$/, rest => `Converts to ${rest}.`],
  [/^from$/, rest => `Makes one from ${rest}.`],
  [/^(?:on|handle)$/, rest => `Handles ${rest}.`],
  [/^new$/, rest => `Makes a new ${rest}.`],
];

const verbs = new Set(
  'add append apply assert build cache calculate call cancel check clean clear close collect compare compile compute connect convert copy count create decode delete describe detect disable download draw emit enable encode encrypt ensure escape execute expand explain export extract fetch fill filter find finish flatten flush format forward generate get group hash hide import init initialize insert install join keep list load lock log look make map mark match measure merge move normalize notify open order pack parse pick place poll pop post prepare print process produce push put query quote read receive record redirect refresh register release reload remove rename render repeat replace report request reset resize resolve restart restore return reverse rotate round run save scan schedule search select send serialize set show shuffle shut skip sort split start stop store strip submit subscribe sum swap sync take tell test tokenize trace track transform trim truncate try unlock unpack update upload use validate verify visit wait walk warn wrap write'.split(
    ' ',
  ),
);

/** A sentence from the words of a name: `parseHeader` → "Parses header." */
function summaryOf(item: Declared): string {
  const words = (item.name ?? '')
    .replace(/^[_$#]+/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[_\s-]+/)
    .filter(Boolean)
    .map(word => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
  const [first, ...others] = words;
  if (!first) return '';
  const rest = others.join(' ');
  if (first === 'constructor' || first === 'init')
    return rest ? `Sets up ${rest}.` : 'Sets up a new instance.';
  if (item.kind === 'function' || item.kind === 'method') {
    const row = rest && prefixes.find(([pattern]) => pattern.test(first));
    if (row) return row[1](rest);
    if (verbs.has(first)) return `${capital(thirdPerson(first))}${rest ? ` ${rest}` : ''}.`;
  }
  return `${capital(words.join(' '))}.`;
}

function thirdPerson(verb: string): string {
  if (/(?:s|sh|ch|x|z|o)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
