/** Text that becomes code, a query or a command, and secrets that are none. Rows; they must not know each other. */
import type { SyntaxNode } from '../../syntax/tree.ts';
import {
  argumentsOf,
  CALL_TYPES,
  calledName,
  calleeOf,
  functionAround,
  isCall,
  isFilledString,
  isLiteral,
  isString,
  operatorOf,
  receiverOf,
  some,
} from './nodes.ts';
import { GO, JAVA, JAVASCRIPT, type Pattern, PYTHON } from './pattern.ts';

const RUNS_SQL =
  /^(?:execute|executemany|executescript|query|queryRaw|raw|exec|prepare|prepareStatement|createQuery|createNativeQuery|executeQuery|executeUpdate|Query|QueryRow|QueryContext|QueryRowContext|Exec|ExecContext|Raw)$/;
const SQL =
  /^\W{0,6}(?:select\s[\s\S]{1,400}?\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)/i;
const SECRET_NAME = /token|secret|passw|passphrase|nonce|\botp|salt|csrf|api_?key|session_?id/i;
const PASSWORD = /passw|\bpwd\b|passphrase/i;

/** The strings and the values that a text is put together from. */
function composed(node: SyntaxNode): { readonly text: string; readonly open: boolean } | undefined {
  if (isFilledString(node)) {
    // What stands in capitals is a constant by convention.
    const filled = node.text.match(/\{([^{}]*)\}/g) ?? [];
    return { text: node.text, open: !filled.every(each => /^\{[A-Z_\d.]+\}$/.test(each)) };
  }
  if (isCall(node) && calledName(node) === 'format' && isString(receiverOf(node)))
    return { text: receiverOf(node)?.text ?? '', open: true };
  if (isCall(node) && /^(?:fmt\.Sprintf|String\.format)$/.test(calleeOf(node)))
    return { text: argumentsOf(node)[0]?.text ?? '', open: true };
  if (!/^binary_(?:expression|operator)$/.test(node.type)) return undefined;
  const operator = operatorOf(node);
  const [left, right] = [node.child('left'), node.child('right')];
  if (!left || !right || (operator !== '+' && operator !== '%')) return undefined;
  if (operator === '%') return isString(left) ? { text: left.text, open: true } : undefined;
  const first = composed(left) ?? (isString(left) ? { text: left.text, open: false } : undefined);
  return (
    first && { text: first.text, open: first.open || !(isString(right) || /^[A-Z_\d]+$/.test(right.text)) }
  );
}

/** The names that a value is bound to: a variable, a key, the function that makes it. */
function purposeOf(node: SyntaxNode): string {
  const names: string[] = [];
  for (let at = node.parent; at; at = at.parent) {
    if (/^(?:variable_declarator|assignment|assignment_expression|pair|short_var_declaration)$/.test(at.type))
      names.push((at.child('name') ?? at.child('left') ?? at.child('key'))?.text ?? '');
    if (at.same(functionAround(node))) {
      names.push(at.child('name')?.text ?? at.parent?.child('name')?.text ?? '');
      break;
    }
  }
  return names.join(' ');
}

