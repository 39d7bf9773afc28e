exports.shout = (text) => text.toUpperCase();
exports.count = 3;
