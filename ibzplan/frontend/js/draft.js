// Keeps what is typed in a form with data-draft="<address>" until the form is saved: a moment after
// the last keystroke, and when the page is left. Without this file a form saves as any other.
(function () {
  "use strict";

  const PAUSE_MS = 1500;

  function saidBeside(form) {
    const said = document.createElement("span");
    said.className = "draft-said";
    said.setAttribute("role", "status");
    (form.querySelector(".form-actions") || form).append(said);
    return said;
  }

  function keep(form) {
    const said = saidBeside(form);
    let timer = 0;
    let sending = null;
    let waiting = false; // something was typed that the server does not have yet
    let closed = false; // the form is on its way to be saved

    // After "new" and a reload the same record goes on: its key stands in the address.
    function keepKey() {
      const key = form.elements.namedItem("key");
      if (!form.hasAttribute("data-draft-new") || !key || !key.value) return;
      const address = new URL(window.location.href);
      if (address.searchParams.get("key") === key.value) return;
      address.searchParams.set("key", key.value);
      window.history.replaceState(window.history.state, "", address);
    }

    async function send(leaving) {
      window.clearTimeout(timer);
      if (closed || !waiting) return;
      if (sending) sending.abort();
      const request = new AbortController();
      sending = request;
      waiting = false;
      try {
        const answer = await fetch(form.getAttribute("data-draft"), {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { "X-Requested-With": "fetch" },
          keepalive: leaving,
          signal: leaving ? undefined : request.signal,
        });
        // An ended session answers with the page to sign in.
        const text = answer.redirected ? "" : await answer.text();
        const refused = answer.redirected || !answer.ok;
        form.toggleAttribute("data-draft-failed", refused);
        if (refused && answer.status !== 413 && answer.status !== 403) waiting = true;
        if (!refused) keepKey();
        const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
        said.textContent = plain && text ? text : form.getAttribute("data-draft-lost") || "";
      } catch (error) {
        if (error.name === "AbortError") return;
        waiting = true;
        form.setAttribute("data-draft-failed", "");
        said.textContent = form.getAttribute("data-draft-lost") || "";
      } finally {
        if (sending === request) sending = null;
      }
    }

    function typed() {
      waiting = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(send, PAUSE_MS, false);
    }

    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      closed = true;
      window.clearTimeout(timer);
      if (sending) sending.abort();
    });
    window.addEventListener("pagehide", () => send(true));
    window.addEventListener("pageshow", () => { closed = false; });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") send(true);
    });
    // Only what could not be kept is lost by leaving.
    window.addEventListener("beforeunload", (event) => {
      if (!closed && form.hasAttribute("data-draft-failed")) event.preventDefault();
    });
  }

  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

  // Whoever reads the other version is not disturbed by the next look at who is typing.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (part.matches("[data-presence]") && part.querySelector("details[open]")) {
      event.detail.shouldSwap = false;
    }
  });
})();
