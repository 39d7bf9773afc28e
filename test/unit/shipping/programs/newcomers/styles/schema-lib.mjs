/* oxlint-disable -- code as someone new writes it */
export class SchemaError extends Error {
  constructor(path, what) {
    super(`${path.join(".") || "value"} ${what}`);
    this.name = "SchemaError";
    this.path = path;
  }
}
class Schema {
  constructor(checks = []) {
    this.checks = checks;
  }
  with(check) {
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, {
      checks: [...this.checks, check],
    });
  }
  optional() {
    return Object.assign(
      this.with(() => undefined),
      { isOptional: true },
    );
  }
  parse(value, path = []) {
    if (value === undefined && this.isOptional) return value;
    for (const check of this.checks) {
      const problem = check(value, path);
      if (problem) throw new SchemaError(path, problem);
    }
    return value;
  }
  safeParse(value) {
    try {
      return { success: true, data: this.parse(value) };
    } catch (error) {
      return { success: false, error };
    }
  }
}
class Text extends Schema {
  min = (length) => this.with((value) => (value.length < length ? "is too short" : ""));
  regex = (pattern) => this.with((value) => (pattern.test(value) ? "" : `is not ${pattern}`));
}
const is = (type) => (value) => (typeof value === type ? "" : `is no ${type}`);
export const string = () => new Text([is("string")]);
export const number = () => new Schema([is("number")]);
export const object = (shape) =>
  new Schema([
    (value, path) => {
      for (const [key, schema] of Object.entries(shape)) schema.parse(value[key], [...path, key]);
    },
  ]);
export const array = (item) =>
  new Schema([(value, path) => void value.map((each, i) => item.parse(each, [...path, i]))]);
