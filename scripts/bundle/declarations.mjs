/**
 * The declarations that are published: what users can name, and what its types mention. What a
 * module exports for other modules of heddle only is left out, and so are modules of which
 * nothing would be left.
 */

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import ts from "typescript-5.4";

/**
 * One statement of a module.
 *
 * @typedef {object} Statement
 * @property {ts.Statement} node
 * @property {readonly string[]} names What it declares, or the namespace that it makes of a module.
 * @property {boolean} isExported
 * @property {string | undefined} from The module that it names.
 * @property {ReadonlyMap<string, Listed> | undefined} listed What it has in braces, by the names
 *   that it has from then on.
 *
 * @typedef {ts.ImportSpecifier | ts.ExportSpecifier} Listed
 */

/**
 * @param {string} folder
 * @param {readonly string[]} entries The modules all exports of which are needed.
 * @returns {Map<string, string>} The text of each module of which something is needed.
 */
export function neededDeclarations(folder, entries) {
  /** @type {Map<string, readonly Statement[]>} */
  const modules = new Map();
  const needed = new Set();

  const statementsOf = (/** @type {string} */ path) => {
    const known = modules.get(path) ?? read(folder, path);
    modules.set(path, known);
    return known;
  };

  /** Notes that a name of a module is needed, and all that it leads to; returns whether it is there. */
  const need = (/** @type {string} */ path, /** @type {string} */ name) => {
    let isThere = false;
    for (const { node, names, from, listed } of statementsOf(path)) {
      const item = listed?.get(name) ?? (names.includes(name) ? node : undefined);
      if (item === undefined) {
        const isPassedOn = from !== undefined && listed === undefined && names.length === 0;
        if (!isPassedOn || !need(from, name)) continue;
        needed.add(node);
      } else if (!needed.has(item)) {
        needed.add(item);
        if (item !== node) need(from ?? path, originalName(/** @type {Listed} */ (item)));
        else if (from !== undefined) needAll(from);
        else needMentioned(path, node.getText());
      }
      isThere = true;
    }
    return isThere;
  };

  const needMentioned = (/** @type {string} */ path, /** @type {string} */ text) => {
    const code = text.replaceAll(/\/\*[^]*?\*\//g, "");
    for (const [, module = "", name = ""] of code.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g))
      need(targetOf(path, module), name);
    for (const [word] of code.matchAll(/[\w$]+/g)) need(path, word);
  };

  const needAll = (/** @type {string} */ path) => {
    for (const { names, isExported, from, listed } of statementsOf(path)) {
      if (!isExported) continue;
      for (const name of [...names, ...(listed?.keys() ?? [])]) need(path, name);
      if (from === undefined || listed !== undefined || names.length > 0) continue;
      needAll(from);
      for (const each of statementsOf(path)) if (each.from === from) needed.add(each.node);
    }
  };

  for (const entry of entries) needAll(entry);
  return new Map(
    [...modules]
      .map(([path, statements]) => /** @type {const} */ ([path, textOf(statements, needed)]))
      .filter(([, text]) => text !== ""),
  );
}

/** What is needed of a module. */
function textOf(
  /** @type {readonly Statement[]} */ statements,
  /** @type {Set<unknown>} */ needed,
) {
  let result = "";
  for (const { node, listed } of statements) {
    const items = [...(listed?.values() ?? [])];
    const kept = items.filter((item) => needed.has(item));
    if (kept.length === 0 && !needed.has(node)) continue;
    const whole = node.getFullText();
    const [from = 0, to = 0] = [items[0]?.getStart(), items.at(-1)?.getEnd()];
    const start = node.getFullStart();
    result +=
      kept.length === items.length
        ? whole
        : `${whole.slice(0, from - start)}${kept.map((item) => item.getText()).join(", ")}${whole.slice(to - start)}`;
  }
  if (result === "") return "";
  const [references = ""] =
    statements[0]?.node.getSourceFile().text.match(/^(?:\/\/\/.*\n)+/) ?? [];
  return `${references}${result.replace(references, "").trimStart()}\n`;
}

/** @returns {readonly Statement[]} */
function read(/** @type {string} */ folder, /** @type {string} */ path) {
  const text = readFileSync(join(folder, path), "utf8").replace(/\n\/\/# sourceMappingURL.*/, "");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.map((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node))
      return {
        node,
        names: namesOf(node),
        isExported: hasExport(node),
        from: undefined,
        listed: undefined,
      };
    const { moduleSpecifier } = node;
    const module =
      moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
    const bindings = ts.isImportDeclaration(node)
      ? node.importClause?.namedBindings
      : node.exportClause;
    const isList = bindings !== undefined && "elements" in bindings;
    return {
      node,
      names: bindings !== undefined && "name" in bindings ? [bindings.name.text] : [],
      isExported: ts.isExportDeclaration(node),
      from: module.startsWith(".") ? targetOf(path, module) : undefined,
      listed: isList
        ? new Map([...bindings.elements].map((item) => [item.name.text, item]))
        : undefined,
    };
  });
}

/** @returns {string[]} */
function namesOf(/** @type {ts.Statement} */ node) {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText());
  if (ts.isExportAssignment(node)) return ["default"];
  const { name } = /** @type {ts.NamedDeclaration} */ (/** @type {unknown} */ (node));
  return name === undefined ? [] : [name.getText()];
}

function hasExport(/** @type {ts.Statement} */ node) {
  if (ts.isExportAssignment(node)) return true;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** What is in braces, as the module calls it that has it. */
const originalName = (/** @type {Listed} */ { name, propertyName }) => (propertyName ?? name).text;

const targetOf = (/** @type {string} */ path, /** @type {string} */ module) =>
  posix.join(posix.dirname(path), module.replace(/\.[jt]s$/, ".d.ts"));
