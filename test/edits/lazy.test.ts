import assert from 'node:assert/strict';
import { findPlaceholder, isPlaceholderLine } from '../../server/edits/lazy.ts';

/** Lines that stand for code, one per row: path, line. */
const placeholders = `
a.ts|// ... existing code ...
a.ts|  // ...existing code...
a.ts|// … existing code …
a.ts|// ...
a.ts|// ... rest of the function
a.ts|// ... rest of the code remains the same ...
a.ts|// rest of the code remains unchanged
a.ts|// rest of the function unchanged
a.ts|// The rest of the file stays the same.
a.ts|// remaining methods unchanged
a.ts|// (rest of the implementation)
a.ts|// existing code here
a.ts|// existing code
a.ts|// keep existing imports
a.ts|// keep the rest as is
a.ts|// other methods remain the same
a.ts|// ... other imports
a.ts|// ... more fields
a.ts|// ... (unchanged)
a.ts|// [... existing code ...]
a.ts|// ... same as before
a.ts|// same as before
a.ts|// unchanged
a.ts|// code omitted for brevity
a.ts|// implementation goes here
a.ts|// your code here
a.ts|// Add your logic here
a.ts|// no changes needed here
a.ts|// ... snip ...
a.ts|/* ... existing code ... */
a.ts|/* rest of the component */
a.ts|  {/* ... existing JSX code ... */}
a.ts|  {/* rest of the component stays the same */}
a.ts|function f() { /* ... existing code ... */ }
a.ts|function f() { // ... existing code
a.ts|... existing code ...
a.ts|...rest of the code...
a.ts|...
a.ts|…
a.ts|[... rest of the code ...]
a.ts|{ ... existing code ... }
a.ts| * ... rest of the class ...
a.py|# ... existing code ...
a.py|    # ... rest of the method
a.py|# rest of the class remains unchanged
a.py|# ... (rest of the file)
a.py|# Rest of your code here
a.py|    # existing logic remains the same
a.py|""" ... existing code ... """
a.rs|// ... rest of impl unchanged
a.rs|/// ... existing code ...
a.go|// ... existing code ...
a.go|	// ... other cases
a.c|/* ... rest of the file unchanged ... */
a.java|// ... existing fields ...
a.java|// other methods remain unchanged
a.html|<!-- ... existing code ... -->
a.html|<!-- rest of the page -->
a.html|<!-- existing content -->
a.html|<!-- Rest of the HTML remains the same -->
a.css|/* ... other styles ... */
a.sql|-- ... rest of the query ...
a.sql|-- existing code
a.lua|-- rest of the function unchanged
a.el|;; ... existing code ...
a.el|;; rest of the file is unchanged
a.clj|; ... rest unchanged
a.hs|-- ... existing definitions
a.hs|{- ... rest of the module -}
a.ml|(* ... existing code ... *)
a.tex|% ... rest of the section
a.erl|% ... existing code ...
a.bas|' ... existing code ...
a.jinja|{# ... existing code ... #}
a.jsp|<%-- ... existing code ... --%>
a.m4|dnl ... rest of the file ...
a.vim|" ... existing code ...
a.f90|! ... existing code ...
a.rb|# ... other methods ...
a.yaml|# ... rest of the configuration unchanged
a.sh|# ... existing code ...
a.toml|# ... other dependencies
`;

/** Lines that people write and mean. */
const real = `
a.ts|// Waits for the rest of the arguments, then runs.
a.ts|// the rest of the arguments are forwarded to the child
a.ts|// Copies the existing code into the buffer.
a.ts|// Existing users keep their settings
a.ts|const rest = [...values];
a.ts|  ...existing,
a.ts|  ...rest
a.ts|foo(...args);
a.ts|return { ...options, code };
a.ts|const text = 'loading...';
a.ts|log('... existing code ...');
a.ts|// Loading...
a.ts|// e.g. a, b, c, ...
a.ts|// 1, 2, 3, ... n
a.ts|// Other methods
a.ts|// Remaining time in milliseconds
a.ts|// Same as above, but for writing
a.ts|// unchanged lines keep their bytes
a.ts|// omitted fields are set to their default
a.ts|// original author: unknown
a.ts|// Previous value of the counter
a.ts|/** The rest of the line, without its end. */
a.ts|// ... and then the socket closes
a.ts|/* eslint-disable */
a.ts|// keep in sync with schema.json
a.ts|// Implementation of the visitor
a.ts|// code points beyond the BMP
a.ts|for (const part of rest) { // walk
a.py|    ...
a.pyi|...
a.py|def f(*args): ...
a.py|# rest of the world
a.py|# Skip the header
a.py|# More information: see the manual
a.py|x[..., 0]
a.py|# existing files are overwritten
a.c|int printf(const char *format, ...);
a.c|  ...
a.c|case 1 ... 5:
a.go|args = append(args, rest...)
a.go|// rest is what follows the prefix
a.rs|Point { x, ..rest }
a.rs|0..=9 => true,
a.rs|// the remaining elements are shifted down
a.html|<p>Read more...</p>
a.html|<!-- navigation -->
a.md|...
a.md|The rest of the code is in the repository.
a.css|/* Remaining space goes to the sidebar */
a.sql|-- existing rows keep their ids
a.sh|# more than one argument
a.rb|def initialize(...)
a.java|void f(String... rest) {
a.yaml|...: 1
`;

function rows(table: string): [path: string, line: string][] {
  return table
    .split('\n')
    .filter(row => row !== '')
    .map(row => [row.slice(0, row.indexOf('|')), row.slice(row.indexOf('|') + 1)]);
}

describe('edits: placeholders', () => {
  for (const [path, line] of rows(placeholders)) {
    it(`refuses ${path}: ${line}`, () => assert.equal(isPlaceholderLine(line, path), true));
  }
  for (const [path, line] of rows(real)) {
    it(`accepts ${path}: ${line}`, () => assert.equal(isPlaceholderLine(line, path), false));
  }

  it('forgives what was there before', () => {
    const line = '// ... existing code ...';
    assert.equal(findPlaceholder(`a\n${line}\nb`, 'x\n', 'a.ts'), line);
    assert.equal(findPlaceholder(`a\n${line}\nb`, `x\r\n  ${line}\r\n`, 'a.ts'), undefined);
  });

  it('takes bounded time for hostile lines', () => {
    const hostile = [
      `// ${'.'.repeat(190)}x`,
      `// ${'as is '.repeat(30)}x`,
      `// ... rest ${'- '.repeat(80)}`,
      `// rest of the ${'code '.repeat(35)}`,
      `// rest ${'a.'.repeat(90)}`,
      `${' '.repeat(100_000)}x`,
      `// ... rest${'-'.repeat(150)}!`,
    ];
    for (const line of hostile) assert.equal(typeof isPlaceholderLine(line, 'a.ts'), 'boolean');
  });
});
