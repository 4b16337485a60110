// Loaded in <head> without defer: it sets the colour mode before the first paint, so that a page in
// dark mode never flashes white. Everything else is in app.js.
(function () {
  "use strict";
  const chosen = document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/);
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const root = document.documentElement;
  root.setAttribute("data-bs-theme", chosen ? chosen[1] : prefersDark ? "dark" : "light");
  root.classList.replace("no-js", "js");
})();
