(function () {
  "use strict";
  /* Streamlit gives its own parts English names; those who hear the page get ours, which
     stand as JSON in the element that holds the words. */
  var NAMED = ["aria-label", "title", "placeholder", "alt"];
  var TEXTS = "[data-testid='stFileUploaderDropzone'] button p";
  var HOLDER = "[data-lc-names]";
  if (window.circleNames) return;
  var names = {}, code = "", holder = "";

  function translated(text) {
    if (Object.prototype.hasOwnProperty.call(names, text)) return names[text];
    for (var known in names) {
      var gap = known.indexOf("{name}");
      if (gap > 0 && text.indexOf(known.slice(0, gap)) === 0) {
        return names[known].replace("{name}", function () { return text.slice(gap); });
      }
    }
    return text;
  }

  function rename(element) {
    NAMED.forEach(function (attribute) {
      var shown = element.getAttribute(attribute);
      if (shown === null) return;
      var told = element.circleNames = element.circleNames || {};
      var before = told[attribute];
      var original = before && before.shown === shown ? before.original : shown;
      var wanted = translated(original);
      told[attribute] = { original: original, shown: wanted };
      if (wanted !== shown) element.setAttribute(attribute, wanted);
    });
  }

  function retext(element) {
    var text = element.firstChild;
    if (!text || text.nodeType !== 3) return;
    element.circleText = element.circleText || text.nodeValue;
    var wanted = translated(element.circleText);
    if (wanted !== text.nodeValue) text.nodeValue = wanted;
  }

  function renameAll(root) {
    if (root.nodeType !== 1) return;
    root.querySelectorAll(TEXTS).forEach(retext);
    rename(root);
    root.querySelectorAll("[aria-label],[title],[placeholder],[alt]").forEach(rename);
  }

  function read() {
    var found = document.querySelector(HOLDER);
    if (!found || found.dataset.lcNames === holder) return;
    holder = found.dataset.lcNames;
    names = JSON.parse(holder);
    code = found.lang;
    renameAll(document.body);
  }

  window.circleNames = new MutationObserver(function (changes) {
    read();
    if (code && document.documentElement.lang !== code) document.documentElement.lang = code;
    changes.forEach(function (change) {
      if (change.type === "attributes") rename(change.target);
      else change.addedNodes.forEach(renameAll);
    });
  });
  read();
  if (code) document.documentElement.lang = code;
  window.circleNames.observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: NAMED.concat("data-lc-names", "lang")
  });
})();
