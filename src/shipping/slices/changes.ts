// oxlint-disable max-lines -- one walk, whose cases call each other
/**
 * What code at the top level of a module changes when it runs: the variables that it assigns
 * to, and the objects in variables that it fills.
 *
 * A worker evaluates the declarations that a function reaches, and not the rest of the module.
 * If the rest has changed one of these, the function would find another value in the worker. So
 * what changes a variable either runs with it, if it can run again without any other effect, or
 * the function is refused.
 *
 * What a piece does includes what the functions do that it calls or passes on, and those that
 * are held by what it mentions: a name says that all in it may run. Only what it gives to workers
 * does not run here.
 */
import { isWithin } from "../syntax/free-variables.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import {
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { isMemo } from "./memo.ts";
import {
  declaresFunction,
  isHeddle,
  isRequired,
  type Piece,
  type Pieces,
  specifierOf,
} from "./pieces.ts";
import { depthIn, shipsByName } from "./forms.ts";
import { DEEP, MOST_NESTED, Values } from "./values.ts";
import { server } from "#platform";

export interface Changes {
  /** The module's variables that it changes, besides those that it declares. */
  readonly of: ReadonlySet<Binding>;
  /** Whether it assigns to the variables, or changes what is in them. */
  readonly assigned: ReadonlySet<Binding>;
  /** Why it cannot run in a worker for what it changes: `it awaits`. Undefined if it can. */
  readonly obstacle: string | undefined;
  /** The functions that it gives away, and so may ship. */
  readonly given: ReadonlySet<SyntaxNode>;
  /** The variables that it may read where an error would not end the program: before they have a value, for example. */
  readonly tried: ReadonlySet<Binding>;
  /** Whether the module waits for it. */
  readonly waits: boolean;
}

/** Globals whose use has no effect on the program. */
const PURE = new Set(
  `undefined NaN Infinity Math Object Array String Number BigInt Boolean Symbol JSON Date RegExp Intl
  Map Set WeakMap WeakSet Reflect Error TypeError RangeError parseInt parseFloat isNaN isFinite
  ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
  Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array URL URLSearchParams TextEncoder
  TextDecoder structuredClone atob btoa encodeURIComponent decodeURIComponent encodeURI decodeURI`.split(
    /\s+/,
  ),
);

/** Methods that change what they are called on. */
const FILLS =
  /^(?:set|add|push|unshift|pop|shift|fill|delete|clear|splice|sort|reverse|copyWithin|append|next|set[A-Z]\w*)$/;
/** Methods by which a regular expression that has a state changes it. */
const MATCHES = /^(?:test|exec)$/;
/** Functions of `Object` and `Reflect` that change their first argument. */
const FILLS_ARGUMENT =
  /^(?:assign|definePropert(?:y|ies)|setPrototypeOf|set|deleteProperty|freeze|seal)$/;
/** Methods that loggers have: they print, and change nothing that a function could see. */
const PRINTS =
  /^(?:log|info|warn|error|debug|trace|fatal|verbose|time|timeEnd|timeLog|group|groupEnd|table)$/;

/** Methods that are called for what they do to their object, whatever they give. */
const SETS_UP =
  /^(?:extend|use|install|plugin|mixin|locale|(?:add|config|enable|init|patch|register|set)\w*)$/;
/** What of heddle's runs its function in a worker, or hands one to them. */
const SHIPPERS = /^(?:toThread|Thread|Process|Timer|task|startNewThread|\w+Executor)$/;

/** Functions that are read for one piece: more than any program has. */
const MOST_CALLS = 5000;

/** Finds what each piece changes. */
export function changesOf(tree: ModuleTree, pieces: Pieces): ReadonlyMap<Piece, Changes> {
  const reader = new Reader(tree, pieces);
  const changes = new Map<Piece, Changes>();
  for (const piece of pieces.all) {
    if (piece.kind === "import" || declaresFunction(piece)) continue;
    const found = reader.read(piece);
    if (found.of.size + found.given.size + found.tried.size > 0) changes.set(piece, found);
  }
  return changes;
}

