/**
 * Whether control leaves a run of statements other than by its end: returns, jumps, generators, and what means
 * something else in another function. It must not know names.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { FileView } from '../view.ts';

/** The statements that are taken out, in their block. */
export interface Selected {
  readonly statements: readonly SyntaxNode[];
  readonly start: number;
  readonly end: number;
  readonly block: SyntaxNode;
  /** The function around them. */
  readonly around: SyntaxNode;
}

/** Nodes that are functions of their own, and those whose parts are computed later. */
export const FUNCTION =
  /^(?:function_declaration|function_expression|function|generator_function.*|arrow_function|method_definition|class_static_block|function_definition|lambda|generator_expression)$/;
export interface Flow {
  /** The last statement returns, so the call does. */
  readonly returns: boolean;
  readonly awaits: boolean;
}

const LOOP = /^(?:for|while|do)_statement$|^for_in_statement$/;
/** Reads or changes the function it stands in. */
const OWN_FRAME = /^(?:eval|exec|locals|vars|dir)$/;

/** What the new function has to be, or a sentence that says why there can be none. */
export function flowOf({ family }: FileView, { statements, start }: Selected): Flow | string {
  const python = family === 'python';
  const last = statements.at(-1);
  let awaits = false;
  let why: string | undefined;
  const inside = (node: SyntaxNode | undefined) => node !== undefined && node.start >= start;
  const look = (node: SyntaxNode, nested: boolean, arrow: boolean): void => {
    if (why !== undefined) return;
    const { type } = node;
    if (!nested) {
      if (type === 'return_statement' && !node.same(last)) why = 'It returns from the middle.';
      else if (type === 'break_statement' || type === 'continue_statement') {
        if (node.child('label')) why = 'It jumps to a label.';
        const jumps = node.closest(
          up => LOOP.test(up.type) || (type === 'break_statement' && up.type === 'switch_statement'),
        );
        if (!inside(jumps)) why = `It holds a '${type.slice(0, type.indexOf('_'))}' of a loop around it.`;
      } else if (type === 'yield' || type === 'yield_expression')
        why = 'It yields to whoever runs the generator.';
      else if (type === 'await' || type === 'await_expression' || (type === 'async' && !node.named))
        awaits = true;
      else if (/^(?:global|nonlocal|delete)_statement$/.test(type)) why = 'It changes what names mean.';
    }
    const isOwn = (!nested || arrow) && /^(?:this|super|meta_property)$/.test(type);
    const isArguments = (!nested || arrow) && type === 'identifier' && !python && node.text === 'arguments';
    if (isOwn || isArguments) why = `It uses '${node.text}' of the function around it.`;
    else if (python && type === 'identifier' && node.text === 'super') why = "It uses 'super' of its class.";
    else if (type === 'identifier' && OWN_FRAME.test(node.text) && node.parent?.type.startsWith('call'))
      why = `It calls '${node.text}', which looks at the function around it.`;
    else if (
      type === 'private_property_identifier' ||
      (python && type === 'identifier' && isMangled(node.text))
    )
      why = `'${node.text}' is private to its class.`;
    const isFunction = FUNCTION.test(type);
    const isArrow = type === 'arrow_function';
    for (const child of node.children)
      look(child, nested || isFunction, isFunction ? isArrow && (!nested || arrow) : arrow);
  };
  for (const statement of statements) look(statement, false, false);
  return why ?? { returns: last?.type === 'return_statement', awaits };
}

const isMangled = (name: string): boolean => name.startsWith('__') && !name.endsWith('__');
