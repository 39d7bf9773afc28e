/**
 * Classes that a bundler can leave out.
 *
 * A bundler leaves out an unused class only if making it has no effects that it sees: a
 * `static` block or field is one. As long as each module is a file, the whole file is left
 * out, since package.json says that it has no effects. In a file of many modules every class
 * is therefore made by a function that is marked as pure. What a static block hands to the
 * module, so that the functions of the module see private fields, comes out of that function, too.
 *
 * A class that users see has its name from the property that it is made as, which no bundler and
 * no minifier changes. One that they do not see has it until it is minified.
 */
import { parse } from "acorn";

/**
 * The module with its top-level classes rewritten. Lines stay where they are.
 *
 * @param {string} text What the compiler has written.
 * @param {string} name For errors.
 * @param {(name: string) => boolean} isAmbiguous Whether another module has something of that name.
 * @param {(name: string) => boolean} isPublic Whether users see classes of that name.
 */
export function withPureClasses(text, name, isAmbiguous, isPublic) {
  const { body } = parse(text, { ecmaVersion: "latest", sourceType: "module" });
  /** @type {{ start: number, end: number, text: string }[]} */
  const edits = [];
  const isExported = (/** @type {import("acorn").Node} */ statement) =>
    statement.type === "ExportNamedDeclaration";
  const declarationOf = (/** @type {any} */ statement) =>
    isExported(statement) ? (statement.declaration ?? statement) : statement;

  /** Variables without a value, by name. @type {Map<string, any>} */
  const variables = new Map();
  for (const statement of body) {
    const declaration = declarationOf(statement);
    if (declaration.type !== "VariableDeclaration" || declaration.kind !== "let") continue;
    for (const { id } of declaration.declarations) variables.set(id.name, statement);
  }

  for (const statement of body) {
    const declaration = declarationOf(statement);
    if (declaration.type !== "ClassDeclaration") continue;
    if (isPlain(declaration) && !isAmbiguous(declaration.id.name)) continue;
    const handedOut = assignedIn(declaration).filter((variable) => variables.has(variable));
    for (const variable of handedOut) {
      const { start, end } = variables.get(variable);
      const { declarations } = declarationOf(variables.get(variable));
      if (declarations.length > 1 || declarations[0].init)
        throw new Error(`Cannot bundle ${name}: "${variable}" must be a "let" of its own`);
      edits.push({ start, end, text: "" });
    }
    const Class = declaration.id.name;
    const all = [Class, ...handedOut];
    const exported = all.filter((each) =>
      isExported(each === Class ? statement : variables.get(each)),
    );
    const isAlone = handedOut.length === 0;
    const made = isAlone ? Class : `${Class}$made`;
    checkStatic(declaration, name);
    if (isAlone && !isPublic(Class)) {
      const before = `const ${Class} = /* @__PURE__ */ (() => `;
      const after = `)();${exported.length > 0 ? ` export { ${Class} };` : ""}`;
      edits.push({ start: statement.start, end: declaration.start, text: before });
      edits.push({ start: declaration.end, end: declaration.end, text: after });
      continue;
    }
    const variablesInside = isAlone ? "" : `let ${handedOut.join(", ")}; `;
    edits.push({
      start: statement.start,
      end: declaration.start,
      // Not `({ Name: class {} }).Name`: Bun makes that a class without a name.
      text: `const ${made} = /* @__PURE__ */ (() => { ${variablesInside}const named = { ${Class}: `,
    });
    edits.push({ start: declaration.id.start, end: declaration.id.end, text: "" });
    edits.push({
      start: declaration.end,
      end: declaration.end,
      text: [
        isAlone
          ? ` }; return named.${Class}; })();`
          : ` }; return { ${[`${Class}: named.${Class}`, ...handedOut].join(", ")} }; })();`,
        ...(isAlone ? [] : all).map(
          (each) => ` const ${each} = /* @__PURE__ */ (() => ${made}.${each})();`,
        ),
        exported.length > 0 ? ` export { ${exported.join(", ")} };` : "",
      ].join(""),
    });
  }
  let result = text;
  for (const edit of edits.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

/**
 * The names of the variables that the static blocks of a class assign.
 *
 * @param {import("acorn").ClassDeclaration} declaration
 * @returns {string[]}
 */
function assignedIn(declaration) {
  return declaration.body.body
    .flatMap((member) => (member.type === "StaticBlock" ? member.body : []))
    .flatMap((statement) => {
      if (statement.type !== "ExpressionStatement") return [];
      const { expression } = statement;
      const isAssignment = expression.type === "AssignmentExpression";
      return isAssignment && expression.left.type === "Identifier" ? [expression.left.name] : [];
    });
}

/**
 * Whether a bundler sees that making the class has no effects, and leaves its name alone.
 *
 * @param {import("acorn").ClassDeclaration} declaration
 */
function isPlain({ id, body }) {
  const namesItself = (/** @type {unknown} */ part) => {
    if (typeof part !== "object" || part === null) return false;
    const { type, name } = /** @type {{ type?: string, name?: string }} */ (part);
    if (type === "Identifier" && name === id.name) return true;
    return Object.values(part).some(namesItself);
  };
  return body.body.every(
    (member) =>
      member.type !== "StaticBlock" &&
      !member.computed &&
      !(member.type === "PropertyDefinition" && member.static) &&
      !namesItself(member),
  );
}

/**
 * Refuses a class that needs itself by name while it is made: the variable has no value yet.
 *
 * @param {import("acorn").ClassDeclaration} declaration
 * @param {string} name
 */
function checkStatic({ id, body }, name) {
  const isNamed = (/** @type {unknown} */ part) => {
    if (typeof part !== "object" || part === null) return false;
    const { type } = /** @type {{ type?: string }} */ (part);
    if (type !== undefined && /Function/.test(type)) return false; // called later
    if (type === "Identifier") return /** @type {any} */ (part).name === id.name;
    return Object.values(part).some(isNamed);
  };
  for (const member of body.body) {
    const isBlock = member.type === "StaticBlock";
    const isField = member.type === "PropertyDefinition" && member.static;
    if (isNamed(isBlock ? member.body : isField && member.value))
      throw new Error(`Cannot bundle ${name}: ${id.name} names itself as it is made; use "this"`);
  }
}