export const security: readonly Pattern[] = [
  {
    rule: 'composed-sql',
    category: 'security',
    severity: 'high',
    confidence: 0.82,
    grammars: [...JAVASCRIPT, ...PYTHON, ...JAVA, ...GO],
    nodes: CALL_TYPES,
    notInTests: true,
    find(node) {
      if (!RUNS_SQL.test(calledName(node))) return undefined;
      for (const given of argumentsOf(node).slice(0, 2)) {
        const made = composed(given);
        if (!made?.open || !SQL.test(made.text.replace(/^[a-zA-Z]{0,2}["'`]+/, ''))) continue;
        return { at: given, message: 'Values are written into this query: pass them as parameters instead.' };
      }
      return undefined;
    },
  },
  {
    rule: 'runs-text',
    category: 'security',
    severity: 'high',
    confidence: 0.78,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: [...CALL_TYPES, 'new_expression'],
    notInTests: true,
    find(node, { grammar }) {
      const python = grammar === 'python';
      const isFunction = node.type === 'new_expression' && node.child('constructor')?.text === 'Function';
      const isEval =
        isCall(node) &&
        (python ? /^(?:eval|exec)$/ : /^(?:window\.|globalThis\.)?eval$/).test(calleeOf(node));
      const given = argumentsOf(node).at(isFunction ? -1 : 0);
      if (!(isFunction || isEval) || !given || isLiteral(given)) return undefined;
      // Who compiles first knows what it is.
      if (isCall(given) && /^(?:compile|code)$/.test(calledName(given))) return undefined;
      if (/^(?:code|compiled)$/.test(given.text)) return undefined;
      return {
        message: 'Text is run as code here: whoever can choose the text can do anything.',
        // Who gives it a world of its own has thought of it.
        ...(isFunction || (python && argumentsOf(node).length > 1) ? { confidence: 0.6 } : {}),
      };
    },
  },
  {
    rule: 'shell-text',
    category: 'security',
    severity: 'high',
    confidence: 0.8,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: CALL_TYPES,
    notInTests: true,
    find(node, { grammar }) {
      const given = argumentsOf(node);
      const [command] = given;
      if (!command) return undefined;
      if (grammar === 'python') {
        const shell =
          given.some(each => /^shell\s*=\s*True$/.test(each.text)) ||
          /^os\.(?:system|popen)$/.test(calleeOf(node));
        if (!shell || isLiteral(command) || command.type === 'list') return undefined;
        const open = composed(command)?.open;
        return {
          message:
            'A command is put together and given to a shell, which reads quotes and semicolons in it. Pass a list without a shell.',
          confidence: open ? 0.8 : 0.6,
        };
      }
      if (!/^(?:child_process\.|cp\.)?exec(?:Sync)?$/.test(calleeOf(node)) || !composed(command)?.open)
        return undefined;
      if (!/^["'`]\w+[ ]/.test(composed(command)?.text ?? '')) return undefined;
      return {
        confidence: 0.75,
        message:
          'A command is put together and given to a shell, which reads quotes and semicolons in it. Use `execFile` with a list.',
      };
    },
  },
  {
    rule: 'weak-password-hash',
    category: 'security',
    severity: 'high',
    confidence: 0.82,
    grammars: [...JAVASCRIPT, ...PYTHON, ...GO, ...JAVA],
    nodes: CALL_TYPES,
    notInTests: true,
    find(node) {
      const callee = calleeOf(node);
      const weak =
        /(?:^|\.)(?:md5|sha1)(?:$|\.Sum$|\.New$)/i.test(callee) ||
        (calledName(node) === 'update' && /createHash\(\s*['"](?:md5|sha1)['"]\s*\)/.test(callee));
      if (!weak || !argumentsOf(node).some(each => PASSWORD.test(each.text))) return undefined;
      return { message: 'A fast hash of a password can be guessed by trying. Use scrypt, bcrypt or Argon2.' };
    },
  },
  {
    rule: 'guessable-secret',
    category: 'security',
    severity: 'high',
    confidence: 0.8,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: CALL_TYPES,
    notInTests: true,
    find(node, { grammar }) {
      const callee = calleeOf(node);
      const guessable =
        grammar === 'python'
          ? /^random\.(?:random|randint|choice|choices|randrange|getrandbits|sample)$/.test(callee)
          : callee === 'Math.random';
      const purpose = guessable ? purposeOf(node) : '';
      if (!guessable || !SECRET_NAME.test(purpose) || /tokens?_?(?:count|ize|index)/i.test(purpose))
        return undefined;
      return { message: 'These random numbers can be foretold. Use a cryptographic source for secrets.' };
    },
  },
  {
    rule: 'unsafe-load',
    category: 'security',
    severity: 'high',
    confidence: 0.88,
    grammars: PYTHON,
    nodes: ['call'],
    notInTests: true,
    find(node) {
      const callee = calleeOf(node);
      if (callee === 'yaml.load' && argumentsOf(node).length === 1)
        return { message: '`yaml.load` without a loader can make any object. Use `yaml.safe_load`.' };
      if (callee === 'tempfile.mktemp')
        return { message: 'Between `mktemp` and opening, somebody else can make that file. Use `mkstemp`.' };
      return undefined;
    },
  },
  {
    rule: 'unchecked-certificate',
    category: 'security',
    severity: 'high',
    confidence: 0.8,
    grammars: [...JAVASCRIPT, ...PYTHON, ...GO],
    nodes: ['keyword_argument', 'pair', 'keyed_element'],
    notInTests: true,
    find(node) {
      const off =
        /^(?:verify\s*=\s*False|["']?rejectUnauthorized["']?\s*:\s*false|InsecureSkipVerify\s*:\s*true)$/;
      if (!off.test(node.text)) return undefined;
      if (node.text.startsWith('verify')) {
        const call = node.parent?.parent;
        if (
          !isCall(call) ||
          !/(?:requests|session|client|httpx)\b.*\.(?:get|post|put|delete|patch|head|request)$|^(?:httpx\.\w*Client)$/i.test(
            calleeOf(call),
          )
        )
          return undefined;
      }
      return {
        message:
          "The other side's certificate is not checked: anybody in between can read and change what is sent.",
      };
    },
  },
  {
    rule: 'forgotten-debugger',
    category: 'simplicity',
    severity: 'medium',
    confidence: 0.9,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: ['debugger_statement', 'expression_statement'],
    find(node) {
      if (node.type === 'debugger_statement') return { message: 'A `debugger` statement was left here.' };
      return /^(?:i?pdb\.set_trace\(\)|breakpoint\(\))$/.test(node.text) &&
        !some(node, ({ type }) => type === 'ERROR')
        ? { message: 'A breakpoint was left here.' }
        : undefined;
    },
  },
];
