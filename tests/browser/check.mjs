// Opens a page that the program wrote in a real browser and says what a reader would find broken.
//
//     node tests/browser/check.mjs CHROMIUM PAGE [FOLDER FOR PICTURES OF IT]
//
// A page with pictures to touch and tables to sort (a brief) is tried out; any page must show its pictures, fetch
// nothing, complain of nothing, fit a phone and paper, and pass axe at both widths.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, path, pictures] = process.argv.slice(2);
const page = pathToFileURL(resolve(path)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
// A4 less the margins that the page asks for, in CSS pixels.
const PAPER = { width: Math.floor((210 - 2 * 15) / 25.4 * 96), height: 1000 };

const wrong = [];
function expect(what, so, seen) {
  if (so) return;
  wrong.push(seen === undefined ? what : `${what}: ${JSON.stringify(seen)}`);
}

// Whether a script that the page must refuse is being tried, of which the console may complain.
let foreign = false;

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// Opens the page as a reader who has this screen, and watches what it asks for and complains of.
async function open(viewport, more = {}) {
  const context = await browser.newContext({ viewport, ...more });
  await context.route("**", (route) => {
    const asked = route.request().url();
    expect("the page fetches something", asked === page, asked);
    return asked === page ? route.continue() : route.abort();
  });
  const tab = await context.newPage();
  tab.on("console", (said) =>
    expect("the console complains", foreign || !["error", "warning"].includes(said.type()), said.text()));
  tab.on("pageerror", (error) => expect("a script fails", false, error.message));
  tab.on("dialog", (dialog) => { expect("a script of a scenario runs", false, dialog.message()); dialog.dismiss(); });
  await tab.goto(page);
  return tab;
}

// What sticks out to the right of what is shown, but for what can be scrolled to.
const cutOff = () => {
  const room = document.documentElement.clientWidth;
  const scrolls = (element) => element && (getComputedStyle(element).overflowX === "auto" || scrolls(element.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > room + 1 && !element.closest("svg *") && !scrolls(element))
    .map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
};

// Whether every picture is there to be seen, and none hides another.
async function pictures_show(tab, where) {
  const boxes = await tab.locator("figure svg").evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().toJSON()));
  expect(`no pictures ${where}`, boxes.length > 0);
  expect(`a picture is not seen ${where}`, boxes.every((box) => box.width > 100 && box.height > 100), boxes);
}

async function passes_axe(tab, where) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => window.axe.run(document));
  for (const { id, help, nodes } of violations) {
    expect(`axe, ${where}, ${id}: ${help}`, false, nodes.slice(0, 3).map((node) => node.html.slice(0, 160)));
  }
}

async function fits(tab, where) {
  const stick = await tab.evaluate(cutOff);
  expect(`something is cut off ${where}`, stick.length === 0, stick.slice(0, 5));
  const [wide, room] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(`the page is wider than its place ${where}`, wide <= room, [wide, room]);
}

