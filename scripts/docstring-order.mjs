/**
 * The order in a docstring: what is said of Python comes before the tags.
 *
 * Editors show what stands behind a tag as part of that tag, and so `Python:` as part of
 * the last `@throws`.
 */

/**
 * Puts the `Python:` and `Differs:` paragraphs of all docstrings in front of their tags.
 *
 * @param {string} source
 * @returns {string} The same where all are in order.
 */
export function inOrder(source) {
  return source.replaceAll(/^( *)\/\*\*\n([^]*?)\n *\*\//gm, (whole, indent, body) => {
    const lines = String(body)
      .split("\n")
      .map((line) => line.replace(/^ *\* ?/, ""));
    const ordered = reordered(lines);
    if (ordered.join("\n") === lines.join("\n")) return whole;
    const text = ordered.map((line) => `${indent} * ${line}`.trimEnd()).join("\n");
    return `${indent}/**\n${text}\n${indent} */`;
  });
}

/**
 * Whether a paragraph about Python stands behind a tag.
 *
 * @param {string} doc A docstring without the asterisks.
 */
export function isOutOfOrder(doc) {
  const lines = doc.split("\n");
  return reordered(lines).join("\n") !== doc;
}

/** @param {readonly string[]} lines */
function reordered(lines) {
  const firstTag = lines.findIndex((line) => line.startsWith("@"));
  if (firstTag === -1) return lines;
  const head = lines.slice(0, firstTag);
  /** @type {string[]} */
  const about = [];
  /** @type {string[]} */
  const tags = [];
  let isCode = false;
  let isAbout = false;
  for (const line of lines.slice(firstTag)) {
    if (line.startsWith("```")) isCode = !isCode;
    if (!isCode && /^(Python|Differs): /.test(line)) {
      isAbout = true;
      // A paragraph each: Markdown would put them on one line.
      about.push("");
    } else if (line === "" || line.startsWith("@")) isAbout = false;
    (isAbout ? about : tags).push(line);
  }
  if (about.length === 0) return lines;
  return [...withoutEnd(head), ...about, "", ...withoutEnd(withoutDoubles(tags))];
}

/** @param {readonly string[]} lines */
function withoutDoubles(lines) {
  return lines.filter((line, i) => line !== "" || lines[i - 1] !== "");
}

/** @param {readonly string[]} lines */
function withoutEnd(lines) {
  const end = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, end + 1);
}
