/**
 * Slices: what a function uses of its module, as modules of their own that a worker evaluates
 * in the place of the whole one.
 *
 * Each group of pieces is one virtual module, and the function another, unless it is a variable
 * of the module itself. They keep the lines and columns of the file. A worker gets their texts;
 * it never reads the file again, which may have changed.
 */
import { server } from "#platform";
import { EXPORT } from "../../base/slice-urls.ts";
import { isClass, isFunction, parseModule, type SyntaxNode } from "../syntax/parser.ts";
import { type Binding, type CodeSite, referencesIn } from "../syntax/scopes.ts";
import { Canvas } from "./canvas.ts";
import type { Home } from "./checks.ts";
import { holds } from "./forms.ts";
import type { Group } from "./groups.ts";
import { type ImportedModule, importsRead } from "./imports-read.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { isExports, type Piece } from "./pieces.ts";
import { Reach } from "./reach.ts";
import { Refusals } from "./refusal.ts";
import { NOWHERE } from "../syntax/reasons.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";

export interface Slice {
  /** The virtual module that exports the function; or the module itself, if workers import it. */
  readonly url: string;
  readonly exportName: string;
  /** What the module itself exports it as, if it does. */
  readonly own: string | undefined;
  /** The texts of all virtual modules that it needs, by their URLs. */
  readonly texts: Readonly<Record<string, string>>;
  /** What it reads of other modules. */
  readonly imports: readonly ImportedModule[];
  /** What the variables are that it uses: functions of one text that have the same are one function. */
  readonly meaning: () => string;
}

/**
 * Cuts out what a function needs.
 *
 * @param id Tells it from others that stand at the same place.
 * @throws {NotShippableError} It uses something that cannot be taken along.
 */
export function sliceOf(
  tree: ModuleTree,
  site: CodeSite,
  name: string,
  home: Home,
  id: string = "",
): Slice {
  const refusals = new Refusals(tree, name, site.node);
  return new Slicer(layoutOf(tree), home, refusals, site.node).slice(site, id);
}

class Slicer {
  readonly #layout: Layout;
  readonly #home: Home;
  readonly #refusals: Refusals;
  readonly #reach: Reach;

  constructor(layout: Layout, home: Home, refusals: Refusals, shipped: SyntaxNode) {
    this.#layout = layout;
    this.#home = home;
    this.#refusals = refusals;
    this.#reach = new Reach(layout, home, refusals, shipped);
  }

  slice(site: CodeSite, id: string): Slice {
    const variable = this.#variableOf(site);
    const exported = variable && this.#home.isImported && this.#exportOf(variable);
    if (variable !== undefined && exported) {
      const meaning = (): string => `the export ${exported}`;
      return {
        url: this.#layout.tree.url,
        exportName: exported,
        own: exported,
        texts: {},
        imports: [],
        meaning,
      };
    }
    if (isClass(site.node)) this.#checkClass(site);
    if (this.#layout.tree.isSloppy && isFunction(site.node)) this.#reach.sloppy(site.node);
    if (variable !== undefined) {
      this.#reach.variable(variable);
      const [piece] = this.#layout.pieces.of.get(variable) as readonly [Piece];
      const url = this.#urlOf(this.#layout.groups.get(piece) as Group);
      const meaning = (): string => `the variable ${variable.name}`;
      const own = this.#exportOf(variable);
      const [texts, imports] = [this.#groupTexts(), this.#imports([])];
      return { url, exportName: variable.name, own, texts, imports, meaning };
    }
    this.#reach.function(site.node);
    const url = server.sliceUrl(
      this.#layout.tree.url,
      this.#idOf(`f${site.node.start.toString(36)}${id}`),
    );
    const texts = { ...this.#groupTexts(), [url]: this.#functionText(site) };
    const imports = this.#imports([site.node, ...this.#liftedNodes()]);
    return {
      url,
      exportName: EXPORT,
      own: undefined,
      texts,
      imports,
      meaning: () => this.#meaning(),
    };
  }

  /** A function makes another class each time. Of a module that is imported there may be one. */
  #checkClass({ around }: CodeSite): void {
    if (around !== this.#layout.tree.scopes.root) {
      throw this.#refusals.because(
        "it is a class that a function or a block declares. Declare it at the top level of its module",
      );
    }
    if (this.#home.isImported) {
      throw this.#refusals.because(
        `${NOWHERE}, so that a worker would have it twice, with its module and without. Export it`,
      );
    }
  }

  /** The top-level variable that is the function. */
  #variableOf({ node, around }: CodeSite): Binding | undefined {
    if (around !== this.#layout.tree.scopes.root) return undefined;
    for (const binding of around.bindings) {
      const [piece] = this.#layout.pieces.of.get(binding) ?? [];
      if (piece?.kind === "declaration" && holds(binding, node)) return binding;
    }
    return undefined;
  }

