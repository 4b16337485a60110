// Builds the front end into ibzplan/static/ibzplan/. The result is committed; CI runs this script
// with --check, which writes nothing and fails when a committed file differs from its source.
//
// Same sources and same packages (package-lock.json) give the same bytes: no dates, no random
// names, no source maps.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const frontend = dirname(fileURLToPath(import.meta.url));
const project = join(frontend, "..", "..");
const packages = join(project, "node_modules");
const target = join(frontend, "..", "static", "ibzplan");

const font = "@fontsource-variable/source-sans-3";

/** Files taken from packages as they are: name in the target folder -> path in node_modules. */
const copied = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  // The latin subset has every letter of Dutch, French, German and English; all weights in one file.
  "fonts/source-sans-3.woff2": `${font}/files/source-sans-3-latin-wght-normal.woff2`,
};

/** The licences ask to travel with what they cover. */
const licences = {
  "Bootstrap": "bootstrap/LICENSE",
  "htmx": "htmx.org/LICENSE",
  "Source Sans 3": `${font}/LICENSE`,
};

function stylesheet() {
  const result = sass.compile(join(frontend, "scss", "ibzplan.scss"), {
    style: "compressed",
    charset: false,
    sourceMap: false,
    loadPaths: [packages],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; it can be loaded in no other way.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  return Buffer.from(`${result.css}\n`);
}

async function licenceTexts() {
  const parts = [];
  for (const [name, path] of Object.entries(licences)) {
    const text = await readFile(join(packages, path), "utf8");
    parts.push(`${name}\n${"=".repeat(name.length)}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  return Buffer.from(parts.join("\n\n"));
}

async function filesIn(folder, prefix, extension) {
  const names = (await readdir(join(frontend, folder))).filter((name) => name.endsWith(extension));
  const files = names.sort().map(async (name) => {
    return [`${prefix}${name}`, await readFile(join(frontend, folder, name))];
  });
  return Promise.all(files);
}

/** Everything that belongs in the target folder: name -> bytes. */
async function built() {
  const files = new Map([
    ["ibzplan.css", stylesheet()],
    ["licences.txt", await licenceTexts()],
    ...(await filesIn("js", "", ".js")),
    ...(await filesIn("icons", "icons/", ".svg")),
  ]);
  for (const [name, path] of Object.entries(copied)) {
    files.set(name, await readFile(join(packages, path)));
  }
  return files;
}

async function namesOnDisk() {
  const entries = await readdir(target, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(target, join(entry.parentPath ?? entry.path, entry.name)));
}

async function differences(files) {
  const found = [];
  for (const [name, bytes] of files) {
    const present = await readFile(join(target, name)).catch(() => null);
    if (present === null) found.push(`missing: ${name}`);
    else if (!present.equals(bytes)) found.push(`differs: ${name}`);
  }
  for (const name of await namesOnDisk()) {
    if (!files.has(name)) found.push(`not built from any source: ${name}`);
  }
  return found;
}

async function write(files) {
  await rm(target, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), bytes);
  }
}

const files = await built();
if (process.argv.includes("--check")) {
  const found = await differences(files);
  if (found.length > 0) {
    console.error(`Front end out of date, run "npm run build":\n  ${found.join("\n  ")}`);
    process.exit(1);
  }
  console.log(`Front end up to date: ${files.size} files.`);
} else {
  await write(files);
  console.log(`Front end built: ${files.size} files.`);
}
