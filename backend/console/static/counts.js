// Seconds until a mail leaves are counted down; once it has left, a list is asked for anew.
(function () {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const SETTLES = 4000; // milliseconds that leaving takes, as a rule

  function said(left) {
    if (left > 1) return `${left} seconds`;
    return left === 1 ? "1 second" : "a moment";
  }
  function askAnew() {
    if (one("#region") && !one("details.menu[open]")) window.htmx.ajax("GET", window.location.href, "#region");
  }
  function count(place) {
    const end = Date.now() + 1000 * place.dataset.counts;
    place.removeAttribute("data-counts");
    const ticking = window.setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      place.textContent = said(left);
      if (left > 0 && place.isConnected) return;
      window.clearInterval(ticking);
      if (place.closest("#region")) window.setTimeout(askAnew, SETTLES);
    }, 500);
  }
  function start() {
    document.querySelectorAll("[data-counts]").forEach(count);
  }
  document.addEventListener("htmx:afterSettle", start);
  start();
})();
