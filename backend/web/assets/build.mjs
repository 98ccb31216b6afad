// Compiles the style sheets into ../static, mirrors-by-nature, with checksums. Run: npm run build
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const out = new URL("../static/", import.meta.url);
const notice =
  "/*! Canvass style sheet (MPL-2.0). Contains a subset of govuk-frontend 6.6.0, MIT: see LICENCE-govuk-frontend.txt */\n";

const sides = { left: "start", right: "end" };
const rules = [
  [/\b(margin|padding)-(left|right)\b/g, (_, box, side) => `${box}-inline-${sides[side]}`],
  [/\bborder-(left|right)\b/g, (_, side) => `border-inline-${sides[side]}`],
  [/(?<=[;{])(left|right):/g, (_, side) => `inset-inline-${sides[side]}:`],
  [/\btext-align:(left|right)\b/g, (_, side) => `text-align:${sides[side]}`],
  [/\bfloat:(left|right)\b/g, (_, side) => `float:inline-${sides[side]}`],
  [/\bclear:(left|right)\b/g, (_, side) => `clear:inline-${sides[side]}`],
];

for (const name of ["booth", "office"]) {
  const { css } = compile(new URL(`scss/${name}.scss`, import.meta.url).pathname, {
    style: "compressed",
    charset: false,
    loadPaths: [new URL("node_modules/govuk-frontend/dist/", import.meta.url).pathname],
    quietDeps: true,
  });
  const logical = rules.reduce((text, [pattern, turn]) => text.replace(pattern, turn), css);
  writeFileSync(new URL(`${name}.css`, out), notice + logical + "\n");
}

const sums = readdirSync(out)
  .filter((name) => name !== "SHA256SUMS")
  .sort()
  .map((name) => `${createHash("sha256").update(readFileSync(new URL(name, out))).digest("hex")}  ${name}\n`);
writeFileSync(new URL("SHA256SUMS", out), sums.join(""));
