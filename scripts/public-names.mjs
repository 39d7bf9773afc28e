/**
 * Finds everything that users of the package can name or see in a type, with its docstring.
 *
 * Reads the declarations that the build writes. TypeScript 7 has no stable interface for
 * programs: the old version that the consumers' tests use has one.
 */

import { relative } from "node:path";

import ts from "typescript-5.4";

import { root } from "./commands.mjs";

/**
 * @typedef {"class" | "function" | "constant" | "type" | "interface" | "namespace" | "constructor"
 *   | "method" | "property" | "field"} Kind A property belongs to a class, a field to anything else.
 *
 * @typedef {object} PublicName
 * @property {string} module The first subpath that exports it: `heddle/threading`.
 * @property {string} name `Lock`, or `Lock.acquire`.
 * @property {string} file Where its source is.
 * @property {Kind} kind
 * @property {boolean} isExported Not exported: part of the type of something that is.
 * @property {boolean} isBase A class that an exported class extends.
 * @property {boolean} isError A class of errors, or a member of one.
 * @property {boolean} isCallable Whether it is called, rather than read.
 * @property {boolean} hasParameters
 * @property {string | undefined} doc Its docstring without the asterisks.
 * @property {readonly string[]} durations The parameters and options that are lengths or points of time.
 */

const DURATION =
  /^(ms|timeout|delay|interval|when|duration|.*(Timeout|Delay|Interval|Duration|Deadline|Ms))$/;

/**
 * @param {Record<string, string>} entries Declaration files by the name of their module.
 * @param {ts.CompilerOptions} [options]
 * @returns {PublicName[]} In the order of the exports, members after what they belong to.
 */
export function publicNames(entries, options = {}) {
  const program = ts.createProgram(Object.values(entries), {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
    skipLibCheck: true,
    ...options,
  });
  const walk = new Walk(program);
  for (const [module, file] of Object.entries(entries)) walk.visitModule(module, file);
  walk.visitTypes();
  return walk.names;
}

/** One pass over the exports, and then over the types that they mention. */
class Walk {
  /** @type {PublicName[]} */
  names = [];
  /** @type {Set<ts.Symbol>} */
  #seen = new Set();
  /** Types to look at: those that were mentioned. @type {[module: string, symbol: ts.Symbol][]} */
  #mentioned = [];
  /** The exported classes that extend a class. @type {Map<ts.Symbol, Set<string>>} */
  #subclasses = new Map();
  #program;
  #checker;

