/**
 * Reads what runs when a piece of a module does, function by function: the walk by which
 * changes.ts finds what it changes. Effects of what it finds are noted in effects.ts.
 *
 * What a piece does includes what the functions do that it calls or passes on, and those that
 * are held by what it mentions: a name says that all in it may run. Only what it gives to workers
 * does not run here.
 */
import type { ModuleTree } from "../syntax/module-tree.ts";
import {
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import { type Binding, keyName } from "../syntax/scopes.ts";
import { Effects } from "./effects.ts";
import { type CallNode, catchesErrors, fills, FILLS_ARGUMENT, isPure, MATCHES } from "./forms.ts";
import { keepsArguments, makesList } from "./lists.ts";
import { isFromElsewhere, isRequired, type Piece, type Pieces } from "./pieces.ts";
import { Shippers } from "./shippers.ts";
import { type FindSetUps, setsUp, type StatementPlace, Statements } from "./statements.ts";
import { DEEP, memberName, MOST_NESTED, type Values } from "./values.ts";

/** Functions that are read for one piece: more than any program has. */
const MOST_CALLS = 5000;

/** What runs when a piece does. */
export class Run {
  readonly effects: Effects;
  /** The functions that it gives away. */
  readonly given: Set<SyntaxNode> = new Set();
  /** The variables that it reads where errors are caught. */
  readonly tried: Set<Binding> = new Set();
  /** The variables that it reads. */
  readonly read: Set<Binding> = new Set();
  /** Why a worker cannot run it. */
  obstacle: string | undefined;
  readonly #values: Values;
  readonly #shippers: Shippers;
  readonly statements: Statements;
  readonly #seen = new Set<SyntaxNode>();
  readonly #mentioned = new Set<Binding>();
  #isTop = true;
  #nested = 0;
  /** How many places around what is read keep its errors from ending the program. */
  #tries = 0;
  /** How many calls around what is read give it to a function that ships it. */
  #ships = 0;
  /** Whether what the function that is read gives back is only kept. */
  #isMaking = false;

  /** @param find What finds that imports are set up. Default: that is not looked for. */
  constructor(
    tree: ModuleTree,
    pieces: Pieces,
    values: Values,
    obstacle: string | undefined,
    find?: FindSetUps,
  ) {
    this.#values = values;
    this.obstacle = obstacle;
    this.effects = new Effects(values, tree.text);
    this.#shippers = new Shippers(values, pieces, tree.text);
    this.statements = new Statements(values, pieces, this.effects, find);
  }

  piece({ node }: Piece): void {
    if (isClass(node)) this.#declareClass(node);
    else this.#code(node);
  }

  /** Reads code that runs. */
  // oxlint-disable-next-line max-lines-per-function -- a case for each kind of syntax
  #code(node: SyntaxNode): void {
    this.#values.isExhausted();
    switch (node.type) {
      case "Identifier":
        this.#use(node);
        return this.#mention(this.#values.bindingOf(node));
      case "TryStatement":
        return this.#try(node);
      case "FunctionDeclaration":
        return; // runs when it is mentioned
      case "ReturnStatement":
        if (!node.argument || !this.#isMaking) break;
        return this.#create(node.argument);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.function(node);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#declareClass(node);
      case "VariableDeclarator":
        this.#pattern(node.id, node.init);
        // A pattern may call getters.
        if (node.init && node.id.type === "Identifier") this.#create(node.init);
        else if (node.init) this.#code(node.init);
        if (node.init && node.id.type === "ObjectPattern") {
          for (const property of node.id.properties)
            if (property.type === "Property")
              this.#member(node.init, keyName(property.key, property.computed));
        }
        return;
      case "AssignmentExpression":
        this.effects.target(node.left);
        this.#pattern(node.left, node.right);
        if (this.#isKept(node.left)) this.#create(node.right);
        else this.#code(node.right);
        if (node.left.type !== "Identifier") this.#code(node.left);
        return;
      case "UpdateExpression":
        this.effects.target(node.argument);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") this.effects.target(node.argument);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type !== "VariableDeclaration") this.effects.target(node.left);
        if (node.type === "ForOfStatement") this.effects.consume(node.right);
        break;
      case "SpreadElement":
        this.effects.consume(node.argument);
        break;
      case "YieldExpression":
        if (node.delegate) this.effects.consume(node.argument);
        break;
      case "ExpressionStatement":
        this.statements.read(node.expression, this.#place);
        break;
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      case "TaggedTemplateExpression":
        this.#called(node.tag, []);
        break;
      case "MemberExpression":
        this.#member(node.object, memberName(node));
        break;
      default:
    }
    for (const each of childNodes(node)) this.#code(each);
  }

  #try({ block, handler, finalizer }: SyntaxNode & { type: "TryStatement" }): void {
    if (handler) this.#tries += 1;
    this.#code(block);
    if (handler) this.#tries -= 1;
    if (handler) this.#code(handler);
    if (finalizer) this.#code(finalizer);
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
      case "CallExpression":
        return this.#createByCall(node);
      default:
        if (node) this.#code(node);
    }
  }

  #createByCall(node: SyntaxNode & { type: "CallExpression" }): void {
    const isKept = keepsArguments(node.callee, this.#values) || this.#shippers.isPutOff(node);
    if (!isKept && !makesList(node.callee, this.#values)) return this.#code(node);
    this.#code(node.callee);
    for (const argument of node.arguments) {
      if (isKept) this.#create(argument);
      else if (isFunction(argument)) this.function(argument, true);
      else this.#code(argument);
    }
  }

  /** Whether what is assigned stays within the module, until the variable is mentioned. */
  #isKept(target: SyntaxNode): boolean {
    const binding = this.#values.holder(target);
    return binding !== undefined && binding.kind !== "import" && !isRequired(binding.node);
  }

  get #place(): StatementPlace {
    return { isTop: this.#isTop, isRunHere: this.#ships === 0 };
  }

  /**
   * Reads the code of a function that runs.
   *
   * @param isMaking Whether what it gives back is only kept. Default: it may run.
   */
  function(fn: SyntaxNode, isMaking = false): void {
    if (this.#seen.has(fn) || this.#seen.size > MOST_CALLS) return;
    if (this.#nested > MOST_NESTED || this.#values.isExhausted()) return;
    this.#seen.add(fn);
    this.#nested += 1;
    const before = [this.#isTop, this.#isMaking] as const;
    [this.#isTop, this.#isMaking] = [false, isMaking];
    const isArrow = fn.type === "ArrowFunctionExpression";
    const { frame } = this.effects;
    this.effects.within({ body: fn, holder: isArrow ? frame.holder : fn }, () => {
      const expression = isArrow && fn.body.type !== "BlockStatement" ? fn.body : null;
      if (expression && setsUp(expression)) this.statements.read(expression, this.#place);
      for (const each of childNodes(fn)) {
        if (each === expression && isMaking) this.#create(each);
        else if (!("id" in fn && each === fn.id)) this.#code(each);
      }
    });
    [this.#isTop, this.#isMaking] = before;
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
    this.effects.within({ ...this.effects.frame, holder: block }, () => {
      for (const each of childNodes(block)) this.#code(each);
    });
  }

  /** The constructors of a class and of those that it extends, and what their fields are given. */
  #construct(node: ClassNode): void {
    for (const each of this.#values.lineage(node)) {
      if (this.#seen.has(each)) continue;
      this.#seen.add(each);
      for (const member of each.body.body) {
        if (member.type === "MethodDefinition" && member.kind === "constructor") {
          this.function(member.value);
        } else if (member.type === "PropertyDefinition" && !member.static && member.value) {
          this.#create(member.value);
        }
      }
    }
  }

  /** Reads what may run since a member is used. */
  #member(object: SyntaxNode, name: string): void {
    for (const fn of this.#values.members.used(object, name, this.effects.frame.holder)) {
      this.function(fn);
      for (const depth of this.effects.depthsInThis(fn)) this.effects.fill(object, depth);
    }
  }

  /** All functions that a variable holds may run. */
  #mention(binding: Binding | undefined): void {
    if (binding === undefined || this.#mentioned.has(binding)) return;
    this.#mentioned.add(binding);
    for (const fn of this.#values.functionsOf(binding)) this.function(fn);
  }

  /** Reads a call, or what is made with `new`. */
  #call(node: CallNode): void {
    const callee = withoutTypes(node.callee);
    if (callee === undefined) return;
    const catches = catchesErrors(callee, node.arguments.length);
    if (catches) this.#tries += 1;
    this.#callOf(node, callee);
    if (catches) this.#tries -= 1;
  }

  #callOf(node: CallNode, callee: SyntaxNode): void {
    if (this.#shippers.isShipping(node, callee)) return this.#ship(node, callee);
    for (const argument of node.arguments) {
      for (const fn of this.#values.functionsIn(argument)) this.given.add(fn);
    }
    if (callee.type === "MemberExpression") this.#methodCall(callee, node.arguments);
    const own = node.type === "NewExpression" ? this.#values.classOf(callee) : undefined;
    if (own !== undefined) {
      this.#construct(own);
      for (const member of own.body.body) {
        if (member.type === "MethodDefinition" && member.kind === "constructor")
          this.effects.parameters(member.value, node.arguments);
      }
    } else {
      this.#code(callee);
      this.#called(callee, node.arguments);
    }
    for (const [at, argument] of node.arguments.entries()) {
      const isShipped = this.#shippers.shipsParameter(callee, at);
      if (isShipped) this.#ships += 1;
      this.#code(argument);
      if (isShipped) this.#ships -= 1;
    }
    for (const argument of node.arguments) this.effects.callback(argument, callee, node.arguments);
  }

  #methodCall(
    callee: SyntaxNode & { type: "MemberExpression" },
    args: readonly SyntaxNode[],
  ): void {
    if (callee.property.type !== "Identifier" || callee.computed) return;
    const { name } = callee.property;
    const object = this.#values.holder(callee.object);
    if (fills(name) && !(object && this.statements.isLibrary(object)))
      this.effects.fill(callee.object, 0);
    if (MATCHES.test(name) && object && this.#values.isStateful(object))
      this.effects.fill(callee.object, 0);
    const host = withoutTypes(callee.object);
    const isStatic = host?.type === "Identifier" && /^(?:Object|Reflect)$/.test(host.name);
    if (isStatic && FILLS_ARGUMENT.test(name) && args[0]) this.effects.fill(args[0], 0);
    if (host?.type === "Identifier" && host.name === "Array" && name === "from" && args[0])
      this.effects.consume(args[0]);
  }

  #ship(node: CallNode, callee: SyntaxNode): void {
    this.#code(callee);
    for (const argument of node.arguments) {
      for (const fn of this.#values.functionsIn(argument)) this.given.add(fn);
      this.#create(argument);
    }
  }

  /** Reads the functions of this module that a call may be of. */
  #called(given: SyntaxNode, args: readonly SyntaxNode[]): void {
    const callee = withoutTypes(given);
    if (callee === undefined) return;
    if (isFunction(callee)) {
      this.function(callee);
      return this.effects.parameters(callee, args);
    }
    if (callee.type === "MemberExpression") {
      const name = memberName(callee);
      if (/^(?:call|apply|bind)$/.test(name)) return this.#applied(callee.object, args);
      if (name === "") return;
      for (const fn of this.#values.methodsOf(callee)) {
        this.function(fn);
        for (const depth of this.effects.depthsInThis(fn)) this.effects.fill(callee.object, depth);
        this.effects.parameters(fn, args);
      }
      return;
    }
    for (const fn of this.#values.functionsIn(callee)) {
      this.function(fn);
      this.effects.parameters(fn, args);
    }
  }

  /** `f.call(…)`, `f.apply(…)`, `f.bind(…)`: its arguments are somewhere in what is given. */
  #applied(callee: SyntaxNode, args: readonly SyntaxNode[]): void {
    for (const fn of this.#values.functionsIn(callee)) {
      this.function(fn);
      if (this.effects.changesWhatItGets(fn))
        for (const argument of args) this.effects.fill(argument, DEEP);
    }
  }

  /** Taking values out of an iterator leaves it without them; a pattern does so too. */
  #pattern(pattern: SyntaxNode, value: SyntaxNode | null | undefined): void {
    if (value && withoutTypes(pattern)?.type === "ArrayPattern") this.effects.consume(value);
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

  #use(node: SyntaxNode & { name: string }): void {
    const reference = this.#values.referenceAt(node);
    if (reference?.binding) {
      this.read.add(reference.binding);
      if (this.#tries > 0) this.tried.add(reference.binding);
    }
    if (reference === undefined || this.obstacle !== undefined) return;
    const { binding, name } = reference;
    if (binding === undefined ? !isPure(name) : isFromElsewhere(binding)) {
      this.obstacle = `it uses ${name}`;
    }
  }
}
