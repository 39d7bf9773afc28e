const state = { n: 1 };
exports.double = (n) => n * 2;
exports.state = state;
exports.grow = () => state.n++;
