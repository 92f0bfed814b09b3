/**
 * What the commonest messages of compilers and checkers mean, and what to do: one row a message. A row speaks only
 * about its own tool's words. It must not know where the message is shown.
 */
import type { Problem } from '../analysis.ts';

/** By code where the tool has stable ones, else by words; `$1` is what the words hold in their first group. */
type Row = readonly [codes: string, words: RegExp | undefined, meaning: string];

const rows: readonly Row[] = [
  // TypeScript
  [
    '2304 2552',
    /^Cannot find name '([^']+)'/,
    'Nothing in scope is called `$1`: it is misspelt, not imported, or declared in a scope that does not reach here.',
  ],
  [
    '2307',
    /^Cannot find module '([^']+)'/,
    'No file or package `$1` was found from this file: check the path and its ending, install the package, or its `@types`.',
  ],
  [
    '2322',
    /^Type '(.+?)' is not assignable to type/,
    'The value has another type than its target allows. Follow the indented lines of the message to the innermost one: that is the part that differs.',
  ],
  [
    '2339 2551',
    /^Property '([^']+)' does not exist on type/,
    'The type does not declare `$1`. If the value may be one of several types, narrow it first (`in`, `typeof`, a discriminant).',
  ],
  [
    '2345',
    /^Argument of type/,
    'The argument has another type than the parameter. The innermost indented line says which part differs.',
  ],
  [
    '2531 2532 2533 18047 18048 18049',
    /possibly '?(?:null|undefined)/,
    'The value may be missing here. Check it before (`if`), use `?.`, or give a default with `??`.',
  ],
  [
    '2554 2555',
    /^Expected .* arguments?, but got/,
    'The call gives another number of arguments than the function takes.',
  ],
  [
    '2564',
    /has no initializer and is not definitely assigned/,
    'The property has no value when the constructor is done. Give it one, assign it in the constructor, or allow `undefined`.',
  ],
  [
    '2571 18046',
    /is of type 'unknown'/,
    'Nothing is known of this value, so nothing may be done with it before it was checked (`typeof`, `instanceof`).',
  ],
  [
    '2741 2739 2740',
    /is missing (?:in type|the following properties)/,
    'The object lacks a property that the type requires. Add it, or make it optional in the type.',
  ],
  [
    '2769',
    /^No overload matches this call/,
    'The arguments fit none of the ways to call this. Read the last overload in the message first: it is usually the one that was meant.',
  ],
  ['7006 7031 7005', /implicitly has an 'any' type/, 'Nothing says what type this has. Annotate it.'],
  [
    '7053',
    /can't be used to index type/,
    'The key may be any text, and the type knows only some. Narrow the key (`keyof`), or declare an index signature.',
  ],
  [
    '1005 1109 1128',
    undefined,
    'The parser expected something else here. The mistake is often just before: a bracket, a comma or a quote that is missing.',
  ],
  [
    '2349',
    /^This expression is not callable/,
    'What stands before the parentheses is no function; in a union, one member is none.',
  ],
  [
    '2355 2366',
    /(?:must return a value|lacks ending return statement)/,
    'Some way through the function ends without a value. Return one at its end, or allow `undefined`.',
  ],
  [
    '2365',
    /^Operator '([^']+)' cannot be applied/,
    'The two sides of `$1` have types that it does not combine. Convert one of them explicitly.',
  ],
  [
    '2420 2415',
    /incorrectly (?:implements|extends)/,
    'The class lacks a member of what it promises, or has it with another type.',
  ],
  [
    '2451 2300',
    /^(?:Cannot redeclare|Duplicate identifier)/,
    'The name is declared twice in this scope; a file without `import` or `export` shares one scope with all others.',
  ],
  [
    '2588',
    /^Cannot assign to '([^']+)' because it is a constant/,
    '`$1` is a `const`: declare it with `let`, or use another variable.',
  ],
  [
    '2693',
    /only refers to a type/,
    'Types do not exist at run time. Use a class or a value, or move this to a place where a type is meant.',
  ],
  [
    '2722',
    /^Cannot invoke an object which is possibly/,
    'The function may be missing. Call it with `?.()`, or check it before.',
  ],
  [
    '1308 1375',
    /'?await'? expressions? (?:is|are) only allowed/,
    '`await` works in async functions and at the top of modules. Make the function around it `async`.',
  ],
  // ESLint
  [
    'no-undef',
    undefined,
    'Nothing declares this name: it is misspelt, not imported, or a global that the configuration does not name (`globals`).',
  ],
  [
    'no-unused-vars @typescript-eslint/no-unused-vars',
    undefined,
    'The value is never read. Remove it, or say that this is meant by a name that the rule ignores.',
  ],
  ['eqeqeq', undefined, '`==` converts before it compares: `0 == ""` is true. `===` does not.'],
  [
    'no-async-promise-executor',
    undefined,
    'What an async executor throws is lost: the promise never settles.',
  ],
  [
    '@typescript-eslint/no-floating-promises',
    undefined,
    'The promise is neither awaited nor handled, so its failure is lost. `await` it, or mark it with `void`.',
  ],
  [
    '@typescript-eslint/no-misused-promises',
    undefined,
    'A promise is given where a plain value or function is expected; as a condition it is always true.',
  ],
  [
    'react-hooks/exhaustive-deps',
    undefined,
    'The effect reads a value that its list does not name, so it goes on with an old one. Add it, or move it inside.',
  ],
  [
    'react-hooks/rules-of-hooks',
    undefined,
    'Hooks are told apart by their order, so they must not stand in conditions, loops or nested functions.',
  ],
  // Python
  [
    'reportAttributeAccessIssue attr-defined',
    /^(?:Cannot access attribute|"[^"]+" has no attribute|.* has no attribute) ?"?([^" ]*)"?/,
    'The type does not declare this attribute. If the value may be of several types, narrow it first (`isinstance`).',
  ],
  [
    'reportOptionalMemberAccess union-attr',
    /(?:of "None"|"None" has no attribute|Item "None")/,
    'The value may be None here. Check it before (`if x is not None`).',
  ],
  [
    'reportMissingImports reportMissingModuleSource import-not-found import-untyped',
    /^Import "([^"]+)" could not be resolved/,
    'The checker does not see this module: it runs with another interpreter or virtual environment than your program, or the package (or its stubs) is not installed.',
  ],
  [
    'reportArgumentType arg-type',
    undefined,
    'The argument has another type than the parameter is annotated with.',
  ],
  [
    'reportReturnType return-value',
    undefined,
    'The value returned has another type than the annotation promises.',
  ],
  [
    'reportPossiblyUnbound reportPossiblyUnboundVariable possibly-undefined',
    /possibly unbound/,
    'Some way to this line does not assign the name. Assign it before the branch.',
  ],
  [
    'reportCallIssue call-arg',
    undefined,
    'The call names a parameter that the function does not have, or leaves out one that it needs.',
  ],
  [
    'reportIndexIssue index',
    undefined,
    'The value cannot be indexed like this; perhaps it may be None, or a key has another type.',
  ],
  [
    'F821 reportUndefinedVariable name-defined',
    undefined,
    'Nothing in scope has this name: it is misspelt, not imported, or assigned only in another function.',
  ],
  [
    'F401',
    undefined,
    'The import is never used. Remove it; to re-export it, write `import x as x` or name it in `__all__`.',
  ],
  ['F841', undefined, 'The variable is assigned and never read.'],
  ['E501', undefined, 'The line is longer than the project allows; a formatter breaks it.'],
  [
    'B006',
    undefined,
    'The default is made once, when the function is defined, and shared by all calls. Use None and make it inside.',
  ],
  ['B008', undefined, 'The default is computed once, when the function is defined, and not at each call.'],
  ['E722', undefined, 'A bare `except:` also catches KeyboardInterrupt and SystemExit.'],
  // Rust
  [
    'E0382',
    undefined,
    'The value was moved away before. Borrow it there (`&`), clone it, or use it before the move.',
  ],
  [
    'E0499',
    undefined,
    'A mutable borrow must be the only one while it lives. End the first before the second begins: a block, an index, or a copy.',
  ],
  [
    'E0502',
    undefined,
    'It is read while something holds a mutable borrow of it (or the other way round). Take what you need out first, as a copy.',
  ],
  ['E0505', undefined, 'It is moved while a borrow of it is still used later.'],
  ['E0506', undefined, 'It is assigned while a borrow of it is still used later.'],
  [
    'E0308',
    undefined,
    'The types differ. A `;` at the end of a block makes its value `()`; `&`, `.into()`, `Some(…)` or `Ok(…)` are what is usually missing.',
  ],
  [
    'E0277',
    undefined,
    'The type does not implement a trait that is required here. The notes say which bound asks for it: implement or derive it, or convert the value.',
  ],
  ['E0425 E0412 E0433', undefined, 'Nothing in scope has this name: it is misspelt, or a `use` is missing.'],
  [
    'E0599',
    undefined,
    'The type has no such method. If a trait gives it, the trait must be in scope (`use`).',
  ],
  [
    'E0597',
    undefined,
    'The borrow outlives what it borrows from. Let the owner live longer, or return an owned value.',
  ],
  [
    'E0106',
    undefined,
    'A borrow in a signature needs a lifetime here: nothing says from which parameter it comes.',
  ],
  [
    'E0373',
    undefined,
    'The closure may run after the function is done, so it must own what it uses: `move`.',
  ],
  ['E0004', undefined, 'The `match` leaves out a case. Add it, or `_`.'],
  ['E0061', undefined, 'The call gives another number of arguments than the function takes.'],
  ['E0384', undefined, 'It is assigned twice and is not `mut`.'],
  ['E0596', undefined, 'To change it, it must be `mut`, or the borrow `&mut`.'],
  [
    'E0507',
    undefined,
    'It cannot be moved out of a borrow. Borrow it (`&`, `as_ref`), take it (`mem::take`, `Option::take`), or clone it.',
  ],
  [
    'E0716',
    undefined,
    'A temporary value ends with its statement while a borrow of it is used later. Bind it to a name first.',
  ],
  ['E0015', undefined, 'Only `const` functions may be called in constants.'],
  // Go
  [
    'UnusedVar',
    /^declared and not used: (\w+)|^(\w+) declared (?:and|but) not used/,
    'Go refuses variables that are never read. Use it, or assign to `_`.',
  ],
  ['UnusedImport', /imported and not used/, 'Go refuses imports that are never used.'],
  [
    'UndeclaredName',
    /^undefined: (\w+)/,
    'Nothing in scope is called `$1`: it is misspelt, not imported, or begins with a small letter in another package.',
  ],
  [
    'IncompatibleAssign',
    /^cannot use .* as .* (?:value|in)/,
    'The value has another type. If an interface is wanted, the message says which method is missing, often because it has a pointer receiver.',
  ],
  [
    'MissingFieldOrMethod',
    /has no field or method (\w+)/,
    'The type does not have `$1`; names with a small first letter are not seen from other packages.',
  ],
  [
    'AssignmentMismatch WrongResultCount',
    /^assignment mismatch/,
    'The function gives another number of values than are taken; an `err` is often what is missing.',
  ],
  ['MissingReturn', /^missing return/, 'Some way through the function ends without a value.'],
  [
    'InvalidIfaceAssign',
    /does not implement/,
    'The type lacks a method of the interface; a method with a pointer receiver belongs to the pointer only.',
  ],
  // C, C++
  [
    'undeclared_var_use',
    /^use of undeclared identifier '([^']+)'|^'([^']+)' (?:was not declared|undeclared)/,
    'Nothing before this line declares it: a header is missing, or it is misspelt.',
  ],
  [
    '-Wimplicit-function-declaration',
    /implicit declaration of function/,
    'Nothing before this line declares the function, so its types are guessed. Include its header.',
  ],
  [
    '-Wmaybe-uninitialized -Wuninitialized',
    /uninitialized/,
    'Some way to this line does not set the variable: what it holds then is chance.',
  ],
  [
    '-Wsign-compare',
    /comparison .* (?:different signedness|signed and unsigned)/,
    'A negative number becomes a huge one when it is compared with an unsigned one.',
  ],
  [
    '-Wformat -Wformat=',
    /format (?:'|specifies)/,
    'The format letter and the type of the argument differ, which is undefined behaviour.',
  ],
  [
    '-Wreturn-type',
    /(?:control reaches end|non-void function does not return)/,
    'Some way through the function ends without a value; using it is undefined behaviour.',
  ],
  ['', /undefined reference to/, 'It is declared, and no object or library that is linked defines it.'],
  [
    '-Wdiscarded-qualifiers',
    /discards? (?:'const'|qualifiers)/,
    'The target could change what is declared `const`. Make the target `const` too.',
  ],
  ['', /incomplete type/, 'Only the name of this type is known here. Include the header that defines it.'],
  // Java
  [
    '',
    /^(?:incompatible types|Type mismatch)/,
    'The value has another type than its target. If nothing is lost by it, cast or convert it.',
  ],
  [
    '',
    /unreported exception (\S+?);?\b|Unhandled exception type (\S+)/,
    'A checked exception must be caught, or named by `throws`.',
  ],
  ['', /might not have been initialized/, 'Some way to this line does not assign the variable.'],
  [
    '',
    /non-static .* cannot be referenced from a static context/,
    'A static method has no object: make one, or make the member static.',
  ],
];

const byCode = new Map<string, Row[]>();
for (const row of rows)
  for (const code of row[0].split(' ').filter(Boolean)) byCode.set(code, [...(byCode.get(code) ?? []), row]);

/** By its code first, then by its words. Undefined for a message that no row knows. */
export function whyWrong({ message, code }: Problem): string | undefined {
  const first = message.replace(/\s+/g, ' ').trim();
  const named = code === undefined ? undefined : byCode.get(String(code))?.[0];
  const row = named ?? rows.find(([, words]) => words?.test(first));
  if (!row) return undefined;
  const groups = row[1]?.exec(first)?.slice(1) ?? [];
  const found = groups.find(each => each !== undefined);
  if (!row[2].includes('$1')) return row[2];
  // A name with a backtick would leave the code; without a name the sentence says nothing.
  return found && /^[\w$.@/:-]{1,80}$/.test(found) ? row[2].replaceAll('$1', () => found) : undefined;
}