type CallNode = SyntaxNode & { type: "CallExpression" | "NewExpression" };

class Reader {
  readonly #tree: ModuleTree;
  readonly #pieces: Pieces;
  readonly #values: Values;

  constructor(tree: ModuleTree, pieces: Pieces) {
    this.#tree = tree;
    this.#pieces = pieces;
    this.#values = new Values(tree);
  }

  read(piece: Piece): Changes {
    const { root, awaits } = this.#tree.scopes;
    const waits = awaits.some(({ node, inside }) => inside === undefined && isWithin(node, piece));
    const run = new Run(this.#tree, this.#pieces, this.#values, waits ? "it awaits" : undefined);
    try {
      run.piece(piece);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#tooDeep(piece, waits); // it nests deeper than the stack
    }
    // The scope around it is CommonJS's, with `exports`.
    const isOwn = ({ scope }: Binding): boolean => scope === root || scope === root.outer;
    const of = new Set([...run.changed.keys()].filter(isOwn));
    for (const binding of piece.bindings) of.delete(binding);
    // Like an initialiser, an assignment may use what it likes.
    const obstacle = !waits && isAssignment(piece.node) ? undefined : run.obstacle;
    const { assigned, given, tried } = run;
    return { of, assigned, obstacle, given, tried, waits };
  }

  /** Anything that it names may have been changed. */
  #tooDeep({ references, bindings }: Piece, waits: boolean): Changes {
    const of = new Set<Binding>();
    for (const { binding } of references) {
      if (binding?.scope === this.#tree.scopes.root && !bindings.includes(binding)) of.add(binding);
    }
    const obstacle = "it is too large to be followed";
    return { of, assigned: new Set(), obstacle, given: new Set(), tried: new Set(), waits };
  }
}

/** What runs when a piece does. */
class Run {
  /** How deep in what the variables hold: 0 is the variable or the object itself. */
  readonly changed = new Map<Binding, Set<number>>();
  readonly assigned = new Set<Binding>();
  readonly given = new Set<SyntaxNode>();
  readonly tried = new Set<Binding>();
  obstacle: string | undefined;
  readonly #tree: ModuleTree;
  readonly #pieces: Pieces;
  readonly #values: Values;
  readonly #seen = new Set<SyntaxNode>();
  readonly #mentioned = new Set<Binding>();
  /** Functions that change their `this`, and how deep in it. */
  readonly #changeThis = new Map<SyntaxNode, Set<number>>();
  readonly #filled = new Set<string>();
  /** The function whose body is read, and the one whose `this` is meant in it. */
  #body: SyntaxNode | undefined;
  #holder: SyntaxNode | undefined;
  #isTop = true;
  #nested = 0;
  /** How many places around what is read keep its errors from ending the program. */
  #tries = 0;
  /** Of the parameters and `arguments` of a function, those that have changed. */
  readonly #parametersChanged = new Map<SyntaxNode, Set<Binding>>();

  constructor(tree: ModuleTree, pieces: Pieces, values: Values, obstacle: string | undefined) {
    this.#tree = tree;
    this.#pieces = pieces;
    this.#values = values;
    this.obstacle = obstacle;
  }

  piece({ node }: Piece): void {
    if (isClass(node)) this.#declareClass(node);
    else this.#code(node);
  }

