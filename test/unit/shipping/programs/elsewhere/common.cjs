exports.hits = 0;
exports.hit = () => exports.hits++;
exports.fixed = 3;
