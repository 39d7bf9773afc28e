// The part of node:process that our tests of asyncio use, in a page: what heddle prints there
// goes to the console.

const print = console.error.bind(console);
const stderr = { write: (text) => print(text) };
console.error = (...parts) => stderr.write(`${parts.join(" ")}\n`);

export default { stderr, env: {}, versions: {} };
