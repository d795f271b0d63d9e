// Comfort on top of pages that work without it: theme, menus, dialogs, quick-jump, toasts, copy.
(function () {
  "use strict";
  const root = document.documentElement;
  const one = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  // Theme: the choice is kept in this browser only.
  function switchTheme() {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    try {
      window.localStorage.setItem("rapport-theme", next);
    } catch (error) {
      return;
    }
  }

  // Menus are <details>: Escape and a click elsewhere close them, arrows walk through them.
  function closeMenus(except) {
    all("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  function walkMenu(menu, step) {
    const items = all("a, button", one(".menu-items", menu));
    const at = items.indexOf(document.activeElement);
    menu.open = true;
    items[(at + step + items.length) % items.length].focus();
  }
  function onMenuKey(event) {
    const menu = event.target.closest("details.menu");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      one("summary", menu).focus();
      event.stopPropagation();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      walkMenu(menu, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    }
  }

  // Toasts leave after six seconds unless somebody is reading or using them.
  function startToasts() {
    all(".toast-line:not([data-started])").forEach((toast) => {
      toast.dataset.started = "yes";
      const leave = () => {
        if (toast.matches(":hover, :focus-within")) window.setTimeout(leave, 2000);
        else toast.remove();
      };
      window.setTimeout(leave, 1000 * Math.max(6, toast.dataset.stay || 0));
    });
  }

  // What cannot be undone is asked in a dialog; without this file the link leads to a page that asks.
  function openDialog(link, event) {
    const dialog = document.getElementById(link.dataset.opens);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  }

  // Quick-jump: Ctrl or Cmd with J or K; arrows move through what was found.
  function openJump() {
    const dialog = one("#jump");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = one("input", dialog);
    input.select();
    input.dispatchEvent(new Event("jump-opened", { bubbles: true }));
  }
  function walkJump(event) {
    const dialog = one("#jump");
    if (!dialog || !dialog.open || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const stops = [one("input", dialog)].concat(all(".jump-results a", dialog));
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = stops.indexOf(document.activeElement);
    stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus();
    event.preventDefault();
  }
  // Enter opens the first that was found for these very words, and waits for it if need be.
  let entered = false;
  function isFresh() {
    const found = one("#jump-results [data-words]");
    return found !== null && found.dataset.words === one("#jump input").value.trim().replace(/\s+/g, " ");
  }
  function openFirst(event) {
    if (event && !event.target.closest("#jump")) return;
    if (event) event.preventDefault();
    entered = !isFresh();
    const first = entered ? null : one("#jump-results a");
    if (first) first.click();
  }

  // Copy buttons say that they copied, in words that a screen reader hears too.
  function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    const text = field ? field.value || field.textContent.trim() : "";
    const before = button.textContent;
    if (!navigator.clipboard) return field.select(); // an address without HTTPS has none
    return navigator.clipboard.writeText(text).then(() => {
      button.textContent = "Copied";
      window.setTimeout(() => (button.textContent = before), 2000);
    });
  }

  const clicks = {
    "[data-theme-switch]": switchTheme,
    "[data-jump]": (target, event) => {
      event.preventDefault();
      openJump();
    },
    "[data-opens]": openDialog,
    "[data-copy]": copy,
    "[data-close]": (target) => target.closest("dialog").close(),
    "[data-dismiss]": (target) => target.closest(".toast-line").remove(),
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    if (event.target instanceof HTMLDialogElement) event.target.close();
    Object.entries(clicks).forEach(([selector, act]) => {
      const target = event.target.closest(selector);
      if (target) act(target, event);
    });
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && ["j", "k"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      openJump();
    }
    onMenuKey(event);
    walkJump(event);
  });
  document.addEventListener("submit", openFirst);
  document.addEventListener("input", () => (entered = false));
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-shows]");
    if (group) shape(group, event.target.value);
  });
  document.addEventListener("htmx:afterSettle", () => {
    startToasts();
    if (entered) openFirst();
  });
  document.addEventListener("change", (event) => {
    const { tickAll: name } = event.target.dataset;
    if (name) all(`[name=${name}]`).forEach((box) => (box.checked = event.target.checked));
    all("[data-ticked]").forEach((count) => {
      count.textContent = all(`[name=${count.dataset.ticked}]:checked`).length;
    });
  });
  document.addEventListener("htmx:responseError", () => {
    one("#region-trouble").hidden = false;
  });
  document.addEventListener("htmx:sendError", () => {
    one("#region-trouble").hidden = false;
  });
  // A form whose shape depends on one choice shows only the fields of that choice.
  function shape(group, value) {
    all(`[data-for="${group.dataset.shows}"]`).forEach((part) => {
      part.hidden = part.dataset.when !== value;
    });
  }
  // The time zone of this browser, offered where another one is set; saving stays a person's act.
  all("[data-zone-offer]").forEach((form) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === "UTC" || window.localStorage.getItem("rapport-zone") === zone) return;
    one("input[name=time_zone]", form).value = zone;
    one("span", form).textContent = zone;
    one("[type=button]", form).addEventListener("click", () => {
      window.localStorage.setItem("rapport-zone", zone);
      form.hidden = true;
    });
    form.hidden = false;
  });
  all("[data-zone-of]").forEach((hint) => {
    const field = document.getElementById(hint.dataset.zoneOf);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = Array.from(field.options).some((option) => option.value === zone);
    if (!known || field.value === zone) return;
    one("span", hint).textContent = zone;
    hint.hidden = false;
    one("button", hint).addEventListener("click", () => {
      field.value = zone;
      hint.hidden = true;
      field.focus();
    });
  });
  all("[data-shows]").forEach((group) => shape(group, (one("input:checked", group) || {}).value));
  startToasts();
  const wrong = one("[aria-invalid=true]");
  if (wrong) wrong.focus();
})();