  /** @param {ts.Program} program */
  constructor(program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  /**
   * @param {string} module
   * @param {string} file
   */
  visitModule(module, file) {
    const source = this.#program.getSourceFile(file);
    const symbol = source && this.#checker.getSymbolAtLocation(source);
    if (symbol === undefined) throw new Error(`Cannot read the declarations "${file}"`);
    for (const exported of this.#checker.getExportsOfModule(symbol)) {
      this.#visit(module, exported.name, this.#resolved(exported), true);
    }
  }

  /** Visits what the types of the exports mention, and what their types mention. */
  visitTypes() {
    for (let next = this.#mentioned.shift(); next; next = this.#mentioned.shift()) {
      const [module, symbol] = next;
      // Users know a class that is not exported by the one that extends it.
      const [subclass, another] = this.#subclasses.get(symbol) ?? [];
      const isKnown = subclass !== undefined && another === undefined;
      this.#visit(module, isKnown ? subclass : symbol.name, symbol, false);
    }
  }

  /** @param {ts.Symbol} symbol */
  #resolved(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /**
   * @param {string} module
   * @param {string} name
   * @param {ts.Symbol} symbol
   * @param {boolean} isExported
   */
  #visit(module, name, symbol, isExported) {
    const declarations = symbol.declarations?.filter((each) => this.#isOurs(each)) ?? [];
    const [first] = declarations;
    if (first === undefined || this.#seen.has(symbol)) return;
    this.#seen.add(symbol);
    const isError = ts.isClassDeclaration(first) && this.#derivesFromError(first);
    /** @type {Owner} */
    const owner = { module, isExported, isError, path: name };
    this.#add(owner, name, kindOf(first), declarations);
    for (const each of declarations) {
      this.#noteSubclass(name, each);
      this.#noteMentioned(module, each);
      this.#visitMembers(owner, each);
    }
  }

  /**
   * @param {Owner} owner
   * @param {ts.Node} declaration
   */
  #visitMembers(owner, declaration) {
    const isClass = ts.isClassDeclaration(declaration);
    const members =
      isClass || ts.isInterfaceDeclaration(declaration)
        ? declaration.members
        : typeLiterals(declaration).flatMap((each) => [...each.members]);
    /** @type {Map<string, ts.Declaration[]>} */
    const byName = new Map();
    for (const member of members) {
      const name = memberName(member);
      if (name === undefined || isPrivate(member)) continue;
      byName.set(name, [...(byName.get(name) ?? []), member]);
    }
    for (const [name, declarations] of byName) {
      const [first] = declarations;
      if (first === undefined) continue;
      const kind = memberKind(first, isClass);
      if (docOf(declarations) === undefined && this.#isInherited(declaration, name)) continue;
      this.#add(owner, `${owner.path}.${name}`, kind, declarations);
    }
  }

  /**
   * @param {Owner} owner
   * @param {string} name
   * @param {Kind} kind
   * @param {readonly ts.Declaration[]} declarations
   */
  #add({ module, isExported, isError }, name, kind, declarations) {
    const [first] = declarations;
    if (first === undefined) return;
    const signatures = declarations.filter((each) => ts.isFunctionLike(each));
    const isCallable = kind === "function" || kind === "method" || kind === "constructor";
    const durations = isCallable
      ? signatures.flatMap((each) => this.#durationsOf(each))
      : DURATION.test(name.split(".").at(-1) ?? "") && this.#isNumber(first)
        ? [name.split(".").at(-1) ?? ""]
        : [];
    this.names.push({
      module,
      name,
      kind,
      isExported,
      isBase: this.#isBase(first),
      isError,
      isCallable,
      file: sourceOf(first.getSourceFile().fileName),
      hasParameters: signatures.some((each) => each.parameters.length > 0),
      doc: docOf(declarations),
      durations: [...new Set(durations)],
    });
  }

  /** @param {ts.Declaration} declaration */
  #isBase(declaration) {
    if (!ts.isClassDeclaration(declaration) || declaration.name === undefined) return false;
    const symbol = this.#checker.getSymbolAtLocation(declaration.name);
    return symbol !== undefined && this.#subclasses.has(symbol);
  }

  /** @param {ts.SignatureDeclaration} signature */
  #durationsOf(signature) {
    return signature.parameters.flatMap((parameter) => {
      const name = parameter.name.getText();
      if (DURATION.test(name) && this.#isNumber(parameter)) return [name];
      if (!/options/i.test(name)) return [];
      const type = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(parameter));
      return type
        .getProperties()
        .filter((each) => {
          const [declaration] = each.declarations ?? [];
          return DURATION.test(each.name) && declaration && this.#isNumber(declaration);
        })
        .map((each) => `${name}.${each.name}`);
    });
  }

  /** @param {ts.Node} node */
  #isNumber(node) {
    const type = this.#checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    return parts.some((part) => part.flags & ts.TypeFlags.NumberLike);
  }

  /**
   * Whether something that it extends or implements has the member, with its docstring.
   *
   * @param {ts.Node} declaration
   * @param {string} name
   * @returns {boolean}
   */
  #isInherited(declaration, name) {
    if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration))
      return false;
    const bases = (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types]);
    return bases.some((base) => {
      const symbol = this.#checker
        .getTypeAtLocation(base)
        .getProperties()
        .find((each) => each.declarations?.some((member) => memberName(member) === name));
      const declarations = symbol?.declarations ?? [];
      return (
        declarations.some((each) => !this.#isOurs(each)) ||
        docOf(declarations) !== undefined ||
        declarations.some((each) => this.#isInherited(each.parent, name))
      );
    });
  }

  /** @param {ts.ClassDeclaration} declaration */
  #derivesFromError(declaration) {
    const type = this.#checker.getTypeAtLocation(declaration);
    return ["name", "message", "stack"].every((each) => type.getProperty(each) !== undefined);
  }

  /**
   * @param {string} name
   * @param {ts.Declaration} declaration
   */
  #noteSubclass(name, declaration) {
    if (!ts.isClassDeclaration(declaration)) return;
    const clause = declaration.heritageClauses?.find(
      (each) => each.token === ts.SyntaxKind.ExtendsKeyword,
    );
    for (const { expression } of clause?.types ?? []) {
      const symbol = this.#checker.getSymbolAtLocation(expression);
      if (symbol === undefined) continue;
      const base = this.#resolved(symbol);
      this.#subclasses.set(base, (this.#subclasses.get(base) ?? new Set()).add(name));
    }
  }

  /**
   * Notes the types that a declaration mentions, to be visited later.
   *
   * @param {string} module
   * @param {ts.Node} node
   */
  #noteMentioned(module, node) {
    if (ts.isClassElement(node) && isPrivate(node)) return;
    if (ts.isIdentifier(node)) {
      const symbol = this.#checker.getSymbolAtLocation(node);
      const type = symbol && this.#resolved(symbol);
      if (
        type &&
        type.flags & (ts.SymbolFlags.Type | ts.SymbolFlags.TypeAlias) &&
        !(type.flags & ts.SymbolFlags.TypeParameter)
      ) {
        this.#mentioned.push([module, type]);
      }
    }
    ts.forEachChild(node, (child) => this.#noteMentioned(module, child));
  }

  /** @param {ts.Node} node */
  #isOurs(node) {
    const file = node.getSourceFile();
    return (
      !this.#program.isSourceFileDefaultLibrary(file) && !file.fileName.includes("node_modules")
    );
  }
}

