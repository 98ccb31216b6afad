// Checks from_canvass.json with @cloudflare/blindrsa-ts and @hpke/core, and makes papers and sealed
// ballots of its own. Usage: node make.mjs from_canvass.json > from_javascript.json

import { createHash, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

const { subtle } = webcrypto;
const here = dirname(fileURLToPath(import.meta.resolve("@cloudflare/blindrsa-ts")));
const { emsa_pss_encode } = await import(join(here, "util.js"));

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const base64url = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const utf8 = (text) => new TextEncoder().encode(text);
const join_ = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const sha256 = (data) => new Uint8Array(createHash("sha256").update(data).digest());
const number = (data) => BigInt("0x" + hex(data));

const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === "object"
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
      : value;

const source = readFileSync(process.argv[2]);
const given = JSON.parse(source);
const catalogue = JSON.parse(given.catalogue);
const [entry] = catalogue.papers;
const canonical = utf8(JSON.stringify(sorted(catalogue)));
const catalogueHash = sha256(canonical);

// Papers.
const jwk = { e: entry.e, kty: "RSA", n: entry.n };
const keyId = sha256(utf8(JSON.stringify(jwk)));
const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
const publicKey = await subtle.importKey("jwk", { ...jwk, ext: true }, algorithm, true, ["verify"]);
const privateKey = await subtle.importKey(
  "pkcs8", bytes(given.paper_key_pkcs8), algorithm, true, ["sign"],
);
const suite = RSABSSA.SHA384.PSS.Randomized();
const message = suite.prepare(keyId);
const { blindedMsg, inv } = await suite.blind(publicKey, message);
const blindSignature = await suite.blindSign(privateKey, blindedMsg);
const signature = await suite.finalize(publicKey, message, blindSignature, inv);

const altered = (text) => {
  const data = bytes(text);
  data[Math.floor(data.length / 3)] ^= 1;
  return data;
};

// The same request from the same seed, with WebCrypto's HKDF and BigInt.
const seedKey = await subtle.importKey("raw", bytes(given.seed), "HKDF", false, ["deriveBits"]);
const derive = async (purpose, length) =>
  new Uint8Array(
    await subtle.deriveBits(
      {
        name: "HKDF",
        hash: "SHA-256",
        salt: utf8("canvass paper 1"),
        info: join_(utf8(purpose + "\0"), keyId),
      },
      seedKey,
      length * 8,
    ),
  );
const power = (base, exponent, modulus) => {
  let result = 1n;
  for (base %= modulus; exponent; exponent >>= 1n, base = (base * base) % modulus)
    if (exponent & 1n) result = (result * base) % modulus;
  return result;
};
const n = number(base64url(entry.n));
const e = number(base64url(entry.e));
const seedMessage = join_(await derive("nonce", 32), keyId);
// emsa_pss_encode draws its salt itself, so it is given the derived one through getRandomValues.
const salt = await derive("salt", 48);
const draw = webcrypto.getRandomValues;
globalThis.crypto.getRandomValues = (target) => (target.set(salt), target);
const encoded = await emsa_pss_encode(seedMessage, 2047, { hash: "SHA-384", sLen: 48 });
globalThis.crypto.getRandomValues = draw;
const factor = 1n + (number(await derive("factor", 256 + 16)) % (n - 1n));
const seedBlinded = (number(encoded) * power(factor, e, n)) % n;

// Ballots.
const hpke = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});
const nullifier = sha256(join_(utf8("canvass paper nullifier 1\0"), bytes(given.message)));
const outer = join_(utf8("canvass ballot 1 outer\0"), catalogueHash, keyId, nullifier);
const inner = join_(utf8("canvass ballot 1 inner\0"), catalogueHash, keyId);
const holder = async (role) => {
  const pair = await hpke.kem.deriveKeyPair(bytes(given.secrets[role]));
  const { x, y } = catalogue.holders.find((found) => found.role === role);
  const point = join_([4], base64url(x), base64url(y));
  const same = hex(await hpke.kem.serializePublicKey(pair.publicKey)) === hex(point);
  const id = sha256(utf8(JSON.stringify({ crv: "P-256", kty: "EC", x, y })));
  return { pair, same, id: Buffer.from(id).toString("base64url") };
};
const holders = { hr: await holder("hr"), union: await holder("union") };
const open = async (key, sealed, info) => {
  const recipient = { recipientKey: key.pair.privateKey, enc: sealed.slice(0, 65).buffer, info };
  return new Uint8Array(await hpke.open(recipient, sealed.slice(65)));
};
const close = async (key, block, info) => {
  const sealed = await hpke.seal({ recipientPublicKey: key.pair.publicKey, info }, block);
  return join_(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
};
const openBoth = async (sealed) =>
  open(holders.union, await open(holders.hr, sealed, outer), inner).then(hex, () => "refused");
const openAny = (sealed) => openBoth(sealed).catch(() => "refused");

const padded = (...parts) => {
  const block = join_(...parts);
  return join_(block, new Uint8Array(128 - block.length));
};
const blocks = [
  padded([1, 0, 3, 0], [0, 1, 2]),
  padded([1, 0, 1, 32], [250], sha256(utf8("panel"))),
  padded([1, 0, 0, 0]),
];
const ballots = [];
for (const block of blocks) {
  const sealed = await close(holders.hr, await close(holders.union, block, inner), outer);
  ballots.push({ block: hex(block), sealed: hex(sealed) });
}

console.log(
  JSON.stringify(
    {
      source_sha256: hex(sha256(source)),
      catalogue_hash: hex(catalogueHash),
      canonical: Buffer.from(canonical).toString() === given.catalogue,
      paper_key_id: Buffer.from(keyId).toString("base64url"),
      holder_keys: { hr: holders.hr.same, union: holders.union.same },
      holder_ids: { hr: holders.hr.id, union: holders.union.id },
      nullifier: hex(nullifier),
      signature_valid: await suite.verify(publicKey, bytes(given.signature), bytes(given.message)),
      altered_signature_valid: await suite.verify(
        publicKey, altered(given.signature), bytes(given.message),
      ),
      altered_message_valid: await suite.verify(
        publicKey, bytes(given.signature), altered(given.message),
      ),
      seed_message: hex(seedMessage),
      seed_blinded: seedBlinded.toString(16).padStart(512, "0"),
      opened: await Promise.all(given.ballots.map(({ sealed }) => openAny(bytes(sealed)))),
      opened_altered: await Promise.all(given.ballots.map(({ sealed }) => openAny(altered(sealed)))),
      paper: {
        message: hex(message),
        blinded: hex(blindedMsg),
        inverse: hex(inv),
        blind_signature: hex(blindSignature),
        signature: hex(signature),
      },
      ballots,
    },
    null,
    1,
  ),
);
