/**
 * References in code and data that make a tool fetch something by itself: schemas, DTDs, entities, includes. An
 * editor or parser follows them without a click, so new ones are pointed out. Pure; it must not know edits.
 */

const URL = '(?:https?:|ftp:|file:)?//[^\\s"\'<>)]+';
const FORMS: readonly RegExp[] = [
  // JSON and YAML: "$schema": "https://…", $ref: https://…, "extends": "https://…", "@context".
  new RegExp(
    `["']?(?:\\$schema|\\$ref|@context|extends|schemaUrl|json\\.schemas)["']?\\s*[:=]\\s*\\[?\\s*["']?(${URL})`,
    'gi',
  ),
  // Comments of editors' YAML and TOML servers.
  new RegExp(`#\\s*yaml-language-server\\s*:\\s*\\$schema\\s*=\\s*(${URL})`, 'gi'),
  new RegExp(`^#:schema\\s+(${URL})`, 'gim'),
  // XML: document types, entities, schema locations, stylesheets, models, inclusions.
  new RegExp(`<!(?:DOCTYPE|ENTITY)\\b[^>]{0,400}?["'](${URL})`, 'gi'),
  new RegExp(`\\b(?:xsi:)?(?:noNamespace)?schemaLocation\\s*=\\s*["'][^"']{0,400}?(${URL})`, 'gi'),
  new RegExp(`<\\?xml-(?:stylesheet|model)\\b[^>]{0,400}?href\\s*=\\s*["'](${URL})`, 'gi'),
  new RegExp(
    `<(?:xi|xs|xsd|xsl|wsdl|rng)?:?(?:include|import|redefine|override|externalRef)\\b[^>]{0,400}?(?:href|schemaLocation|location)\\s*=\\s*["'](${URL})`,
    'gi',
  ),
];

/** Addresses in `after` that a tool would fetch and that `before` does not have, each once, in order. */
export function addedRemoteReferences(before: string, after: string): readonly string[] {
  const found = new Set<string>();
  for (const form of FORMS) {
    for (const match of after.matchAll(form)) {
      const address = match[1];
      if (address !== undefined && !before.includes(address)) found.add(address);
    }
  }
  return [...found];
}
