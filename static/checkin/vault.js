// What a device keeps for working without network: encrypted by a key that no script can take out of
// this browser. Lose the device, and a copy of its disk tells nothing without its system.

const request = (asked) => new Promise((done, failed) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

const finished = (transaction) => new Promise((done, failed) => {
  transaction.oncomplete = () => done();
  transaction.onerror = transaction.onabort = () => failed(transaction.error);
});

export class Vault {
  #db;
  #key;

  /** Opens the vault of one event's door. */
  static async open(name) {
    const opening = indexedDB.open(`plenary-door-${name}`, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("key");
      opening.result.createObjectStore("values");
      opening.result.createObjectStore("queue", { autoIncrement: true });
    };
    const vault = new Vault();
    vault.#db = await request(opening);
    vault.#key = await request(vault.#db.transaction("key").objectStore("key").get("aes"));
    if (!vault.#key) {
      const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const transaction = vault.#db.transaction("key", "readwrite");
      // Another tab may have been faster: the key that is there stands.
      const store = transaction.objectStore("key");
      const there = await request(store.get("aes"));
      if (!there) store.put(made, "aes");
      await finished(transaction);
      vault.#key = there ?? made;
    }
    return vault;
  }

  async #seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, plain) };
  }

  async #unseal(kept) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, this.#key, kept.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  /** A value, or undefined when there is none. */
  async get(name) {
    const kept = await request(this.#db.transaction("values").objectStore("values").get(name));
    return kept && this.#unseal(kept);
  }

  async set(name, value) {
    const sealed = await this.#seal(value);
    const transaction = this.#db.transaction("values", "readwrite");
    transaction.objectStore("values").put(sealed, name);
    await finished(transaction);
  }

  async remove(name) {
    const transaction = this.#db.transaction("values", "readwrite");
    transaction.objectStore("values").delete(name);
    await finished(transaction);
  }

  /** Adds a scan that the server has not heard of. It is on the disk when this is done. */
  async enqueue(scan) {
    const sealed = await this.#seal(scan);
    const transaction = this.#db.transaction("queue", "readwrite", { durability: "strict" });
    transaction.objectStore("queue").add(sealed);
    await finished(transaction);
  }

  /** The first scans that wait: [{place, scan}]. */
  async waiting(most) {
    const store = this.#db.transaction("queue").objectStore("queue");
    const [places, kept] = await Promise.all([request(store.getAllKeys(null, most)), request(store.getAll(null, most))]);
    const scans = await Promise.all(kept.map((one) => this.#unseal(one)));
    return places.map((place, at) => ({ place, scan: scans[at] }));
  }

  async count() {
    return request(this.#db.transaction("queue").objectStore("queue").count());
  }

  async dequeue(places) {
    const transaction = this.#db.transaction("queue", "readwrite");
    for (const place of places) transaction.objectStore("queue").delete(place);
    await finished(transaction);
  }
}
