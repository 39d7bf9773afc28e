/** The list of differences from Python: what stands after `Differs:` in the docstrings. */

/** @typedef {import("./public-names.mjs").PublicName} PublicName */

const HEAD = `# Differences from Python

Made from the \`Differs:\` lines of the docstrings by \`npm run docs\`. What holds everywhere is
not repeated: names are in camelCase, keyword arguments are one options object, times are in
milliseconds, and what may wait returns a promise and has a blocking twin that ends in \`Sync\`.
`;

const ABSENT = `## What is absent

- \`InterpreterPoolExecutor\` and \`BrokenInterpreterPool\` (\`concurrent.futures\`): each worker of \`ThreadPoolExecutor\` has modules and globals of its own already, as an interpreter has; what the class adds in Python is there.
- \`settrace\`, \`gettrace\`, \`setprofile\`, \`getprofile\`, \`settrace_all_threads\` and \`setprofile_all_threads\` (\`threading\`): no JavaScript engine calls a function for each line or call. Use the runtime's inspector or profiler, which see worker threads; \`dump()\` says where threads wait.
`;

/**
 * @param {readonly PublicName[]} names
 * @returns {string} A document, formatted.
 */
export function differencesIn(names) {
  /** @type {Map<string, string[]>} */
  const modules = new Map();
  /** @param {PublicName} a @param {PublicName} b */
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  for (const { module, name, doc = "", kind } of [...names].sort(byName)) {
    const { text, python } = differenceIn(doc);
    if (text === undefined) continue;
    const from = python === undefined ? "" : ` (${python})`;
    const item = `- \`${name}${kind === "method" || kind === "function" ? "()" : ""}\`${from}: ${text}`;
    modules.set(module, [...(modules.get(module) ?? []), item]);
  }
  const order = [...new Set(names.map(({ module }) => module))];
  const byModule = (/** @type {string} */ a, /** @type {string} */ b) =>
    order.indexOf(a) - order.indexOf(b);
  const parts = [...modules]
    .sort(([a], [b]) => byModule(a, b))
    .map(([module, items]) => `## ${module}\n\n${items.join("\n")}\n`);
  return [HEAD, ...parts, ABSENT].join("\n");
}

/** @param {string} doc */
function differenceIn(doc) {
  const text = /^Differs:\s*([^]*?)(?=\n\s*\n|\n@|\nPython:|$(?![^]))/m.exec(doc)?.[1];
  const python = /\bPython:\s*(`.*`)/.exec(doc)?.[1];
  return {
    text: text
      ?.replaceAll(/\{@link\s+([^}\s]+)\s*\}/g, "`$1`")
      .replaceAll(/\s*\n\s*/g, " ")
      .trim(),
    python,
  };
}
