// What can be typed into a card: collected for an event, kept when the card is drawn anew, and
// checked before a click that requires it.

// A field: {name, kind, key, read(): [values], write(values), control, mark(isMissing)}.
// `kind` is string, date, time or datetime; `key` tells switches of one name apart.
export function collect(fields) {
  return fields
    .map(({ name, kind, read }) => ({ name, kind, values: read() }))
    .filter((one) => one.values.length > 0);
}

export function snapshot(fields) {
  return fields.map(({ name, kind, key, widget, read, drawn }) => ({ name, kind, key, widget, drawn, values: read() }));
}

// The same card drawn again (after going back): everything as it was left.
export function restore(fields, typed) {
  for (const { field, former } of pairs(fields, typed)) field.write(former.values);
}

// A new card in its place: what was typed stays in fields of the same name and kind, unless the
// add-on now sends another value than it did before. persistValues keeps it even then.
export function keepTyped(fields, typed, { persistValues = false } = {}) {
  for (const { field, former } of pairs(fields, typed)) {
    const wasTyped = !same(former.values, former.drawn);
    if (wasTyped && (persistValues || same(field.drawn, former.drawn))) field.write(former.values);
  }
}

// The first field that a click requires and that is empty; all such fields are marked.
export function firstMissing(fields, action) {
  const required = new Set(action.requiredWidgets ?? []);
  let first = null;
  for (const field of fields) {
    const isRequired = action.allWidgetsAreRequired || required.has(field.name);
    const isMissing = isRequired && !field.isOptional && field.read().every((value) => !value.trim());
    field.mark?.(isMissing);
    if (isMissing) first ??= field;
  }
  return first;
}

function pairs(fields, typed) {
  return fields.flatMap((field) => {
    const former = typed.find(
      (one) => one.name === field.name && one.widget === field.widget && one.key === field.key,
    );
    return former ? [{ field, former }] : [];
  });
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
