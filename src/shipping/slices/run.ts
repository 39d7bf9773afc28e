/**
 * Reads what runs when a piece of a module does, function by function: the walk by which
 * changes.ts finds what it changes. Effects of what it finds are noted in effects.ts.
 *
 * What a piece does includes what the functions do that it calls or passes on, and those that
 * are held by what it mentions: a name says that all in it may run. Only what it gives to workers
 * does not run here.
 */
import type * as Acorn from "acorn";
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
import {
  APPLIES,
  type CallNode,
  catchesErrors,
  constructorOf,
  isCalledByItself,
  isOfGlobalObject,
  memberName,
} from "./forms.ts";
import { keepsArguments, looksInto, makesList } from "./lists.ts";
import { isRequired, type Piece, type Pieces } from "./pieces.ts";
import { Present } from "./present.ts";
import { Shippers } from "./shippers.ts";
import { type FindSetUps, setsUp, type StatementPlace, Statements } from "./statements.ts";
import { DEEP } from "./sources.ts";
import { Uses } from "./uses.ts";
import { MOST_NESTED, type Values } from "./values.ts";

/** What runs when a piece does. */
export class Run {
  readonly effects: Effects;
  /** The functions that it gives away. */
  readonly given: Set<SyntaxNode> = new Set();
  readonly uses: Uses;
  readonly #values: Values;
  readonly #shippers: Shippers;
  readonly statements: Statements;
  readonly #seen = new Set<SyntaxNode>();
  readonly #mentioned = new Set<Binding>();
  #isTop = true;
  #nested = 0;
  /** How many calls around what is read give it to a function that ships it. */
  #ships = 0;
  /** Whether what is read may run once the pieces after this one have run. */
  #isLate = false;
  readonly #present: Present;
  /** Functions that call each other too deep to be read where they are called. */
  readonly #postponed: (readonly [fn: SyntaxNode, isMaking: boolean])[] = [];
  /** The expression whose value is not used. */
  #statement: SyntaxNode | undefined;
  /** Whether what the function that is read gives back is only kept. */
  #isMaking = false;

  /**
   * @param waits Whether the module waits for the piece.
   * @param find What finds that imports are set up. Default: that is not looked for.
   */
  constructor(tree: ModuleTree, pieces: Pieces, values: Values, waits: boolean, find?: FindSetUps) {
    this.#values = values;
    this.uses = new Uses(values, waits ? "it awaits" : undefined);
    this.#present = new Present(values, pieces, waits);
    this.effects = new Effects(values, tree.text);
    this.#shippers = new Shippers(values, pieces, tree.text);
    this.statements = new Statements(values, pieces, this.effects, find);
  }

