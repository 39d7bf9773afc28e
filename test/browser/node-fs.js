// The part of node:fs that our tests of asyncio use, in a page: the server has the files.

export function readFileSync(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  if (request.status !== 200) throw new Error(`Cannot read "${url}": status ${request.status}`);
  return request.responseText;
}
