/* Keeps what is typed into a form in this tab of the browser, as it is typed: it outlives a
   lost connection, a restart of the server and a page that is loaded anew, and is gone with
   the tab. The server is told of it only where it does not know it any more. */
(function () {
  "use strict";

  var page = window.parent, box = page.sessionStorage, listening = new AbortController();
  var args = null, first = true, offered = null, newer = {};

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

  function current() {
    return Object.assign({}, args.values, newer);
  }

  /* What was typed is newer than what the server knows until it tells of something else. */
  function forget(before) {
    Object.keys(newer).forEach(function (name) {
      var told = args.values[name];
      if (told === newer[name] || told !== before.values[name]) delete newer[name];
    });
  }

  function render() {
    var before = kept();
    var reopened = first && before && JSON.stringify(before.values) !== JSON.stringify(current());
    first = false;
    if (before && before.submission === args.done) {
      box.removeItem(args.place);
      before = null;
      newer = {};
    }
    // a server that was restarted made a form of its own
    if (before && before.submission !== offered &&
        (reopened || before.submission !== args.submission)) {
      offered = before.submission;
      var value = Object.assign({ time: Date.now() }, before);
      send("streamlit:setComponentValue", { value: value, dataType: "json" });
      return;
    }
    if (!args.empty || Object.keys(newer).length) keep(current());
    else box.removeItem(args.place);
  }

  /* Whoever types at once is sooner than this frame. */
  function typedBefore() {
    Object.keys(args.fields).forEach(function (name) {
      var field = page.document.querySelector(args.fields[name]);
      if (field && field.value && field.value !== args.values[name]) newer[name] = field.value;
    });
  }

  page.document.addEventListener("input", function (event) {
    if (!args) return;
    Object.keys(args.fields).forEach(function (name) {
      if (!event.target.matches(args.fields[name])) return;
      newer[name] = event.target.value;
      keep(current());
    });
  }, { signal: listening.signal });

  window.addEventListener("pagehide", function () { listening.abort(); });
  window.addEventListener("message", function (event) {
    if (event.source !== page || event.data.type !== "streamlit:render") return;
    var before = args;
    args = event.data.args;
    if (before) forget(before);
    else typedBefore();
    window.frameElement.title = args.words;
    render();
  });

  send("streamlit:componentReady", { apiVersion: 1 });
  send("streamlit:setFrameHeight", { height: 0 });
})();