  piece({ node, end }: Piece): void {
    this.#present.end = end;
    if (isClass(node)) this.#declareClass(node);
    else this.#code(node);
    this.#isLate = true;
    for (const [fn, isMaking] of this.#postponed) this.function(fn, isMaking);
  }

  /** Reads code that runs. */
  // oxlint-disable-next-line max-lines-per-function -- a case for each kind of syntax
  #code(node: SyntaxNode): void {
    this.#values.isExhausted();
    switch (node.type) {
      case "Identifier":
        this.uses.note(node);
        return this.#mention(node);
      case "TryStatement":
        return this.#try(node);
      case "FunctionDeclaration":
        return; // runs when it is mentioned
      case "ReturnStatement":
        if (!node.argument || !this.#isMaking) break;
        return this.#create(node.argument);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#passed(node);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#declareClass(node);
      case "VariableDeclarator":
        this.#pattern(node.id, node.init);
        // A pattern may call getters.
        if (node.init && node.id.type === "Identifier") this.#create(node.init);
        else if (node.init) this.#code(node.init);
        return;
      case "ObjectPattern":
        return this.#keys(node);
      case "AssignmentExpression":
        this.effects.target(node.left);
        this.#pattern(node.left, node.right);
        if (this.#isKept(node)) this.#create(node.right);
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
        this.#statement = withoutTypes(node.expression);
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
        // What was put into it by methods, or from anywhere.
        if (node.object.type === "ThisExpression" || isOfGlobalObject(node))
          this.#runAll(this.#functionsIn(node));
        break;
      default:
    }
    for (const each of childNodes(node)) this.#code(each);
  }

  #try({ block, handler, finalizer }: SyntaxNode & { type: "TryStatement" }): void {
    this.uses.within(Boolean(handler), () => this.#code(block));

    for (const each of [handler, finalizer]) if (each) this.#code(each);
  }

  /** Reads what gives a variable its value: functions in it run when the variable is mentioned. */
  #create(given: SyntaxNode): void {
    const node = withoutTypes(given);
    switch (node?.type) {
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return;
      case "Identifier":
        return this.uses.note(node);
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
  #isKept(node: Acorn.AssignmentExpression): boolean {
    if (node !== this.#statement || !/^(?:\?\?|&&|\|\|)?=$/.test(node.operator)) return false;
    const binding = this.#values.holder(node.left);
    return binding !== undefined && binding.kind !== "import" && !isRequired(binding.node);
  }

  /**
   * Reads the code of a function that runs.
   *
   * @param isMaking Whether what it gives back is only kept. Default: it may run.
   */
  function(fn: SyntaxNode, isMaking = false): void {
    if (this.#seen.has(fn) || this.#values.isExhausted()) return;
    if (this.#nested > MOST_NESTED) return void this.#postponed.push([fn, isMaking]);
    this.#seen.add(fn);
    this.#nested += 1;
    const before = [this.#isTop, this.#isMaking, this.#isLate] as const;
    [this.#isTop, this.#isMaking] = [false, isMaking];
    if (isFunction(fn) && fn.async) this.#isLate = true;
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
    [this.#isTop, this.#isMaking, this.#isLate] = before;
    this.#nested -= 1;
  }

  /** A function that something is given may be called later. */
  #passed(fn: SyntaxNode): void {
    const before = this.#isLate;
    this.#isLate = true;
    this.function(fn);
    this.#isLate = before;
  }

  /** Its static blocks and fields run where it stands; its constructor when it is called. */
  #declareClass(node: ClassNode): void {
    if (node.superClass && node.superClass.type !== "Identifier") this.#code(node.superClass);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") {
        this.effects.within({ ...this.effects.frame, holder: member }, () => {
          for (const each of childNodes(member)) this.#code(each);
        });
      } else if ("computed" in member && member.computed) this.#code(member.key);
      if (member.type === "PropertyDefinition" && member.static && member.value) {
        this.#create(member.value);
      }
    }
  }

  /** The constructors of a class and of those that it extends, and what their fields are given. */
  #construct(node: ClassNode): void {
    for (const each of this.#values.lineage(node)) {
      if (this.#seen.has(each)) continue;
      this.#seen.add(each);
      for (const member of each.body.body) {
        if (member.type === "MethodDefinition" && isCalledByItself(member)) {
          this.function(member.value);
        } else if (member.type === "PropertyDefinition" && !member.static && member.value) {
          this.#create(member.value);
        }
      }
    }
  }

  /** Reads what may run since a member is used. */
  #member(object: SyntaxNode, name: string): void {
    for (const value of this.#values.members.used(object, name, this.effects.frame.holder)) {
      if (!isFunction(value)) {
        this.#runAll(this.#functionsIn(value));
        continue;
      }
      this.function(value);
      for (const depth of this.effects.depthsInThis(value)) this.effects.fill(object, depth);
    }
    // Any member may be meant; what is in a variable runs where that is mentioned.
    if (name === "") this.#runAll(this.#functionsIn(object));
  }

  /** All functions that a variable holds may run. */
  #mention(node: SyntaxNode): void {
    const binding = this.#values.bindingOf(node);
    if (binding === undefined) return this.#runAll(this.#values.functionsIn(node));
    if (this.#mentioned.has(binding)) return;
    this.#mentioned.add(binding);
    this.#runAll(this.#present.of(binding, this.#isLate));
  }

  /** Those in what an expression gives, as far as they are there when the piece runs. */
  #functionsIn(node: SyntaxNode): Iterable<SyntaxNode> {
    return this.#present.in(node, this.#isLate);
  }

  get #place(): StatementPlace {
    return { isTop: this.#isTop, isRunHere: this.#ships === 0 };
  }

  #runAll(functions: Iterable<SyntaxNode>): void {
    for (const fn of functions) this.function(fn);
  }

  /** Reads a call, or what is made with `new`. */
  #call(node: CallNode): void {
    const callee = withoutTypes(node.callee);
    if (callee === undefined) return;
    const isCaught = catchesErrors(callee, node.arguments.length);
    this.uses.within(isCaught, () => this.#callOf(node, callee));
  }

  #callOf(node: CallNode, callee: SyntaxNode): void {
    if (this.#shippers.isShipping(node, callee)) return this.#ship(node, callee);
    for (const argument of node.arguments) {
      for (const fn of this.#functionsIn(argument)) this.given.add(fn);
    }
    if (callee.type === "MemberExpression")
      this.effects.methodCall(callee, node.arguments, this.statements);
    const own = node.type === "NewExpression" ? this.#values.classOf(callee) : undefined;
    if (own !== undefined) {
      this.#construct(own);
      const fn = constructorOf(own);
      if (fn) this.effects.parameters(fn, node.arguments);
    } else {
      if (!isFunction(callee)) this.#code(callee);
      this.#called(callee, node.arguments);
    }
    for (const [at, argument] of node.arguments.entries()) {
      const isShipped = this.#shippers.shipsParameter(callee, at);
      if (isShipped) this.#ships += 1;
      this.#code(argument);
      if (isShipped) this.#ships -= 1;
    }
    for (const argument of node.arguments) this.effects.callback(argument, callee, node.arguments);
    // It may use any member of what it is given.
    if (looksInto(callee, this.#values))
      for (const argument of node.arguments) this.#runAll(this.#functionsIn(argument));
  }

  #ship(node: CallNode, callee: SyntaxNode): void {
    this.#code(callee);
    for (const argument of node.arguments) {
      for (const fn of this.#functionsIn(argument)) this.given.add(fn);
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
      if (APPLIES.test(name)) return this.#applied(callee.object, args);
      if (name === "") return;
      for (const fn of this.#values.methodsOf(callee)) {
        this.function(fn);
        for (const depth of this.effects.depthsInThis(fn)) this.effects.fill(callee.object, depth);
        this.effects.parameters(fn, args);
      }
      return;
    }
    const binding = callee.type === "Identifier" ? this.#values.bindingOf(callee) : undefined;
    for (const fn of binding
      ? this.#present.of(binding, this.#isLate)
      : this.#functionsIn(callee)) {
      this.function(fn);
      this.effects.parameters(fn, args);
    }
  }

  /** `f.call(…)`, `f.apply(…)`, `f.bind(…)`: its arguments are somewhere in what is given. */
  #applied(callee: SyntaxNode, args: readonly SyntaxNode[]): void {
    for (const fn of this.#functionsIn(callee)) {
      this.function(fn);
      if (this.effects.changesWhatItGets(fn))
        for (const argument of args) this.effects.fill(argument, DEEP);
    }
  }

  /** Taking values out of an iterator leaves it without them; a pattern does so too. */
  #pattern(pattern: SyntaxNode, value: SyntaxNode | null | undefined): void {
    if (value && withoutTypes(pattern)?.type === "ArrayPattern") this.effects.consume(value);
    this.#keys(pattern, value);
  }

  /** What the keys and defaults of a pattern do, and getters of what it takes apart. */
  #keys(pattern: SyntaxNode, value?: SyntaxNode | null): void {
    const node = withoutTypes(pattern);
    if (node === undefined || node.type === "Identifier" || node.type === "MemberExpression")
      return;
    if (node.type === "AssignmentPattern") this.#code(node.right);
    for (const each of childNodes(node)) {
      if (each.type === "Property") {
        if (each.computed) this.#code(each.key);
        const name = keyName(each.key, each.computed);
        if (value) this.#member(value, name);
        else this.#runAll(this.#values.members.accessors(name));
        this.#keys(each.value);
      } else this.#keys(each);
    }
  }
}
