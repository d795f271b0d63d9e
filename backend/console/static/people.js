// Fields of people: what is typed finds contacts, each person becomes a chip. The field itself keeps
// the list with commas, which is all there is without this file.
(function () {
  "use strict";
  const make = (name, values, ...inside) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...inside);
    return made;
  };
  const pieces = (text) => text.match(/(?:"[^"]*"|<[^<>]*>|[^",;\n<]|["<])+/g) || [];
  const shown = (entry) => entry.replace(/\s*<[^<>]*>\s*$/, "").replace(/^"(.*)"$/, "$1") || entry;

  function start(field) {
    const id = field.id + "-typed";
    const chips = make("ul", { className: "chips mb-1" });
    const list = make("ul", { className: "menu-items start-0 w-100 list-unstyled", id: id + "-found", hidden: true });
    const status = make("span", { className: "gone" });
    const input = make("input", { className: "form-control", id, autocomplete: "off", type: "text" });
    let entries = [];
    let options = [];
    let at = -1;
    let asked = null;
    let timer = 0;

    function keep() {
      const before = field.value;
      field.value = entries.join(", ");
      chips.replaceChildren(...entries.map(chip));
      chips.hidden = entries.length === 0;
      input.required = field.dataset.needed === "yes" && entries.length === 0;
      if (before !== field.value) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function chip(entry, index) {
      const remove = make("button", { type: "button", className: "btn-plain" }, "✕");
      remove.setAttribute("aria-label", `Remove ${shown(entry)}`);
      remove.addEventListener("click", () => {
        entries.splice(index, 1);
        keep();
        status.textContent = `${shown(entry)} removed`;
        (chips.querySelectorAll("button")[index] || input).focus();
      });
      return make("li", { className: "chip chip-small", title: entry }, shown(entry), remove);
    }
    function add(text) {
      const more = pieces(text).map((one) => one.trim()).filter(Boolean);
      entries = entries.concat(more.filter((one) => !entries.includes(one)));
      input.value = "";
      close();
      keep();
    }
    function close() {
      list.hidden = true;
      options = [];
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function point(to) {
      at = (to + options.length) % options.length;
      Array.from(list.children).forEach((one, index) => {
        one.setAttribute("aria-selected", String(index === at));
        if (index === at) one.scrollIntoView({ block: "nearest" });
      });
      input.setAttribute("aria-activedescendant", list.children[at].id);
    }
    function offer(found) {
      close();
      options = found;
      list.replaceChildren(...found.map((one, index) => {
        const note = make("span", { className: "muted small" }, ` ${one.address}${one.note ? `, ${one.note}` : ""}`);
        const row = make("li", { id: `${list.id}-${index}`, className: "p-2 cursor-pointer break" }, one.name, note);
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          add(one.entry);
        });
        return row;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = found.length ? `${found.length} ${found.length === 1 ? "suggestion" : "suggestions"}` : "";
    }
    function look() {
      const words = input.value.trim();
      if (asked) asked.abort();
      if (words.length < 2) return close();
      asked = new AbortController();
      return fetch(`${field.dataset.people}?q=${encodeURIComponent(words)}`, { signal: asked.signal })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then(offer, () => undefined);
    }
    const keys = {
      ArrowDown: () => options.length && point(at + 1),
      ArrowUp: () => options.length && point(at < 0 ? -1 : at - 1),
      Enter: () => add(at < 0 ? input.value : options[at].entry) || true,
      ",": () => !input.value.includes('"') && input.value.trim() && (add(input.value), true),
      ";": () => input.value.trim() && (add(input.value), true),
      Escape: () => !list.hidden && (close(), true),
      Backspace: () => !input.value && entries.length && (chips.querySelector("li:last-child button").focus(), true),
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !keys[event.key]) return;
      const done = keys[event.key]();
      if (done === false || done === 0 || done === "") return;
      event.preventDefault();
      if (event.key === "Escape") event.stopPropagation();
    });
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 150);
    });
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text");
      if (!/[@,;\n]/.test(text)) return;
      event.preventDefault();
      add(input.value + text);
    });
    input.addEventListener("blur", () => {
      close();
      if (input.value.includes("@")) add(input.value);
    });
    if (field.form) field.form.addEventListener("submit", () => input.value.trim() && add(input.value), true);

    const label = document.querySelector(`label[for="${field.id}"]`);
    label.htmlFor = id;
    chips.setAttribute("aria-label", label.textContent.trim());
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Contacts");
    status.setAttribute("role", "status");
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
      .forEach(([name, value]) => input.setAttribute(name, value));
    ["aria-describedby", "aria-invalid"].forEach((name) => {
      if (field.hasAttribute(name)) input.setAttribute(name, field.getAttribute(name));
      field.removeAttribute(name);
    });
    field.dataset.needed = field.required ? "yes" : "";
    field.required = false;
    field.type = "hidden";
    field.after(make("div", { className: "position-relative" }, chips, input, list, status));
    entries = pieces(field.value).map((one) => one.trim()).filter(Boolean);
    keep();
  }
  document.querySelectorAll("input[data-people]").forEach(start);
})();