  #exportOf({ name }: Binding): string | undefined {
    return this.#layout.pieces.exported.get(name);
  }

  #liftedNodes(): SyntaxNode[] {
    return [...this.#reach.lifted.values()].map(({ node }) => node);
  }

  /** What these and the groups read of other modules. */
  #imports(nodes: readonly SyntaxNode[]): readonly ImportedModule[] {
    const references = nodes.flatMap((node) => referencesIn(this.#layout.tree.scopes, node));
    for (const { pieces } of this.#reach.groups) {
      for (const piece of pieces) references.push(...piece.references);
    }
    return importsRead(this.#layout, this.#home, references);
  }

  #idOf(part: string): string {
    return `${this.#layout.tree.hash}.${part}`;
  }

  #urlOf({ id }: Group): string {
    return server.sliceUrl(
      this.#layout.tree.url,
      this.#idOf(this.#home.isImported ? `c${id}` : id),
    );
  }

  #groupTexts(): Record<string, string> {
    const texts: Record<string, string> = {};
    for (const group of this.#reach.groups) {
      const url = this.#urlOf(group);
      let text = this.#layout.texts.get(url);
      if (text === undefined) this.#layout.texts.set(url, (text = this.#groupText(group)));
      texts[url] = text;
    }
    return texts;
  }

  #groupText({ pieces }: Group): string {
    const canvas = new Canvas(this.#layout.tree);
    const own = new Set(pieces.flatMap(({ bindings }) => bindings));
    const used = new Set<Binding>();
    for (const { references } of pieces) {
      for (const { binding } of references) {
        if (binding && !own.has(binding) && this.#isOfModule(binding)) used.add(binding);
      }
    }
    const fills = pieces.some((piece) =>
      [...(this.#layout.changes.get(piece)?.of ?? [])].some(isExports),
    );
    for (const { start, end, keyword, node, bindings } of pieces) {
      // Sloppy code may declare a function again: the last is what its name means.
      if (node.type === "FunctionDeclaration" && bindings.every((each) => each.node !== node))
        continue;
      if (keyword === undefined) canvas.keep(start, end);
      else canvas.keep(start, end, `${keyword} `, ";");
    }
    const head = this.#header(canvas, used, fills);
    const names = [...own].map(({ name }) => name);
    if (fills) names.push("module", "exports");
    return this.#code(canvas.finish(head, names.length ? `\nexport { ${names.join(", ")} };` : ""));
  }

  #isOfModule({ scope }: Binding): boolean {
    const { root } = this.#layout.tree.scopes;
    return scope === root || scope === root.outer;
  }

  /** Imports: those of the file stay where they are, those of groups go to the front of the first line. */
  #header(canvas: Canvas, used: ReadonlySet<Binding>, fillsExports = false): string {
    const { pieces, groups, tree } = this.#layout;
    const from = new Map<string, string[]>();
    const take = (url: string, name: string): void => {
      from.set(url, [...(from.get(url) ?? []), name]);
    };
    for (const binding of used) {
      const { name } = binding;
      const [piece] = pieces.of.get(binding) ?? [];
      const exported = this.#home.isImported ? this.#exportOf(binding) : undefined;
      if (piece?.kind === "import" || binding.kind === "implicit") continue;
      if (exported !== undefined) {
        const module = server.toImport?.(tree.url) ?? tree.url;
        take(module, exported === name ? name : `${exported} as ${name}`);
      } else if (piece) take(this.#urlOf(groups.get(piece) as Group), name);
    }
    for (const piece of pieces.all) {
      if (piece.kind === "import") keepImport(piece, used, canvas, tree.text);
    }
    let head = jsxComments(tree) + this.#commonJs(used, fillsExports);
    for (const [url, names] of from) {
      head += `import { ${names.join(", ")} } from ${JSON.stringify(url)};`;
    }
    return head;
  }

  /** What CommonJS gives a module, as far as it is used. There is one `exports` for all slices. */
  #commonJs(used: ReadonlySet<Binding>, fillsExports: boolean): string {
    const { tree, changes, groups } = this.#layout;
    const names = new Set(
      [...used].filter(({ kind }) => kind === "implicit").map(({ name }) => name),
    );
    if (names.size === 0 && !fillsExports) return "";
    const url = JSON.stringify(tree.url);
    let head = `import { createRequire as __require } from "node:module"; const require = __require(${url});`;
    if (names.has("__filename") || names.has("__dirname")) {
      head += 'import { fileURLToPath as __path } from "node:url";';
      head += `const __filename = __path(${url}), __dirname = __path(new URL(".", ${url})).slice(0, -1);`;
    }
    if (this.#home.isImported) {
      return `${head}import { fileURLToPath as __own } from "node:url";const exports = require(__own(${url})), module = { exports };`;
    }
    const filling = [...changes].find(([, { of }]) => [...of].some(isExports))?.[0];
    const group = filling && groups.get(filling);
    if (fillsExports || group === undefined) {
      return `${head}const module = { exports: {} }; const { exports } = module;`;
    }
    if (!names.has("exports") && !names.has("module")) return head;
    return `${head}import { exports, module } from ${JSON.stringify(this.#urlOf(group))};`;
  }

  #functionText(site: CodeSite): string {
    const { node } = site;
    const { text } = this.#layout.tree;
    const canvas = new Canvas(this.#layout.tree);
    const { lifted, self, names } = this.#reach;
    const around: SyntaxNode[] = [];
    for (const { node: local, keyword } of lifted.values()) {
      canvas.keep(local.start, local.end, keyword, ";");
      if (local.start <= node.start && node.end <= local.end) around.push(local);
    }
    const [start, before, after] = this.#wrapping(site, self);
    let tail = "";
    if (around.length > 0) tail = `\n${before}${text.slice(start, node.end)}${after}`;
    else canvas.keep(start, node.end, before, after);
    return this.#code(canvas.finish(this.#header(canvas, names), tail));
  }

  /** Where the text of the function begins, and what makes an export of it. */
  #wrapping(site: CodeSite, self: Binding | undefined): [number, string, string] {
    const { node, method } = site;
    if (method === undefined) {
      if (self !== undefined && !node.type.endsWith("Declaration")) {
        return [node.start, `const ${self.name} = (`, `); export { ${self.name} as ${EXPORT} };`];
      }
      return [node.start, `export const ${EXPORT} = (`, ");"];
    }
    const isComputed = "computed" in method.owner && method.owner.computed;
    if (method.kind !== "method" || isComputed) {
      const what = method.kind === "method" ? "a method with a computed name" : "an accessor";
      throw this.#refusals.because(
        `it is ${what} (${this.#refusals.place(method.start)}). ` +
          "Ship a function that takes the object as an argument",
      );
    }
    const key = JSON.stringify(site.name);
    if (method.owner.type === "Property") {
      return [method.start, `export const ${EXPORT} = ({ `, ` })[${key}];`];
    }
    const holder = method.isStatic ? "" : ".prototype";
    return [method.start, `export const ${EXPORT} = (class { `, ` })${holder}[${key}];`];
  }

  /** What a worker can run. */
  #code(text: string): string {
    const { isJavaScript, url } = this.#layout.tree;
    const own = /\bimport\.meta\b/.test(text) ? asModule(url) + text : text;
    if (isJavaScript) return own;
    const code = server.compileSlice(own, url);
    // Bun takes TypeScript as it is; what another runtime cannot compile, it may leave as it is.
    const isCode = code === own || (code && parseModule(code, "file:///slice.js")) !== undefined;
    if (code !== undefined && isCode) return code;
    throw this.#refusals.because(
      "it uses TypeScript that is not compiled here, such as decorators. Build the program to JavaScript first, " +
        "or export the function from its own module",
    );
  }

  #meaning(): string {
    const { names, lifted } = this.#reach;
    const { text } = this.#layout.tree;
    return [
      ...[...names].map(({ name, node }) => `${name}@${node.start}`),
      ...[...lifted].map(([{ name }, { node }]) => `${name}=${text.slice(node.start, node.end)}`),
    ]
      .sort()
      .join();
  }
}

