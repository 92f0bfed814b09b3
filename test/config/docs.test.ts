import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { endMarker, startMarker, withTable, writeDocs } from '../../scripts/docs.ts';
import { jsonSchema, settingsTable } from '../../server/config/docs.ts';
import { settingKeys } from '../../server/config/schema.ts';

interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly 'x-scope'?: string;
}

describe('the documents of the settings', () => {
  it('are up to date (a stale one has been renewed: look at it and commit it)', () => {
    assert.deepEqual(writeDocs(path.join(import.meta.dirname, '../..')), []);
  });

  it('describe every key in the JSON Schema with default and scope, and allow no other', () => {
    const schema = JSON.parse(jsonSchema()) as SchemaNode & { readonly $schema?: string };
    assert.match(schema.$schema ?? '', /draft-07/);
    for (const key of settingKeys) {
      let node: SchemaNode | undefined = schema;
      for (const part of key.split('.')) {
        assert.equal(node?.additionalProperties, false, key);
        node = node?.properties?.[part];
      }
      assert.ok(node !== undefined, key);
      assert.ok((node.description ?? '').length > 0 && 'default' in node, key);
      assert.match(node['x-scope'] ?? '', /^(user|editor|project)$/);
    }
  });

  it('list every key once in a table of five columns', () => {
    const [head = '', line = '', ...rows] = settingsTable().split('\n');
    for (const row of [head, line, ...rows])
      assert.equal(row.replaceAll('\\|', '').split('|').length, 7, row);
    assert.deepEqual(
      rows.map(row => row.split('`')[1]),
      [...settingKeys],
    );
  });

  it('go between the markers and leave the rest of the page alone', () => {
    const page = `# A\n${startMarker}\nold\n${endMarker}\nend\n`;
    assert.equal(withTable(page, 'new'), `# A\n${startMarker}\n\nnew\n\n${endMarker}\nend\n`);
    assert.equal(withTable(withTable(page, 'new'), 'new'), withTable(page, 'new'));
    assert.throws(() => withTable('# A\n', 'new'), /README\.md needs the lines/);
  });

  it('are renewed when stale, and then no longer stale', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'codriver-docs-'));
    try {
      fs.writeFileSync(path.join(root, 'README.md'), `${startMarker}\n${endMarker}\n`);
      assert.deepEqual(writeDocs(root), ['schemas/config.schema.json', 'README.md']);
      assert.deepEqual(writeDocs(root), []);
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  });
});
