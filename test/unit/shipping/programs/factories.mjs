/* oxlint-disable -- code as it may be written, not as it should be */
/** Objects that methods give: those that a class or another object keeps, and those that are made anew. */
import { either, report, same } from "./compare.mjs";
class ByName {
  static items = [];
  static all() {
    return ByName.items;
  }
}
class ByThis {
  static items = [];
  static all() {
    return this.items;
  }
}
class ByInstance {
  items = [];
  all() {
    return this.items;
  }
  static of() {
    return new ByInstance();
  }
}
const shared = ByInstance.of();
class ByArgument {
  static pass(list) {
    return list;
  }
}
const passed = [];
class Fresh {
  n = 0;
  static make() {
    return new Fresh();
  }
  step() {
    this.n += 1;
    return this;
  }
}
class Kept {
  static made = [];
  static make() {
    const one = new Kept();
    Kept.made.push(one);
    return one;
  }
  n = 0;
  step() {
    this.n++;
  }
}
const chained = Fresh.make().step();
class Apart {
  n = 0;
  static make() {
    return new Apart();
  }
  step() {
    this.n += 1;
    return this;
  }
}
function makeApart() {
  const one = Apart.make();
  one.step();
  return Apart.make().step().n + one.n;
}
async function main() {
  makeApart();
  ByName.all().push(1);
  ByThis.all().push(1);
  shared.all().push(1);
  ByArgument.pass(passed).push(1);
  Fresh.make().step();
  Kept.make().step();
  await null;
}
await main();
await either("by name", () => ByName.items);
await either("by this", () => ByThis.items);
await either("by instance", () => shared.items);
await either("by argument", () => passed);
await either("fresh", () => Fresh.make().n);
await either("kept", () => Kept.made);
await either("chained", () => chained.n);
await same("one that is made and kept nowhere", makeApart);
await report();