/** Keeps what is used of an import: another name may be a type, which only its compiler knows. */
function keepImport(
  { node, start, end, bindings }: Piece,
  used: ReadonlySet<Binding>,
  canvas: Canvas,
  text: string,
): void {
  const isForEffect = bindings.length === 0 && /^import\s*["']/.test(text.slice(start, end));
  if (!isForEffect && !bindings.some((binding) => used.has(binding))) return;
  const specifiers = node.type === "ImportDeclaration" ? node.specifiers : [];
  let at = start;
  for (const specifier of specifiers) {
    const isUsed = bindings.some(
      (binding) => used.has(binding) && binding.name === specifier.local.name,
    );
    if (isUsed || specifier.type !== "ImportSpecifier") continue;
    const comma = /^\s*,/.exec(text.slice(specifier.end))?.[0].length ?? 0;
    canvas.keep(at, specifier.start);
    at = specifier.end + comma;
  }
  canvas.keep(at, end);
}

/** What lets `import.meta` say of a part of a module what it says of the module. */
function asModule(url: string): string {
  const text = JSON.stringify(url);
  return (
    `{ const { pathname } = new URL(${text}), path = decodeURIComponent(pathname).replace(/^\\/([A-Za-z]:)/, "$1"); ` +
    `for (const [key, value] of Object.entries({ url: ${text}, filename: path, dirname: path.replace(/[^/]*$/, "").slice(0, -1) })) ` +
    "if (key in import.meta) try { Object.defineProperty(import.meta, key, { value, configurable: true }); } catch {} }"
  );
}

/** Comments that say how JSX is compiled. */
function jsxComments({ text, url }: ModuleTree): string {
  if (!/\.[jt]sx(?:[?#]|$)/.test(url)) return "";
  return (text.match(/@jsx\w*\s+[\w./@-]+/g) ?? []).map((comment) => `/** ${comment} */`).join("");
}
