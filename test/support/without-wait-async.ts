/** Preloaded in every thread of a program: makes it a runtime without `Atomics.waitAsync`, as some browsers are. */
Reflect.deleteProperty(Atomics, "waitAsync");
