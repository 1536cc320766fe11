/* Keeps what is typed into a form in this tab of the browser, as it is typed: it outlives a
   lost connection, a restart of the server and a page that is loaded anew, and is gone with
   the tab. The server is told of it only where it does not know it any more. */
(function () {
  "use strict";

  var page = window.parent, box = page.sessionStorage, listening = new AbortController();
  var args = null, first = true;

  function send(type, values) {
    page.postMessage(Object.assign({ isStreamlitMessage: true, type: type }, values), "*");
  }

  function kept() {
    try {
      return JSON.parse(box.getItem(args.place));
    } catch (error) {
      return null;
    }
  }

  function keep(values) {
    try {
      box.setItem(args.place, JSON.stringify({ submission: args.submission, values: values }));
    } catch (error) { /* a browser that keeps nothing */ }
  }

  function typed(name) {
    var field = page.document.querySelector(args.fields[name]);
    return field ? field.value : "";
  }

  /* What stands in the page is newer than what the server was told of it. */
  function current() {
    var values = Object.assign({}, args.values);
    Object.keys(args.fields).forEach(function (name) {
      var field = page.document.querySelector(args.fields[name]);
      if (field && field === page.document.activeElement) values[name] = field.value;
    });
    return values;
  }

  function render() {
    var before = kept(), again = first;
    first = false;
    if (before && before.submission === args.done) {
      box.removeItem(args.place);
      before = null;
    }
    if (again && before && args.empty) {
      var value = Object.assign({ time: Date.now() }, before);
      send("streamlit:setComponentValue", { value: value, dataType: "json" });
      return;
    }
    if (args.empty && !Object.keys(args.fields).some(typed)) box.removeItem(args.place);
    else keep(current());
  }

  page.document.addEventListener("input", function (event) {
    if (!args) return;
    Object.keys(args.fields).forEach(function (name) {
      if (!event.target.matches(args.fields[name])) return;
      var before = kept();
      var values = Object.assign({}, before ? before.values : args.values);
      values[name] = event.target.value;
      keep(values);
    });
  }, { signal: listening.signal });

  window.addEventListener("pagehide", function () { listening.abort(); });
  window.addEventListener("message", function (event) {
    if (event.source !== page || event.data.type !== "streamlit:render") return;
    args = event.data.args;
    window.frameElement.title = args.words;
    render();
  });

  send("streamlit:componentReady", { apiVersion: 1 });
  send("streamlit:setFrameHeight", { height: 0 });
})();
