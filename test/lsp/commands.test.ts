/** The commands that are registered: an editor that registers one twice refuses the whole server. */
import assert from 'node:assert/strict';
import { COMMANDS } from '../../server/lsp/commands.ts';

describe('the commands of the server', () => {
  it('are each named once', () => {
    assert.deepEqual(
      COMMANDS.filter((name, index) => COMMANDS.indexOf(name) !== index),
      [],
    );
  });
});
