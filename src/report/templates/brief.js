"use strict";
// What a reader can do with a brief beyond reading it: sort tables, hide lines, read values off pictures. Without this
// script the page says all the same.

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll("section.picture").forEach((section) => {
  const shown = [...section.querySelectorAll(".plots svg")];
  toggles(section.querySelector(".controls"), shown);
  pointer(section, shown);
});

// Heads become buttons: up, down, and back to the order of the page. Rows stay within their part of the table.
function sortable(table) {
  const parts = [...table.tBodies].filter((part) => !part.classList.contains("total"));
  const rows = parts.map((part) => [...part.rows].filter((row) => !row.querySelector(".group")));
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const way = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (way !== null) head.setAttribute("aria-sort", way ?? "ascending");
      parts.forEach((part, place) => part.append(...sorted(rows[place], column, way)));
    });
  });
}

// Rows in the order of a column; those without a value last, whichever way.
function sorted(rows, column, way) {
  if (way === null) return rows;
  const sign = way === "descending" ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [one, other] = [a.cells[column], b.cells[column]];
    const [x, y] = [one.dataset.value, other.dataset.value];
    if (x === undefined) return sign * one.textContent.localeCompare(other.textContent, "en", { numeric: true });
    if (x === "" || y === "") return (x === "") - (y === "");
    return sign * (x - y);
  });
}

// Buttons hide the parts of pictures that bear their class.
function toggles(controls, pictures) {
  const buttons = [...controls.querySelectorAll("button")];
  const parts = pictures.flatMap((picture) => [...picture.querySelectorAll("g")]);
  buttons.forEach((button) => button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "false");
    const hidden = buttons.filter((one) => one.getAttribute("aria-pressed") === "false").map((one) => one.dataset.part);
    parts.forEach((part) => part.classList.toggle("off", hidden.some((name) => part.classList.contains(name))));
  }));
  controls.hidden = false;
}

// A slider and the pointer choose a week, whose values are told in a table and marked by a line in each picture.
function pointer(section, pictures) {
  const { weeks, dates, plots, cells } = JSON.parse(section.querySelector("script").textContent);
  const box = section.querySelector(".pointer");
  const [slider, date] = [box.querySelector("input"), box.querySelector("output")];
  const rows = [...box.querySelectorAll("tbody tr")];
  const [first, last] = [weeks[0], weeks[weeks.length - 1]];
  const marks = pictures.map((picture, place) => {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "line");
    mark.setAttribute("class", "cursor off");
    const [, , top, bottom] = plots[place];
    mark.setAttribute("y1", top * 10);
    mark.setAttribute("y2", bottom * 10);
    return picture.appendChild(mark);
  });

  function tell(place) {
    date.textContent = dates[place];
    const told = rows.map((row, scenario) => {
      const values = cells[place][scenario];
      values.forEach((value, column) => { row.cells[column + 1].textContent = value; });
      const [value, difference, between] = values;
      return `${row.cells[0].textContent} ${value}` +
        (difference && `, difference ${difference}`) + (between && `, between ${between}`);
    });
    slider.setAttribute("aria-valuetext", `${dates[place]}: ${told.join("; ")}`);
  }

  function choose(place) {
    tell(place);
    marks.forEach((mark, picture) => {
      const [left, right] = plots[picture];
      const along = last > first ? (weeks[place] - first) / (last - first) : 0.5;
      const x = 10 * (left + along * (right - left));
      mark.setAttribute("x1", x);
      mark.setAttribute("x2", x);
      mark.classList.remove("off");
    });
  }

  function nearest(week) {
    return weeks.reduce((best, one, place) => Math.abs(one - week) < Math.abs(weeks[best] - week) ? place : best, 0);
  }

  slider.max = weeks.length - 1;
  slider.value = slider.max;
  slider.addEventListener("input", () => choose(Number(slider.value)));
  pictures.forEach((picture, place) => picture.addEventListener("pointermove", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const [left, right] = plots[place];
    slider.value = nearest(first + ((at.x / 10 - left) / (right - left)) * (last - first));
    choose(Number(slider.value));
  }));
  tell(weeks.length - 1);
  box.hidden = false;
}