  /** Reads code that runs. */
  #code(node: SyntaxNode): void {
    this.#values.isExhausted();
    switch (node.type) {
      case "Identifier":
        this.#use(node);
        return this.#mention(this.#values.bindingOf(node));
      case "TryStatement":
        if (node.handler) this.#tries += 1;
        this.#code(node.block);
        if (node.handler) this.#tries -= 1;
        if (node.handler) this.#code(node.handler);
        if (node.finalizer) this.#code(node.finalizer);
        return;
      case "FunctionDeclaration":
        return; // runs when it is mentioned
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#declareClass(node);
      case "VariableDeclarator":
        this.#pattern(node.id, node.init);
        // A pattern may call getters.
        if (node.init && node.id.type === "Identifier") this.#create(node.init);
        else if (node.init) this.#code(node.init);
        return;
      case "AssignmentExpression":
        this.#target(node.left);
        this.#pattern(node.left, node.right);
        if (this.#isKept(node.left)) this.#create(node.right);
        else this.#code(node.right);
        if (node.left.type !== "Identifier") this.#code(node.left);
        return;
      case "UpdateExpression":
        this.#target(node.argument);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") this.#target(node.argument);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type !== "VariableDeclaration") this.#target(node.left);
        if (node.type === "ForOfStatement") this.#consume(node.right);
        break;
      case "SpreadElement":
        this.#consume(node.argument);
        break;
      case "YieldExpression":
        if (node.delegate) this.#consume(node.argument);
        break;
      case "ExpressionStatement":
        this.#statement(node.expression);
        break;
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      case "TaggedTemplateExpression":
        this.#called(node.tag, []);
        break;
      default:
    }
    for (const each of childNodes(node)) this.#code(each);
  }

  /** Reads what gives a variable its value: functions in it run when the variable is mentioned. */
  #create(given: SyntaxNode): void {
    const node = withoutTypes(given);
    switch (node?.type) {
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return;
      case "Identifier":
        return this.#use(node);
      case "ArrayExpression":
        for (const element of node.elements) {
          if (element?.type === "SpreadElement") this.#code(element);
          else if (element) this.#create(element);
        }
        return;
      case "ObjectExpression":
        for (const property of node.properties) {
          if (property.type === "SpreadElement") this.#create(property.argument);
          else {
            if (property.computed) this.#code(property.key);
            this.#create(property.value);
          }
        }
        return;
      default:
        if (node) this.#code(node);
    }
  }

