// Reads address lists out of headers, and shows who is who.

export function parseAddresses(written) {
  return split(written ?? "").map(parseOne).filter((one) => one.email);
}

export function showAddress({ name, email }) {
  return name ? `${quoted(name)} <${email}>` : email;
}

export function firstName({ name, email }) {
  return (name || email).split(/[\s@]/)[0];
}

export function nameOf({ name, email }) {
  return name || email;
}

// Two letters and one of eight colours for the round picture in front of a name.
export function avatar({ name, email }) {
  const words = (name || email.split("@")[0]).split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? words[0][0] + words[words.length - 1][0] : words[0]?.[0] ?? "?";
  let sum = 0;
  for (const letter of email) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return { letters: letters.toUpperCase(), tone: sum % 8 };
}

function split(written) {
  const parts = [];
  let [current, isQuoted, depth] = ["", false, 0];
  for (const letter of written) {
    if (letter === '"') isQuoted = !isQuoted;
    if (!isQuoted && letter === "<") depth += 1;
    if (!isQuoted && letter === ">") depth -= 1;
    if (letter === "," && !isQuoted && depth <= 0) {
      parts.push(current);
      current = "";
    } else current += letter;
  }
  return [...parts, current].map((part) => part.trim()).filter(Boolean);
}

function parseOne(written) {
  const found = /^(.*)<([^<>]*)>[^<>]*$/.exec(written);
  if (!found) return { name: "", email: written.toLowerCase() };
  const name = found[1].trim().replace(/^"|"$/g, "").replace(/\\(.)/g, "$1").trim();
  const email = found[2].trim().toLowerCase();
  return { name: name.toLowerCase() === email ? "" : name, email };
}

function quoted(name) {
  return /^[\w\s.'-]*$/.test(name) && !name.includes(".") ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;
}
