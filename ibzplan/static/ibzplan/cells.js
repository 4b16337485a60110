// A table of fields that behaves a little like a spreadsheet: <table data-cells>, each field with
// data-cell. Enter goes down (with Shift up), so do the arrows in text; a block that was copied
// from a spreadsheet fills cells to the right and down. Without this file it is a form of fields.
(function () {
  "use strict";

  function grid(table) {
    return [...table.tBodies[0].rows]
      .map((row) => [...row.querySelectorAll("[data-cell]")])
      .filter((cells) => cells.length > 0);
  }

  function placeOf(cell) {
    const rows = grid(cell.closest("table[data-cells]"));
    const row = rows.findIndex((cells) => cells.includes(cell));
    return { rows, row };
  }

  function step(cell, down) {
    const { rows, row } = placeOf(cell);
    const next = (rows[row + down] || []).find((one) => one.dataset.cell === cell.dataset.cell);
    if (!next) return false;
    next.focus();
    if (next.select && next.type === "text") next.select();
    return true;
  }

  function move(event) {
    const cell = event.target.closest("[data-cells] [data-cell]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    // In a choice and in a date the arrows change the value.
    const isText = cell.tagName === "INPUT" && cell.type === "text";
    if (event.key === "Enter") {
      step(cell, event.shiftKey ? -1 : 1);
      event.preventDefault(); // no sending by accident: that is what the button is for
    } else if (isText && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (step(cell, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
  }

  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  }

  function asDay(text) {
    const day = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim());
    if (!day) return text.trim();
    return `${day[3]}-${day[2].padStart(2, "0")}-${day[1].padStart(2, "0")}`;
  }

  /** Write a text in a cell; tell whether the cell took it. */
  function write(cell, text) {
    if (cell.tagName === "SELECT") {
      const wanted = folded(text);
      const found = [...cell.options].find((option) => {
        return folded(option.value) === wanted || folded(option.text) === wanted;
      });
      if (!found) return false;
      cell.value = found.value;
    } else {
      const value = cell.type === "date" ? asDay(text) : text.trim();
      cell.value = value;
      if (cell.value !== value) return false;
    }
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  /** Rows and columns of a copied block; a spreadsheet puts texts with line ends in quotes. */
  function block(text) {
    const rows = [[""]];
    let quoted = false;
    for (let place = 0; place < text.length; place += 1) {
      const sign = text[place];
      const row = rows[rows.length - 1];
      const last = row.length - 1;
      if (sign === '"' && quoted && text[place + 1] === '"') {
        row[last] += '"';
        place += 1;
      } else if (sign === '"' && (quoted || row[last] === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) row.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else if (sign === "\r" && !quoted) continue;
      else row[last] += quoted && (sign === "\n" || sign === "\r") ? " " : sign;
    }
    if (rows.length > 1 && rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  }

  function say(table, filled, unread) {
    const said = table.closest("form").querySelector("[data-cells-said]");
    if (!said) return;
    said.textContent = `${said.dataset.filled} ${filled}.`;
    if (unread.length > 0) said.textContent += ` ${said.dataset.unread} ${unread.join("; ")}`;
    said.classList.toggle("visually-hidden", unread.length === 0);
  }

  function paste(event) {
    const cell = event.target.closest("[data-cells] [data-cell]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!cell || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const { rows, row } = placeOf(cell);
    const columns = [...new Set(rows.flatMap((cells) => cells.map((one) => one.dataset.cell)))];
    // In an empty row the werf stands before the others.
    const order = ["werf", ...columns.filter((name) => name !== "werf")];
    const first = order.indexOf(cell.dataset.cell);
    const unread = [];
    let filled = 0;
    block(text).forEach((values, down) => {
      const cells = rows[row + down] || [];
      values.forEach((value, right) => {
        const target = cells.find((one) => one.dataset.cell === order[first + right]);
        if (target && write(target, value)) filled += 1;
        else if (value.trim() !== "") unread.push(value.trim());
      });
    });
    say(cell.closest("table"), filled, unread);
  }

  document.addEventListener("keydown", move);
  document.addEventListener("paste", paste);
})();