async function photograph(tab, name) {
  if (pictures) await tab.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

// Sorting by each column of values: up, down, and back; rows stay in their part of the table.
async function tables_sort(tab) {
  const tables = tab.locator("table.sortable");
  // Also those that are shown when asked for.
  const closed = tab.locator("details:has(table.sortable)");
  const open = (all, open) => all.forEach((details) => { details.open = open; });
  await closed.evaluateAll(open, true);
  for (const table of await tables.all()) {
    const before = (await table.locator("tbody").allInnerTexts()).join();
    const heads = await table.locator("thead th").all();
    for (const [column, head] of heads.entries()) {
      if (column === 0) continue;
      for (const [way, sign] of [["ascending", 1], ["descending", -1]]) {
        await head.locator("button").click();
        const seen = await table.locator("tbody:not(.total)").first().locator("td").evaluateAll((cells, column) =>
          cells.filter((cell) => cell.cellIndex === column).map((cell) => cell.dataset.value), column);
        const sorted = seen.every((value, place) => place === 0 || sign * (value - seen[place - 1]) >= 0);
        expect(`a table is not sorted ${way}`, sorted && seen.length > 1 && seen.every((value) => value !== ""), seen);
        expect("a head does not say how it sorts", await head.getAttribute("aria-sort") === way);
      }
      await head.locator("button").click();
      expect("a table does not come back to its order", (await table.locator("tbody").allInnerTexts()).join() === before);
      expect("a head still says that it sorts", await head.getAttribute("aria-sort") === null);
    }
    // Names, by keyboard.
    await heads[0].locator("button").press("Enter");
    const names = await table.locator("tbody").first().locator("tr:not(:has(.group)) th").allInnerTexts();
    const order = [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    expect("names are not sorted by keyboard", names.join() === order.join(), names);
  }
  await closed.evaluateAll(open, false);
  return tables.count();
}

// Buttons hide and show what they name, and nothing else.
async function buttons_toggle(section) {
  const seen = (of) => section.locator(`.plots svg g${of}`).evaluateAll((all) =>
    all.map((group) => getComputedStyle(group).display !== "none"));
  for (const button of await section.locator(".controls button").all()) {
    const part = await button.getAttribute("data-part");
    const all = await seen("");
    expect("parts are hidden from the start", all.length > 0 && all.every(Boolean));
    await button.click();
    const [own, others] = [await seen(`.${part}`), await seen(`:not(.${part})`)];
    expect(`the button of ${part} does not hide it`, own.length > 0 && !own.some(Boolean), own);
    expect(`the button of ${part} hides more`, others.every(Boolean), others);
    expect(`the button of ${part} does not say so`, await button.getAttribute("aria-pressed") === "false");
    await button.click();
  }
}

// The pointer and the arrow keys tell the values that the table behind the picture has.
async function values_show(tab, section) {
  const box = section.locator(".pointer");
  const told = async () => ({ date: await box.locator("output").innerText(), cells: await box.locator("tbody td").allInnerTexts() });
  const end = await told();
  const last = section.locator("details tbody tr").last();
  const rows = await last.locator("td").evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent));
  expect("the values at the end are not those of the table", end.cells.filter((_, place) => place % 3 === 0).join() === rows.join(), [end, rows]);
  expect("the end is another", end.date === await last.locator("th").innerText(), end.date);
  const plot = section.locator(".plots svg").last();
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plot.boundingBox();
  await tab.mouse.move(x + width * 0.4, y + height / 2);
  const middle = await told();
  expect("moving over a picture tells no other week", middle.date !== end.date, middle);
  const marks = await section.locator(".cursor").evaluateAll((all) => all.map((mark) => mark.getBoundingClientRect().left));
  expect("no line marks the week under the pointer", marks.length === 2 && Math.abs(marks[1] - (x + width * 0.4)) < 4, marks);
  const slider = box.locator("input");
  await slider.focus();
  await slider.press("Home");
  const start = await told();
  const first = section.locator("details tbody tr").first();
  expect("the first week is another", start.date === await first.locator("th").textContent(), start.date);
  await slider.press("ArrowRight");
  const next = await told();
  expect("an arrow key tells no other week", next.date !== start.date, next);
  const spoken = await slider.getAttribute("aria-valuetext");
  expect("a screen reader is not told the values", spoken.includes(next.date) && spoken.includes(next.cells[0]), spoken);
}

// At a desk.
let tab = await open(DESKTOP);
await pictures_show(tab, "at a desk");
await passes_axe(tab, "at a desk");
await fits(tab, "at a desk");
await photograph(tab, "desk");
const brief = await tab.locator("section.picture .controls").count() > 0;
if (brief) {
  expect("no table can be sorted", await tables_sort(tab) > 0);
  for (const section of await tab.locator("section.picture").all()) {
    await section.locator("summary").click();
    await buttons_toggle(section);
    await values_show(tab, section);
  }
  await passes_axe(tab, "at a desk, in use");
  foreign = true;
  const refused = await tab.evaluate(() => new Promise((tell) => {
    addEventListener("securitypolicyviolation", () => tell(true));
    const script = document.createElement("script");
    script.textContent = "window.foreign = true";
    document.body.append(script);
    if (window.foreign) tell(false);
  }));
  expect("the page's policy lets a foreign script run", refused);
}
await tab.context().close();
foreign = false;

// On a phone.
tab = await open(PHONE, { deviceScaleFactor: 2, hasTouch: true, isMobile: true });
await pictures_show(tab, "on a phone");
for (const more of await tab.locator("summary").all()) await more.tap();
await passes_axe(tab, "on a phone");
await fits(tab, "on a phone");
await photograph(tab, "phone");
await tab.context().close();

// On paper.
tab = await open(PAPER);
for (const more of await tab.locator("summary").all()) await more.click();
await tab.emulateMedia({ media: "print" });
await pictures_show(tab, "on paper");
await fits(tab, "on paper");
expect("buttons are printed", !(await tab.locator(".controls button, .pointer").evaluateAll((all) =>
  all.some((one) => one.getClientRects().length > 0))));
const pdf = await tab.pdf({ preferCSSPageSize: true, ...(pictures && { path: `${pictures}/paper.pdf` }) });
expect("it does not print", pdf.length > 10000, pdf.length);
await tab.context().close();

// With scripts off.
tab = await open(DESKTOP, { javaScriptEnabled: false });
await pictures_show(tab, "with scripts off");
expect("with scripts off there are buttons that do nothing", await tab.locator("button:visible").count() === 0);
expect("with scripts off the tables are gone", await tab.locator("table:visible").count() > 0);
await tab.context().close();

await browser.close();
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log(`${brief ? "a brief" : "a page"} as it should be: ${path}`);
