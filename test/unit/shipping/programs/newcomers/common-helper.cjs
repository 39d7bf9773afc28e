/* oxlint-disable -- code as someone new writes it */
exports.SEPARATOR = "_";
exports.slug = (text) => text.toLowerCase().split(" ").join("-");
