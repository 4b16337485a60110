// Small improvements on pages that work without this file. Listeners sit on the document, so that
// they also serve what htmx puts in the page later.
(function () {
  "use strict";

  const root = document.documentElement;

  function flip(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    return open;
  }

  function controlled(button) {
    return document.getElementById(button.getAttribute("aria-controls") || "");
  }

  // Colour mode ---------------------------------------------------------------------------------

  function showTheme() {
    const dark = root.getAttribute("data-bs-theme") === "dark";
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(dark));
    }
  }

  function toggleTheme() {
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    root.setAttribute("data-bs-theme", theme);
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    showTheme();
  }

  // Rows and parts that open ----------------------------------------------------------------------

  function toggleRow(button) {
    const row = controlled(button);
    if (!row) return;
    const open = flip(button);
    row.hidden = !open;
    button.closest("tr").classList.toggle("open", open);
    // Lets a row fetch its content when it is opened: data-hx-trigger="rowopen once".
    if (open) row.dispatchEvent(new CustomEvent("rowopen", { bubbles: true }));
  }

  // On small screens a group of rows is one line until it is opened.
  function toggleGroup(button) {
    const group = controlled(button);
    if (group) group.classList.toggle("expanded", flip(button));
  }

  // Filters that change the page in place ----------------------------------------------------------

  // Browsers share the canonical address, and htmx leaves the head of the page as it was loaded.
  function showCanonical() {
    const shown = document.querySelector("[data-canonical]");
    const link = document.querySelector("link[rel=canonical]");
    if (shown && link) link.setAttribute("href", shown.dataset.canonical);
  }

  // Unsaved changes -------------------------------------------------------------------------------

  const unsaved = new Set();

  function guardedForm(event) {
    const field = event.target;
    return field instanceof Element ? field.closest("form[data-guard]") : null;
  }

  function rememberChange(event) {
    const form = guardedForm(event);
    if (form) unsaved.add(form);
  }

  function forgetChange(event) {
    const form = guardedForm(event);
    if (form) unsaved.delete(form);
  }

  function warnBeforeLeaving(event) {
    // A form that htmx replaced is no longer in the page and holds nothing to lose.
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  }

  // Menus -----------------------------------------------------------------------------------------

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  function closeMenuOnEscape(event) {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }

  // Copying ---------------------------------------------------------------------------------------

  // Where the browser lends no clipboard the text is selected, to be copied by hand.
  async function copyText(button) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) return;
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      field.focus();
      field.select();
    }
  }

  // Wiring ----------------------------------------------------------------------------------------

  const actions = [
    ["[data-theme-toggle]", toggleTheme],
    ["[data-print]", () => window.print()],
    ["button[data-copy]", copyText],
    ["button.row-toggle", toggleRow],
    ["button.group-toggle", toggleGroup],
    ["button[data-toggle]", flip],
  ];

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    for (const [selector, action] of actions) {
      const button = event.target.closest(selector);
      if (button) {
        action(button);
        return;
      }
    }
  });
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", closeMenuOnEscape);
  document.addEventListener("input", rememberChange);
  document.addEventListener("change", rememberChange);
  document.addEventListener("submit", forgetChange);
  document.addEventListener("reset", forgetChange);
  document.addEventListener("htmx:afterSettle", showCanonical);
  window.addEventListener("beforeunload", warnBeforeLeaving);
  showTheme();
})();
