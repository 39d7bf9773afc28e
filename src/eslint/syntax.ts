/** The little of a linter's syntax trees (ESTree, with TypeScript's types) that the rules look at. */

export interface Node {
  readonly type: string;
  readonly range: readonly [number, number];
  readonly parent?: Node | null;
}

export interface Identifier extends Node {
  readonly name: string;
  readonly typeAnnotation?: TypeAnnotation | null;
}

export interface TypeAnnotation extends Node {
  readonly typeAnnotation: Node & {
    readonly typeName?: Node;
    readonly returnType?: TypeAnnotation | null;
  };
}

export interface FunctionNode extends Node {
  readonly id?: Identifier | null;
  readonly body: Node | null;
  readonly generator?: boolean;
  readonly async?: boolean;
  readonly returnType?: TypeAnnotation | null;
}

export interface Call extends Node {
  readonly callee: Node;
  readonly arguments: readonly Node[];
}

export interface Member extends Node {
  readonly object: Node;
  readonly property: Node;
  readonly computed: boolean;
}

export interface Declarator extends Node {
  readonly id: Node;
  readonly init: Node | null;
}

export interface Yield extends Node {
  readonly argument: Node | null;
  readonly delegate: boolean;
}

export interface Try extends Node {
  readonly block: Node;
  readonly handler: Catch | null;
}

export interface Catch extends Node {
  readonly body: Node;
}

export interface Import extends Node {
  readonly source: { readonly value: unknown };
}

export interface ImportSpecifier extends Node {
  readonly imported: Identifier;
  readonly parent: Import;
}

export interface Variable {
  readonly defs: readonly { readonly node: Node; readonly name: Node }[];
}

interface Scope {
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
}

/** What linters give to rules. */
export interface RuleContext {
  readonly sourceCode: {
    readonly ast: Node;
    readonly visitorKeys: Readonly<Record<string, readonly string[]>>;
    getScope(node: never): unknown;
  };
  report(problem: never): void;
}

/** A rule, as ESLint and oxlint take them. Python: none */
export interface Rule {
  /** What the rule is about, and what it reports. */
  readonly meta: {
    readonly type: "problem";
    readonly docs: { readonly description: string };
    readonly fixable?: "code";
    readonly schema: [];
    readonly messages: Readonly<Record<string, string>>;
  };
  /** Called by the linter, with its own context. Python: none */
  // oxlint-disable-next-line typescript/no-explicit-any -- each linter has types of its own
  create(context: any): Record<string, (node: any) => void>;
}

const FUNCTIONS = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

export function isFunction(node: Node): node is FunctionNode {
  return FUNCTIONS.test(node.type);
}

export function isCall(node: Node | null | undefined): node is Call {
  return node?.type === "CallExpression";
}

export function isIdentifier(node: Node | null | undefined): node is Identifier {
  return node?.type === "Identifier";
}

/** The function that the node is in. */
export function functionAround(node: Node): FunctionNode | undefined {
  let outer = node.parent;
  while (outer !== undefined && outer !== null) {
    if (isFunction(outer)) return outer;
    outer = outer.parent;
  }
  return undefined;
}

/** The node and all below it, without the insides of functions in it. */
export function* nodesWithin(context: RuleContext, top: Node): Generator<Node> {
  const rest = [top];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    yield node;
    for (const key of context.sourceCode.visitorKeys[node.type] ?? []) {
      const below = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const each of Array.isArray(below) ? below : [below])
        if (each !== null && each !== undefined && !isFunction(each)) rest.push(each);
    }
  }
}

/** What a name means where it stands. */
export function variableOf(context: RuleContext, identifier: Identifier): Variable | undefined {
  let scope = context.sourceCode.getScope(identifier as never) as Scope | null;
  while (scope !== null) {
    const variable = scope.set.get(identifier.name);
    if (variable !== undefined) return variable;
    scope = scope.upper;
  }
  return undefined;
}
