/** As a page is that is not isolated: there is no SharedArrayBuffer. */
Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
const { Lock } = await import("heddle/threading");

try {
  console.log(String(new Lock()));
} catch (error) {
  console.log(String(error));
}
