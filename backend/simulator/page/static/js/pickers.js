// Date, time, or both, shown in the reader's zone unless the widget brings an offset.

import { withOffset } from "./dates.js";
import { el, uniqueId } from "./dom.js";
import { labelled } from "./inputs.js";

const KINDS = {
  DATE_ONLY: { kind: "date", type: "date", from: (ms) => isoUtc(ms).slice(0, 10) },
  TIME_ONLY: { kind: "time", type: "time", from: (ms) => isoUtc(ms).slice(11, 16) },
  DATE_AND_TIME: { kind: "datetime", type: "datetime-local" },
};

export function drawDateTimePicker(input, context, path) {
  const id = uniqueId("picker");
  const { kind, type, from } = KINDS[input.type] ?? KINDS.DATE_AND_TIME;
  const drawn = input.valueMsEpoch === undefined ? "" : (from ?? ((ms) => localMinute(ms, input.timezoneOffsetDate)))(Number(input.valueMsEpoch));
  const control = el("input", {
    id,
    type,
    class: "text-field",
    "aria-label": input.label ? null : input.name,
    "data-path": path,
    value: drawn,
    onChange: () => context.host.change(input.onChangeAction, path),
  });
  const { node, mark } = labelled({ label: input.label, control, id });
  const read = () => {
    if (!control.value) return [];
    return [kind === "datetime" ? moment(control.value, input.timezoneOffsetDate) : control.value];
  };
  context.fields.push({
    name: input.name,
    kind,
    widget: kind,
    key: "",
    control,
    mark,
    drawn: read(),
    read,
    write: (values) => {
      control.value = (values[0] ?? "").slice(0, kind === "datetime" ? 16 : 10);
    },
  });
  return node;
}

function isoUtc(ms) {
  return new Date(ms).toISOString();
}

function localMinute(ms, offsetMinutes) {
  const offset = offsetMinutes ?? -new Date(ms).getTimezoneOffset();
  return isoUtc(ms + offset * 60000).slice(0, 16);
}

// The moment with its offset, so that the server side can tell the epoch.
function moment(written, offsetMinutes) {
  if (offsetMinutes === undefined) return withOffset(written);
  const two = (number) => String(Math.trunc(number)).padStart(2, "0");
  const minutes = Math.abs(offsetMinutes);
  return `${written}${offsetMinutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
