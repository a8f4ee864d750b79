// What the pages with dmn-js share: its texts in German, and the file at an address.
"use strict";

(() => {
  const GERMAN = {
    "When": "Wenn", "And": "und", "Then": "Dann", "Annotations": "Anmerkungen", "Annotation": "Anmerkung",
    "Hit policy:": "Trefferregel:", "Hit policy": "Trefferregel", "View DRD": "Zusammenhang zeigen",
    "Decision name": "Name der Entscheidung", "Decision name: ": "Name der Entscheidung: ",
    "Unique": "Unique (genau eine)", "First": "First (die erste)", "Priority": "Priority (die ranghöchste)", "Any": "Any (alle gleich)",
    "Collect": "Collect (alle)", "Collect (Sum)": "Collect (Summe)", "Collect (Min)": "Collect (kleinster Wert)", "Collect (Max)": "Collect (größter Wert)", "Collect (Count)": "Collect (Anzahl)",
    "Rule order": "Rule order (alle, wie sie stehen)", "Output order": "Output order (alle, nach Rang)",
    "No overlap is possible and all rules are disjoint. Only a single rule can be matched": "Höchstens eine Regel darf zutreffen; ihr Ergebnis gilt.",
    "Rules may overlap. The first matching rule will be chosen": "Die erste zutreffende Regel von oben gilt.",
    "Rules may overlap. The one with the highest priority will be chosen": "Von den zutreffenden Regeln gilt das Ergebnis mit dem höchsten Rang.",
    "Rules may overlap. Their output have to match": "Mehrere Regeln dürfen zutreffen, wenn sie dasselbe ergeben.",
    "Collects the values of all matching rules": "Die Ergebnisse aller zutreffenden Regeln werden gesammelt.",
    "Collects the values of all matching rules and sums up to a single value": "Die Ergebnisse aller zutreffenden Regeln werden zusammengezählt.",
    "Collects the values of all matching rules and uses the lowest value": "Das kleinste Ergebnis der zutreffenden Regeln gilt.",
    "Collects the values of all matching rules and uses the highest value": "Das größte Ergebnis der zutreffenden Regeln gilt.",
    "Collects the values of all matching rules and counts the amount of them": "Gezählt wird, wie viele Regeln zutreffen.",
    "Input": "Eingabe", "Output": "Ausgabe", "Input label": "Überschrift der Eingabe", "Input label: ": "Überschrift der Eingabe: ",
    "Input expression": "Ausdruck der Eingabe", "Input expression: ": "Ausdruck der Eingabe: ", "Input type": "Art der Eingabe", "Input values": "Erlaubte Werte der Eingabe",
    "Output label": "Überschrift der Ausgabe", "Output label: ": "Überschrift der Ausgabe: ", "Output name": "Name der Ausgabe", "Output name: ": "Name der Ausgabe: ",
    "Output type": "Art der Ausgabe", "Output values": "Erlaubte Werte der Ausgabe", "Expression": "Ausdruck", "Enter expression": "Ausdruck eingeben", "Type": "Art", "name": "Name",
    "Add input": "Eingabe hinzufügen", "Add output": "Ausgabe hinzufügen", "Add rule": "Regel hinzufügen", "Add rule above": "Regel darüber einfügen", "Add rule below": "Regel darunter einfügen",
    "Remove rule": "Regel löschen", "Copy rule": "Regel kopieren", "Cut rule": "Regel ausschneiden", "Paste rule above": "Regel darüber einsetzen", "Paste rule below": "Regel darunter einsetzen", "Move rule": "Regel verschieben",
    "Add input column left": "Eingabe links einfügen", "Add input column right": "Eingabe rechts einfügen", "Remove input column": "Eingabe löschen", "Copy input column": "Eingabe kopieren", "Cut input column": "Eingabe ausschneiden",
    "Paste input column left": "Eingabe links einsetzen", "Paste input column right": "Eingabe rechts einsetzen",
    "Add output column left": "Ausgabe links einfügen", "Add output column right": "Ausgabe rechts einfügen", "Remove output column": "Ausgabe löschen", "Copy output column": "Ausgabe kopieren", "Cut output column": "Ausgabe ausschneiden",
    "Paste output column left": "Ausgabe links einsetzen", "Paste output column right": "Ausgabe rechts einsetzen", "Resize": "Breite ändern", "Edit": "Bearbeiten",
    "Edit input": "Eingabe bearbeiten", "Edit output": "Ausgabe bearbeiten", "Add cell description": "Bemerkung zur Zelle", "Remove cell description": "Bemerkung löschen", "Change cell expression language": "Ausdruckssprache der Zelle",
    "Expression language": "Ausdruckssprache", "Expression language:": "Ausdruckssprache:", "Predefined values": "Erlaubte Werte", "Add predefined values": "Erlaubte Werte hinzufügen", "Clear predefined values": "Erlaubte Werte löschen",
    "Add values": "Werte hinzufügen", "Custom values": "Eigene Werte", "No values": "Keine Werte", "Values": "Werte", "Value": "Wert", "Match one": "Eines davon", "Match none": "Keines davon", "Test type": "Art der Bedingung",
    "Comparison": "Vergleich", "Comparison operator": "Vergleichszeichen", "Range": "Bereich", "Equals": "gleich", "Less": "kleiner", "Less or equals": "kleiner oder gleich", "Greater": "größer", "Greater or equals": "größer oder gleich",
    "Include": "einschließlich", "Exclude": "ausschließlich", "Range start value": "Anfang des Bereichs", "Range end value": "Ende des Bereichs", "Range start operator": "Anfang eingeschlossen?", "Range end operator": "Ende eingeschlossen?",
    "Start value": "Anfang", "End value": "Ende", "Before": "vor", "After": "nach", "Between": "zwischen", "Exactly": "genau am", "Yes": "ja", "No": "nein", "Delete": "Löschen",
    "Edit boolean": "Ja oder nein bearbeiten", "Edit date": "Datum bearbeiten", "Edit number": "Zahl bearbeiten", "Edit string": "Text bearbeiten", "Edit time": "Uhrzeit bearbeiten", "Edit duration": "Dauer bearbeiten", "Edit date and time": "Zeitpunkt bearbeiten",
    "Set date": "Datum setzen", "Set time": "Uhrzeit setzen", "Set value": "Wert setzen", "Set duration": "Dauer setzen", "Use today": "heute", "Use now": "jetzt",
    "Start date": "Erster Tag", "End date": "Letzter Tag", "Strings must be in double quotes": "Texte stehen in doppelten Anführungszeichen", "String value": "Text", "Boolean value": "Ja oder nein", "Date value": "Datum",
    "Editing not supported for set expression language": "In dieser Ausdruckssprache ist keine Hilfe möglich",
  };
  const words = document.documentElement.lang === "de" ? GERMAN : {};
  const translate = (text, values = {}) => (words[text] ?? text).replace(/{([^}]+)}/g, (_, name) => values[name] ?? `{${name}}`);

  /** The text at an address of ours. */
  async function fileAt(address) {
    const response = await fetch(address, { headers: { accept: "application/xml" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.text();
  }

  /** A function that gives the same promise for the same address. */
  function once(ask) {
    const asked = new Map();
    return (address) => {
      if (!asked.has(address)) asked.set(address, ask(address));
      return asked.get(address);
    };
  }

  window.staffelDmn = { translateModule: { translate: ["value", translate] }, fileAt: once(fileAt) };
})();
