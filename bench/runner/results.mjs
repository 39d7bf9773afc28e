/** The measurements of one contender at one case, and what can be said of them. */

/** The value below which so large a share of the others lies, interpolated. */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

export const median = (values) => quantile(values, 0.5);

export class Result {
  /** Measurements by round; a slow contender skips some. */
  rounds = new Map();

  get values() {
    return [...this.rounds.values()].map(({ value }) => value);
  }

  get median() {
    return median(this.values);
  }

  /** Half the distance between the quartiles, as a share of the median. */
  get spread() {
    return (quantile(this.values, 0.75) - quantile(this.values, 0.25)) / 2 / this.median;
  }

  /** The median of another number of the measurement; undefined when there is none. */
  column(name) {
    const numbers = [...this.rounds.values()].map((measurement) => measurement[name]);
    return numbers.includes(undefined) ? undefined : median(numbers);
  }

  /** How many times `other` this is: the median of the ratios of the rounds that both took part in. */
  ratioTo(other) {
    const shared = [...this.rounds.keys()].filter((round) => other.rounds.has(round));
    return median(
      shared.map((round) => this.rounds.get(round).value / other.rounds.get(round).value),
    );
  }
}