/** @typedef {{ module: string, isExported: boolean, isError: boolean, path: string }} Owner */

/**
 * @param {ts.Declaration} declaration
 * @returns {Kind}
 */
function kindOf(declaration) {
  if (ts.isClassDeclaration(declaration)) return "class";
  if (ts.isFunctionDeclaration(declaration)) return "function";
  if (ts.isInterfaceDeclaration(declaration)) return "interface";
  if (ts.isTypeAliasDeclaration(declaration)) return "type";
  if (ts.isSourceFile(declaration)) return "namespace";
  return "constant";
}

/**
 * @param {ts.Declaration} member
 * @param {boolean} isOfClass
 * @returns {Kind}
 */
function memberKind(member, isOfClass) {
  if (ts.isConstructorDeclaration(member)) return "constructor";
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) return "method";
  return isOfClass ? "property" : "field";
}

/**
 * The object types that a type alias is made of, but not those inside its members.
 *
 * @param {ts.Node} node
 * @returns {ts.TypeLiteralNode[]}
 */
function typeLiterals(node) {
  if (ts.isTypeLiteralNode(node)) return [node];
  if (ts.isTypeAliasDeclaration(node)) return typeLiterals(node.type);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) {
    return node.types.flatMap(typeLiterals);
  }
  return ts.isParenthesizedTypeNode(node) ? typeLiterals(node.type) : [];
}

/** @param {ts.Node} member */
function memberName(member) {
  if (ts.isConstructorDeclaration(member)) return "constructor";
  const { name } = /** @type {ts.NamedDeclaration} */ (member);
  if (name === undefined || ts.isPrivateIdentifier(name)) return undefined;
  const text = name.getText();
  return text === "[Symbol.toStringTag]" ? undefined : text;
}

/** @param {ts.Node} member */
function isPrivate(member) {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  const { name } = /** @type {ts.NamedDeclaration} */ (member);
  return (
    modifiers.some((each) => each.kind === ts.SyntaxKind.PrivateKeyword) ||
    (name !== undefined && ts.isPrivateIdentifier(name))
  );
}

/**
 * The docstrings of all declarations, as editors show them: a value and a type of the
 * same name have one each, overloads have one together.
 *
 * @param {readonly ts.Declaration[]} declarations
 * @returns {string | undefined}
 */
function docOf(declarations) {
  const docs = declarations.map((declaration) => {
    // A variable's docstring stands before the whole statement.
    const owner = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const { text } = owner.getSourceFile();
    return ts
      .getLeadingCommentRanges(text, owner.pos)
      ?.map(({ pos, end }) => text.slice(pos, end))
      .findLast((each) => each.startsWith("/**"))
      ?.slice(3, -2)
      .replaceAll(/^[ \t]*\* ?/gm, "")
      .trim();
  });
  const found = docs.filter(Boolean).join("\n\n");
  return found === "" ? undefined : found;
}

/**
 * The source of a declaration file, for messages.
 *
 * @param {string} file
 */
function sourceOf(file) {
  return relative(root, file)
    .replace(/^dist\//, "src/")
    .replace(/\.d\.ts$/, ".ts");
}
