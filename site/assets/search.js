// Korean in the search box: particles are cut off, a word is found inside longer ones, and a compound also by its parts.
// Material's worker splits a query at spaces and appends lunr's wildcard; here each word gets one in front as well.
(function () {
  const hangul = /^[\uac00-\ud7a3]+$/;
  const particle = /(?:에서는|으로는|이라는|에서|에게|으로|까지|부터|보다|처럼|이란|라는|은|는|이|가|을|를|의|에|로|와|과|도|만|란)$/;

  function forms(word) {
    if (!hangul.test(word)) return [word];
    const stem = word.replace(particle, "");
    const base = stem.length >= 2 ? stem : word;
    const found = [base];
    // 이동거리 is written 이동 거리 by others: both parts count less than the whole, and are found where it is not.
    for (let cut = 2; base.length >= 4 && cut <= base.length - 2; cut++) found.push(base.slice(0, cut), base.slice(cut));
    return found.map((form) => "*" + form);
  }

  const QUERY = 2;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message && message.type === QUERY && typeof message.data === "string") {
      const words = message.data.split(/\s+/).flatMap(forms);
      message = { ...message, data: words.join(" ") };
    }
    return post.call(this, message, ...rest);
  };
})();