  /** Whether what is assigned stays within the module, until the variable is mentioned. */
  #isKept(target: SyntaxNode): boolean {
    const binding = this.#values.holder(target);
    return binding !== undefined && binding.kind !== "import" && !isRequired(binding.node);
  }

  #function(fn: SyntaxNode): void {
    if (this.#seen.has(fn) || this.#seen.size > MOST_CALLS) return;
    if (this.#nested > MOST_NESTED || this.#values.isExhausted()) return;
    this.#seen.add(fn);
    this.#nested += 1;
    const [body, holder, isTop] = [this.#body, this.#holder, this.#isTop];
    this.#body = fn;
    this.#isTop = false;
    if (fn.type !== "ArrowFunctionExpression") this.#holder = fn;
    const expression =
      fn.type === "ArrowFunctionExpression" && fn.body.type !== "BlockStatement" ? fn.body : null;
    if (expression && setsUp(expression)) this.#statement(expression);
    for (const each of childNodes(fn)) {
      if (!("id" in fn && each === fn.id)) this.#code(each);
    }
    [this.#body, this.#holder, this.#isTop] = [body, holder, isTop];
    this.#nested -= 1;
  }

  /** Its static blocks and fields run where it stands; its constructor when it is called. */
  #declareClass(node: ClassNode): void {
    if (node.superClass && node.superClass.type !== "Identifier") this.#code(node.superClass);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") this.#inHolder(member);
      else if ("computed" in member && member.computed) this.#code(member.key);
      if (member.type === "PropertyDefinition" && member.static && member.value) {
        this.#create(member.value);
      }
    }
  }

  #inHolder(block: SyntaxNode): void {
    const holder = this.#holder;
    this.#holder = block;
    for (const each of childNodes(block)) this.#code(each);
    this.#holder = holder;
  }

  /** The constructors of a class and of those that it extends, and what their fields are given. */
  #construct(node: ClassNode): void {
    for (const each of this.#values.lineage(node)) {
      if (this.#seen.has(each)) continue;
      this.#seen.add(each);
      for (const member of each.body.body) {
        if (member.type === "MethodDefinition" && member.kind === "constructor") {
          this.#function(member.value);
        } else if (member.type === "PropertyDefinition" && !member.static && member.value) {
          this.#create(member.value);
        }
      }
    }
  }

  /** All functions that a variable holds may run. */
  #mention(binding: Binding | undefined): void {
    if (binding === undefined || this.#mentioned.has(binding)) return;
    this.#mentioned.add(binding);
    for (const fn of this.#values.functionsOf(binding)) this.#function(fn);
  }

  /** A call on a line of its own is there for what it does to its object, or to what it is given. */
  #statement(expression: SyntaxNode): void {
    const node = withoutTypes(expression);
    switch (node?.type) {
      case "UnaryExpression":
      case "AwaitExpression":
        if (node.argument) this.#statement(node.argument);
        return;
      case "ChainExpression":
        return this.#statement(node.expression);
      case "SequenceExpression":
        for (const each of node.expressions) this.#statement(each);
        return;
      case "LogicalExpression":
        return this.#statement(node.right);
      case "ConditionalExpression":
        this.#statement(node.consequent);
        return this.#statement(node.alternate);
      case "CallExpression":
        return this.#statementCall(node);
      default:
    }
  }

  #statementCall(node: SyntaxNode & { type: "CallExpression" }): void {
    // `a.b().c()`: what it is about is `a`.
    let call: SyntaxNode | undefined = node;
    let callee: SyntaxNode | undefined;
    while (call?.type === "CallExpression") {
      callee = withoutTypes(call.callee);
      const object = callee?.type === "MemberExpression" ? withoutTypes(callee.object) : undefined;
      if (object?.type !== "CallExpression") break;
      call = object;
    }
    if (callee?.type === "MemberExpression") {
      const name = callee.property.type === "Identifier" ? callee.property.name : "";
      if (PRINTS.test(name)) return;
      this.#fill(callee.object, FILLS.test(name) ? 0 : DEEP);
    } else if (callee?.type === "Identifier" && this.#isForeign(callee)) {
      if (SETS_UP.test(callee.name)) this.#setUp(callee);
      if (!this.#isTop) return;
      for (const argument of node.arguments) {
        const binding = this.#values.holder(argument);
        if (binding && this.#values.isObject(binding) && !this.#isMethod(argument))
          this.#fill(argument, DEEP);
      }
    }
  }

  /** What an import sets up is its module: all that is imported from there. */
  #setUp(callee: SyntaxNode): void {
    const specifierFor = (binding: Binding | undefined): string | undefined => {
      const [piece] = (binding && this.#pieces.of.get(binding)) ?? [];
      return piece && specifierOf(piece);
    };
    const specifier = specifierFor(this.#values.bindingOf(callee));
    for (const binding of this.#pieces.of.keys()) {
      if (binding.kind === "import" && specifierFor(binding) === specifier) this.#note(binding, 0);
    }
  }

  /** Whether an expression gives a function of an object, and not the object. */
  #isMethod(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (node?.type !== "MemberExpression" || node.computed) return false;
    const { name = "" } = node.property as { name?: string };
    return this.#values.methods(name).length > 0;
  }

  /** Whether a function comes from a module of the user's or of a package's. */
  #isForeign(callee: SyntaxNode): boolean {
    const binding = this.#values.bindingOf(callee);
    const [piece] = (binding && this.#pieces.of.get(binding)) ?? [];
    const specifier = piece && specifierOf(piece);
    return specifier !== undefined && !server.isBuiltinModule(specifier);
  }

  #call(node: CallNode): void {
    const callee = withoutTypes(node.callee);
    if (callee === undefined) return;
    const catches = catchesErrors(callee, node.arguments.length);
    if (catches) this.#tries += 1;
    this.#callOf(node, callee);
    if (catches) this.#tries -= 1;
  }

  #callOf(node: CallNode, callee: SyntaxNode): void {
    if (this.#isShipping(node, callee)) return this.#ship(node, callee);
    for (const argument of node.arguments) {
      for (const fn of this.#values.functionsIn(argument)) this.given.add(fn);
    }
    if (callee.type === "MemberExpression") this.#methodCall(callee, node.arguments);
    const own = node.type === "NewExpression" ? this.#values.classOf(callee) : undefined;
    if (own !== undefined) {
      this.#construct(own);
      for (const member of own.body.body) {
        if (member.type === "MethodDefinition" && member.kind === "constructor")
          this.#parameters(member.value, node.arguments);
      }
    } else {
      this.#code(callee);
      this.#called(callee, node.arguments);
    }
    for (const argument of node.arguments) this.#code(argument);
    for (const argument of node.arguments) this.#callback(argument, callee, node.arguments);
  }

  #methodCall(
    callee: SyntaxNode & { type: "MemberExpression" },
    args: readonly SyntaxNode[],
  ): void {
    if (callee.property.type !== "Identifier" || callee.computed) return;
    const { name } = callee.property;
    if (FILLS.test(name)) this.#fill(callee.object, 0);
    const object = this.#values.holder(callee.object);
    if (MATCHES.test(name) && object && this.#values.isStateful(object)) {
      this.#fill(callee.object, 0);
    }
    const host = withoutTypes(callee.object);
    const isStatic = host?.type === "Identifier" && /^(?:Object|Reflect)$/.test(host.name);
    if (isStatic && FILLS_ARGUMENT.test(name) && args[0]) this.#fill(args[0], 0);
    if (host?.type === "Identifier" && host.name === "Array" && name === "from" && args[0])
      this.#consume(args[0]);
  }

  /** Whether a call runs its function in a worker, not here. */
  #isShipping(node: CallNode, callee: SyntaxNode): boolean {
    if (callee.type === "Identifier") {
      return SHIPPERS.test(callee.name) && this.#isOfHeddle(callee);
    }
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
    const { name } = callee.property;
    if (SHIPPERS.test(name) && this.#isOfHeddle(callee.object)) return true;
    if (!shipsByName(callee, node.arguments.length)) return false;
    const object = this.#values.holder(callee.object);
    // Whether a parameter is a pool, the text does not say.
    return object === undefined || object.kind === "parameter" || this.#isMadeByHeddle(object);
  }

  #isMadeByHeddle(binding: Binding, asked: Set<Binding> = new Set()): boolean {
    if (asked.has(binding)) return false; // it is made of itself
    asked.add(binding);
    return this.#values.of(binding).some(({ node }) => this.#makesOfHeddle(node, asked));
  }

  /** Also what passes it on, as a compiled `using` does. */
  #makesOfHeddle(given: SyntaxNode, asked: Set<Binding>): boolean {
    let made = withoutTypes(given);
    if (made?.type === "AwaitExpression") made = withoutTypes(made.argument);
    if (made?.type !== "NewExpression" && made?.type !== "CallExpression") return false;
    const holder = this.#values.holder(made.callee);
    if (holder && this.#isOfHeddleBinding(holder)) return true;
    if (holder && this.#isMadeByHeddle(holder, asked)) return true;
    return made.arguments.some((argument) => this.#makesOfHeddle(argument, asked));
  }

  #isOfHeddle(node: SyntaxNode): boolean {
    const binding = this.#values.holder(node);
    return binding !== undefined && this.#isOfHeddleBinding(binding);
  }

  #isOfHeddleBinding(binding: Binding): boolean {
    const [piece] = this.#pieces.of.get(binding) ?? [];
    return isHeddle((piece && specifierOf(piece)) ?? "");
  }

  #ship(node: CallNode, callee: SyntaxNode): void {
    this.#code(callee);
    for (const argument of node.arguments) {
      const held = this.#values.functionsIn(argument);
      for (const fn of held) this.given.add(fn);
      this.#create(argument);
    }
  }

  /** Reads the functions of this module that a call may be of. */
  #called(given: SyntaxNode, args: readonly SyntaxNode[]): void {
    const callee = withoutTypes(given);
    if (callee === undefined) return;
    if (isFunction(callee)) {
      this.#function(callee);
      return this.#parameters(callee, args);
    }
    if (callee.type === "MemberExpression") {
      const name = callee.computed ? undefined : (callee.property as { name?: string }).name;
      if (/^(?:call|apply|bind)$/.test(name ?? "")) return this.#applied(callee.object, args);
      if (name === "apply" || name === undefined) return;
      for (const fn of this.#values.methodsOf(callee.object, name)) {
        this.#function(fn);
        for (const depth of this.#changeThis.get(fn) ?? []) this.#fill(callee.object, depth);
        this.#parameters(fn, args);
      }
      return;
    }
    for (const fn of this.#values.functionsIn(callee)) {
      this.#function(fn);
      this.#parameters(fn, args);
    }
  }

  /** `f.call(…)`, `f.apply(…)`, `f.bind(…)`: its arguments are somewhere in what is given. */
  #applied(callee: SyntaxNode, args: readonly SyntaxNode[]): void {
    for (const fn of this.#values.functionsIn(callee)) {
      this.#function(fn);
      const changes = this.#changeThis.has(fn) || this.#changedParameters(fn).length > 0;
      if (changes) for (const argument of args) this.#fill(argument, DEEP);
    }
  }

  /** A function that is passed to a method gets what is in the method's object, and the other arguments. */
  #callback(given: SyntaxNode, callee: SyntaxNode, args: readonly SyntaxNode[]): void {
    if (callee.type !== "MemberExpression") return;
    for (const fn of this.#values.functionsIn(given)) {
      for (const [, depth] of this.#changedParameters(fn)) {
        this.#fill(callee.object, depth + 1);
        for (const other of args) if (other !== given) this.#fill(other, depth);
      }
    }
  }

  /** A function that changes its parameter changes what the call gives it. */
  #parameters(fn: SyntaxNode, args: readonly SyntaxNode[]): void {
    for (const [at, depth, isRest] of this.#changedParameters(fn)) {
      for (const argument of isRest ? args.slice(at) : args.slice(at, at + 1)) {
        this.#fill(argument, depth);
      }
    }
  }

  /** Which parameters the function changes, how deep in what they are given, and whether they are several. */
  #changedParameters(fn: SyntaxNode): (readonly [at: number, depth: number, isRest: boolean])[] {
    if (!isFunction(fn)) return [];
    const found: [number, number, boolean][] = [];
    for (const binding of this.#parametersChanged.get(fn) ?? []) {
      const depths = this.changed.get(binding) ?? [];
      if (binding.name === "arguments" && binding.node === fn) found.push([0, DEEP, true]);
      if (binding.kind !== "parameter") continue;
      for (const [at, parameter] of fn.params.entries()) {
        const nested = depthIn(parameter, binding.node);
        if (nested === undefined) continue;
        const isRest = parameter.type === "RestElement";
        // To assign to a parameter changes nothing else.
        for (const depth of depths) {
          if (depth >= 0) found.push([at, Math.min(DEEP, depth + nested - Number(isRest)), isRest]);
        }
      }
    }
    return found;
  }

  #target(target: SyntaxNode): void {
    const node = withoutTypes(target);
    switch (node?.type) {
      case "MemberExpression":
        return this.#fill(node.object, 0);
      case "ObjectPattern":
        for (const property of node.properties) {
          this.#target(property.type === "RestElement" ? property.argument : property.value);
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) if (element) this.#target(element);
        return;
      case "AssignmentPattern":
        return this.#target(node.left);
      case "RestElement":
        return this.#target(node.argument);
      case "Identifier": {
        const binding = this.#values.bindingOf(node);
        if (binding === undefined) return;
        this.#note(binding, ASSIGNED);
        this.assigned.add(binding);
        return;
      }
      default:
    }
  }

  #note(binding: Binding, depth: number): void {
    const depths = this.changed.get(binding) ?? new Set();
    depths.add(depth);
    this.changed.set(binding, depths);
    if (binding.kind !== "parameter" && binding.name !== "arguments") return;
    const fn = binding.scope.node;
    this.#parametersChanged.set(fn, (this.#parametersChanged.get(fn) ?? new Set()).add(binding));
  }

  /** Taking values out of an iterator leaves it without them; a pattern does so too. */
  #pattern(pattern: SyntaxNode, value: SyntaxNode | null | undefined): void {
    if (value && withoutTypes(pattern)?.type === "ArrayPattern") this.#consume(value);
    this.#keys(pattern);
  }

  /** What the keys and defaults of a pattern do. */
  #keys(pattern: SyntaxNode): void {
    const node = withoutTypes(pattern);
    if (node === undefined || node.type === "Identifier" || node.type === "MemberExpression")
      return;
    if (node.type === "AssignmentPattern") this.#code(node.right);
    for (const each of childNodes(node)) {
      if (each.type === "Property") {
        if (each.computed) this.#code(each.key);
        this.#keys(each.value);
      } else this.#keys(each);
    }
  }

  #consume(given: SyntaxNode | null | undefined): void {
    const binding = given && this.#values.holder(given);
    if (given && binding && this.#values.isIterator(binding)) this.#fill(given, 0);
  }

  /**
   * Notes a change of an object: in all variables that may hold it.
   *
   * @param depth How deep inside of what the expression gives: 0 is that object itself.
   */
  #fill(given: SyntaxNode, depth: number): void {
    const node = withoutTypes(given);
    if (node === undefined) return;
    const key = `${node.start}:${node.end}:${depth}`;
    if (node.type !== "ThisExpression") {
      if (this.#filled.has(key)) return;
      this.#filled.add(key);
    }
    if (node.type === "ThisExpression") {
      if (this.#holder === undefined) return;
      const depths = this.#changeThis.get(this.#holder) ?? new Set();
      this.#changeThis.set(this.#holder, depths.add(depth));
      // A static block's is the class.
      return;
    }
    if (node.type === "Identifier") {
      const binding = this.#values.bindingOf(node);
      if (binding === undefined) return;
      // What is somewhere in an object may be changed by its methods, but they hardly change a function.
      if (depth === DEEP && isDeclaredFunction(binding)) return;
      if (isMemo(binding, this.#body, this.#tree.text)) return;
      this.#note(binding, depth);
      for (const value of this.#values.of(binding)) {
        this.#fill(value.node, Math.min(DEEP, depth + value.depth));
      }
      for (const value of this.#values.storedIn(binding)) {
        if (depth > 0) this.#fill(value, depth === DEEP ? DEEP : depth - 1);
      }
      return;
    }
    for (const [inner, at] of this.#values.sources(node, depth)) this.#fill(inner, at);
  }

  #use(node: SyntaxNode & { name: string }): void {
    const reference = this.#values.referenceAt(node);
    if (this.#tries > 0 && reference?.binding) this.tried.add(reference.binding);
    if (reference === undefined || this.obstacle !== undefined) return;
    const { binding, name } = reference;
    if (binding === undefined ? !PURE.has(name) : isFromElsewhere(binding)) {
      this.obstacle = `it uses ${name}`;
    }
  }
}

/** Whether the variable is declared as a function, and is always that. */
function isDeclaredFunction({ node, references }: Binding): boolean {
  if (references.some(({ isWrite }) => isWrite)) return false;
  const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : node;
  return value !== undefined && isFunction(value);
}

/** Whether a call has the errors of what it is called on, or given, as values. */
function catchesErrors(callee: SyntaxNode, args: number): boolean {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  const { name } = callee.property;
  return /^(?:catch|allSettled|any|race)$/.test(name) || (name === "then" && args > 1);
}

/** Whether an expression, of which the value may be wanted, is a call by whose name it is not. */
function setsUp(expression: SyntaxNode): boolean {
  const node = withoutTypes(expression);
  if (node?.type !== "CallExpression") return false;
  const callee = withoutTypes(node.callee);
  if (callee?.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  return SETS_UP.test(callee.property.name);
}

/** The depth of an assignment to a variable, which changes no object. */
const ASSIGNED = -1;

/** Whether what the variable holds comes from another module. */
function isFromElsewhere({ kind, name, node }: Binding): boolean {
  return kind === "import" || (kind === "implicit" && name === "require") || isRequired(node);
}

function isAssignment(node: SyntaxNode): boolean {
  return node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression";
}
