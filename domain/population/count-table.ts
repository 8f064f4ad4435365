const loadFactorMax = 0.5;
const capacityMin = 1_024;
/** Odd constants that spread neighbouring ids (https://en.wikipedia.org/wiki/Hash_function#Fibonacci_hashing). */
const firstMultiplier = 0x9e3779b1;
const secondMultiplier = 0x85ebca6b;

/** Signed counts by two ids, each from 0 to 2^31 − 1; grows as needed and allocates nothing while it does not. */
export class CountTable {
  #first = new Int32Array(capacityMin).fill(-1);
  #second = new Int32Array(capacityMin);
  #counts = new Int32Array(capacityMin);
  #size = 0;

  add(first: number, second: number, amount: number): void {
    const place = this.#placeOf(first, second);
    if (this.#first[place] === -1) {
      if (this.#size >= this.#first.length * loadFactorMax) {
        this.#grow();
        this.add(first, second, amount);
        return;
      }
      this.#first[place] = first;
      this.#second[place] = second;
      this.#size += 1;
    }
    this.#counts[place] = (this.#counts[place] ?? 0) + amount;
  }

  /** Visits every count that is not 0, in no order. */
  forEach(visit: (first: number, second: number, count: number) => void): void {
    for (let place = 0; place < this.#first.length; place += 1) {
      const count = this.#counts[place] ?? 0;
      if (count !== 0) visit(this.#first[place] ?? 0, this.#second[place] ?? 0, count);
    }
  }

  #placeOf(first: number, second: number): number {
    const mask = this.#first.length - 1;
    const hash = Math.imul(first, firstMultiplier) ^ Math.imul(second, secondMultiplier);
    let place = (hash ^ (hash >>> 15)) & mask;
    while (this.#first[place] !== -1) {
      if (this.#first[place] === first && this.#second[place] === second) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const [first, second, counts] = [this.#first, this.#second, this.#counts];
    const capacity = first.length * 2;
    this.#first = new Int32Array(capacity).fill(-1);
    this.#second = new Int32Array(capacity);
    this.#counts = new Int32Array(capacity);
    for (let from = 0; from < first.length; from += 1) {
      const id = first[from] ?? -1;
      if (id === -1) continue;
      const place = this.#placeOf(id, second[from] ?? 0);
      this.#first[place] = id;
      this.#second[place] = second[from] ?? 0;
      this.#counts[place] = counts[from] ?? 0;
    }
  }
}
