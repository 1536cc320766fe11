// Writes anew what a second program makes of the values in recorded.txt. In an empty folder:
//   npm install opening_hours@3.15.0 (LGPL-3.0), then TZ=Asia/Shanghai node …/tests/hours/record.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const OpeningHours = require("opening_hours");
const { version } = require("opening_hours/package.json");
const file = (name) => new URL(name, import.meta.url);
const lines = (name) => readFileSync(file(name), "utf8").split("\n").filter(Boolean);
const place = { lat: "31.2", lon: "121.44", address: { country_code: "cn", state: "上海市" } };
const moments = lines("moments.txt").map((text) => new Date(text));

const state = (hours, moment) =>
  hours.getState(moment) ? "o" : hours.getUnknown(moment) ? "u" : "c";

// One letter for each moment (open, closed, unknown); repeats as a number; "-" where it cannot be read.
const said = (value) => {
  try {
    const hours = new OpeningHours(value, place, { locale: "en" });
    const letters = moments.map((moment) => state(hours, moment)).join("");
    return letters.replace(/(.)\1+/g, (run, letter) => run.length + letter);
  } catch {
    return "-";
  }
};

const values = lines("recorded.txt").slice(1).map((line) => line.split("\t")[1]);
const rows = values.map((value) => `${said(value)}\t${value}\n`);
writeFileSync(file("recorded.txt"), `opening_hours ${version}\n${rows.join("")}`);
